import { describe, expect, test } from 'vitest';
import { filesBelow, textOf } from './sources.ts';

/** Everything that a clone holds, the tests apart, which may name a path to prove a point. */
const FILES = filesBelow('').filter((path) => !path.startsWith('test/'));

/** A path of somebody's machine, where a word begins with it. */
const MACHINE_PATH = /(?<![\w./~-])(\/(work|tmp|home|root|Users|mnt)\b(?!-)|[A-Z]:\\Users\b)/;

function linesWith(pattern: RegExp): readonly string[] {
  return FILES.flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}

test('no file names a path of a machine', () => {
  expect(linesWith(MACHINE_PATH)).toEqual([]);
});

test('package-lock.json holds no download address', () => {
  const lock = textOf('package-lock.json');
  const addresses = lock.match(/"resolved": *"[^"]*"|https?:[^"]*\.tgz/g) ?? [];
  expect(addresses).toEqual([]);
  expect(textOf('.npmrc')).toContain('omit-lockfile-registry-resolved=true');
});

test('no file holds a key or a token', () => {
  const secret = /-----BEGIN [A-Z ]*PRIVATE KEY-----|\beyJ[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/;
  expect(linesWith(secret)).toEqual([]);
});

describe('the check itself', () => {
  test('sees paths of machines, and lets other paths be', () => {
    for (const path of ['/home/me/x', 'in /tmp/x', '"/root"', '(/work/a)', 'C:\\Users\\me']) {
      expect([path, MACHINE_PATH.test(path)]).toEqual([path, true]);
    }
    for (const path of ['src/work/a', 'https://a.example/home/b', '/workers', './tmp/x']) {
      expect([path, MACHINE_PATH.test(path)]).toEqual([path, false]);
    }
  });
});
