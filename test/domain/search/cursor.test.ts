import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { type Continuation, cursorOf, readCursor } from '../../../src/domain/search/cursor.ts';
import { runSearch } from '../../../src/domain/search/run-search.ts';
import { worldOf } from '../../../src/domain/search/world.ts';
import { BASE, condition, idsFound, understood } from './searching.ts';

describe('pages', () => {
  const all = Array.from({ length: 9 }, (_, n) =>
    condition(`c${n}`, n % 3 === 0 ? {} : { recordedDate: `202${n % 4}` }),
  );
  const sign = (text: string): string =>
    `${text.length}x${[...text].reduce((a, c) => (a * 31 + c.charCodeAt(0)) % 65_521, 7)}`;

  /** Walks all pages, through cursors; between pages the record may change. */
  function walk(
    query: string,
    change: (all: readonly JsonObject[]) => readonly JsonObject[],
  ): string[] {
    const ids: string[] = [];
    let record: readonly JsonObject[] = all;
    let cursor: string | null = null;
    do {
      const from: Continuation | null = cursor === null ? null : opened(cursor);
      const search = understood(
        from === null
          ? `Condition?${query}`
          : `Condition?${new URLSearchParams(from.parameters.map(([n, v]) => [n, v]))}`,
      );
      const page = runSearch(search, record, worldOf(record, BASE), from?.after ?? null);
      ids.push(...page.matches.map(({ resource }) => String(resource.id)));
      const after = page.next;
      cursor =
        after === null ? null : cursorOf('Condition', { parameters: search.used, after }, sign);
      record = change(record);
    } while (cursor !== null);
    return ids;
  }

  function opened(cursor: string): Continuation {
    const read = readCursor(cursor, 'Condition', sign);
    if (!read.ok) throw new Error('a cursor of ours');
    return read.value;
  }

  test('hold every match once, in the order of the whole', () => {
    for (const sort of ['', '&_sort=recorded-date', '&_sort=-recorded-date,_id', '&_sort=-_id']) {
      const whole = idsFound(`Condition?_count=100${sort}`, all);
      for (const count of [1, 2, 3, 4, 9]) {
        expect(walk(`_count=${count}${sort}`, (record) => record)).toEqual(whole);
      }
    }
  });

  test('go on from where they were when what they ended with is no longer to be seen', () => {
    const whole = idsFound('Condition?_count=100&_sort=-recorded-date', all);
    const seen = new Set<string>();
    const walked = walk('_count=2&_sort=-recorded-date', (record) => {
      const last = whole.filter((id) => !seen.has(id)).slice(0, 2);
      for (const id of last) seen.add(id);
      return record.filter(({ id }) => id !== last.at(-1));
    });
    expect(walked).toEqual(whole);
  });

  test('are refused with one text for every cursor that is not ours', () => {
    const after = { keys: [1_577_836_800_000, 'x', null], id: 'c1' };
    const cursor = cursorOf('Condition', { parameters: [['code', 'ü']], after }, sign);
    expect(opened(cursor)).toEqual({ parameters: [['code', 'ü']], after });
    expect(cursor).toMatch(/^[\w-]+$/);
    const fault = readCursor('', 'Condition', sign);
    expect(fault.ok).toBe(false);
    const flipped = `${cursor.slice(0, 30)}${cursor[30] === 'A' ? 'B' : 'A'}${cursor.slice(31)}`;
    for (const wrong of ['A', 'AA', '%', 'not a cursor', '____', flipped, cursor.slice(0, -4)]) {
      expect(readCursor(wrong, 'Condition', sign)).toEqual(fault);
    }
    expect(readCursor(cursor, 'Patient', sign)).toEqual(fault);
    expect(readCursor(cursor, 'Condition', (text) => `${sign(text)}y`)).toEqual(fault);
  });
});
