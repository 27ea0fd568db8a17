import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

describe('docs/pitfalls.md', () => {
  const lines = readFileSync(join(ROOT, 'docs/pitfalls.md'), 'utf8').split('\n');
  const rows = lines.filter((line) => /^\| \d+ \|/.test(line));

  it('says of each of the 43 pitfalls what holds it off', () => {
    const numbers = rows.map((row) => Number(row.split('|')[1]));
    expect(numbers).toEqual(Array.from({ length: 43 }, (_, index) => index + 1));
    expect(rows.filter((row) => (row.split('|')[3] ?? '').trim().length < 20)).toEqual([]);
  });

  it('names tests that are there', () => {
    const named = rows.flatMap((row) => [...row.matchAll(/`(test\/[^`]+)` “([^”]+)”/g)]);
    const missing = named.filter(([, path = '', title = '']) => {
      if (!existsSync(join(ROOT, path))) return true;
      const text = readFileSync(join(ROOT, path), 'utf8').replaceAll("\\'", "'");
      return !titlesIn(text).some((each) => each.includes(title));
    });
    expect(missing.map(([whole]) => whole)).toEqual([]);
    expect(named.length).toBeGreaterThan(43);
  });
});

/** What stands where the title of a test does: a comment, or a chapter, is no test. */
function titlesIn(text: string): readonly string[] {
  const titles = text.matchAll(/(?:\b(?:it|test)(?:\.\w+)*\(|\)\()\s*(['"`].*)/g);
  return [...titles].map(([, title = '']) => title);
}
