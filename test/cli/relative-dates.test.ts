import { describe, expect, test } from 'vitest';
import { expandRelativeDates } from '../../src/cli/relative-dates.ts';

const NOON = Date.parse('2026-03-31T12:34:56.789Z');

describe('relative dates', () => {
  test.each([
    ['{{today}}', '2026-03-31'],
    ['{{today-1d}}', '2026-03-30'],
    ['{{today-2w}}', '2026-03-17'],
    ['{{today-3y}}', '2023-03-31'],
    ['{{now}}', '2026-03-31T12:34:56Z'],
    ['{{now-2h}}', '2026-03-31T10:34:56Z'],
    ['{{now-13h}}', '2026-03-30T23:34:56Z'],
    ['{{now-30d}}', '2026-03-01T12:34:56Z'],
    ['{{now-1m}}', '2026-02-28T12:34:56Z'],
  ])('%s is %s', (written, expected) => {
    expect(expandRelativeDates(written, NOON)).toBe(expected);
  });

  test.each([
    ['2026-03-31', '{{today-1m}}', '2026-02-28'],
    ['2024-03-31', '{{today-1m}}', '2024-02-29'],
    ['2024-02-29', '{{today-1y}}', '2023-02-28'],
    ['2024-02-29', '{{today-4y}}', '2020-02-29'],
    ['2026-09-30', '{{today-7m}}', '2026-02-28'],
    ['2026-01-31', '{{today-2m}}', '2025-11-30'],
    ['2026-01-15', '{{today-13m}}', '2024-12-15'],
    ['2026-12-31', '{{today-6m}}', '2026-06-30'],
  ])('on %s, %s is %s: the last day where the month is too short', (day, written, expected) => {
    expect(expandRelativeDates(written, Date.parse(`${day}T23:59:59Z`))).toBe(expected);
  });

  test('replaces every placeholder and leaves all other text as it is', () => {
    const text = '{"a":"{{today-1d}}","b":1.50,"c":"{{now}}","d":"{}"}';
    expect(expandRelativeDates(text, NOON)).toBe(
      '{"a":"2026-03-30","b":1.50,"c":"2026-03-31T12:34:56Z","d":"{}"}',
    );
  });

  test.each(['{{}}', '{{tomorrow}}', '{{today-5x}}', '{{today-2h}}', '{{today+1d}}', '{{ now }}'])(
    'does not let the mistyped %s into a record',
    (written) => {
      expect(() => expandRelativeDates(written, NOON)).toThrow('is not a relative date');
    },
  );
});
