import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rangeOf } from '../../../src/domain/fhir/date-range.ts';
import { checkDate, checkDateTime, checkInstant } from '../../../src/domain/validation/dates.ts';
import { PRIMITIVES } from '../../../src/domain/validation/primitives.ts';

/** Values that each primitive type takes, and values that it does not (R4, datatypes.html). */
const CASES: Readonly<
  Record<string, readonly [good: readonly unknown[], bad: readonly unknown[]]>
> = {
  base64Binary: [
    ['eA==', 'eHh4', 'e A = =', 'eHh4\neHh4'],
    ['', 'e', 'eA=', 'eA==eA==', 'e-==', 'e'.repeat(133), 4],
  ],
  boolean: [
    [true, false],
    ['true', 1, null],
  ],
  canonical: [
    ['https://example.org/x|1.0', 'urn:oid:1.2'],
    ['a b', '', 'a\u0000', 'vbscript:x'],
  ],
  code: [
    ['a', 'a b', '<='],
    ['', ' a', 'a ', 'a  b', 'a\u0001b', 7],
  ],
  date: [
    ['2026', '2026-02', '2024-02-29'],
    ['26', '2023-02-29', '2026-2-1', '0000', '2026-00'],
  ],
  dateTime: [
    ['2026', '2026-11-22T08:00:00Z', '2026-11-22T08:00:60.123456+14:00'],
    ['2026-11-22T08:00Z', '2026-11-31', '2026-11-22T08:00:00', '2026-11-22 08:00:00Z', 2026],
  ],
  decimal: [
    [0, -1.5, 1e21],
    ['1', null, true],
  ],
  id: [
    ['a', 'A-1.b', 'x'.repeat(64)],
    ['', 'x'.repeat(65), 'a_b', 'a/b', 7],
  ],
  instant: [['2026-11-22T08:00:00.1Z'], ['2026-11-22', '2026-02-29T08:00:00Z', '2026']],
  integer: [
    [0, -2_147_483_648, 2_147_483_647],
    [2_147_483_648, 1.5, '1', null],
  ],
  markdown: [
    ['a\n\n* b\t', '<b>'],
    ['', '\n ', 'a\u0007'],
  ],
  oid: [['urn:oid:1.2.840'], ['1.2.840', 'urn:oid:3.1', 'urn:oid:1.02']],
  positiveInt: [
    [1, 2_147_483_647],
    [0, -1, 1.5, 2_147_483_648],
  ],
  string: [
    ['a', ' a ', 'ä', '😀', 'a\r\nb'],
    ['', '  ', 'a\u0000', 'a\u001f', '\ud83d', 7],
  ],
  time: [
    ['08:00:00', '23:59:60.5'],
    ['8:00:00', '24:00:00', '08:00', '08:00:00Z'],
  ],
  unsignedInt: [
    [0, 7],
    [-1, 0.5, '0'],
  ],
  uri: [
    ['a', 'https://example.org', 'urn:x:y'],
    ['', 'a b', 'JavaScript:alert(1)', '\ud800'],
  ],
  url: [['https://example.org'], ['', 'a b']],
  uuid: [
    ['urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0'],
    ['0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0', 'urn:uuid:0C3151BD-1CBF-4D64-B04D-CD9187A4C6E0'],
  ],
};

describe.each(Object.entries(CASES))('%s', (type, [good, bad]) => {
  const check = PRIMITIVES[type] ?? (() => null);

  test('takes what R4 allows', () => {
    expect(good.filter((value) => check(value) !== null)).toEqual([]);
  });

  test('refuses what it does not', () => {
    expect(bad.filter((value) => check(value) === null)).toEqual([]);
  });
});

test('every primitive type has cases, xhtml apart', () => {
  expect(Object.keys(CASES).sort()).toEqual(
    Object.keys(PRIMITIVES)
      .filter((type) => type !== 'xhtml')
      .sort(),
  );
});

describe('a date', () => {
  const two = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0'));
  const year = fc.integer({ min: 0, max: 2500 }).map((n) => String(n).padStart(4, '0'));
  const day = fc.tuple(year, two, two).map((parts) => parts.join('-'));
  const time = fc.tuple(two, two, two).map((parts) => `${parts.join(':')}Z`);

  test('is one exactly where it is a range of time', () => {
    fc.assert(
      fc.property(fc.oneof(year, day), (text) => {
        expect(checkDate(text) === null).toBe(rangeOf(text) !== null);
        expect(checkDateTime(text) === null).toBe(rangeOf(text) !== null);
      }),
      { numRuns: 2_000 },
    );
  });

  test('with a time is one exactly where it is a range of time', () => {
    fc.assert(
      fc.property(day, time, (date, clock) => {
        const text = `${date}T${clock}`;
        expect(checkInstant(text) === null).toBe(rangeOf(text) !== null);
        expect(checkDateTime(text) === null).toBe(rangeOf(text) !== null);
      }),
      { numRuns: 2_000 },
    );
  });
});
