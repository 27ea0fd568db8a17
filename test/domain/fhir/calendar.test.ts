import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMonths, dayOf, lastDayOf } from '../../../src/domain/fhir/calendar.ts';

describe('lastDayOf', () => {
  it.each([
    ['2024', '2024-12-31'],
    ['2024-02', '2024-02-29'],
    ['2023-02', '2023-02-28'],
    ['1900-02', '1900-02-28'],
    ['2000-02', '2000-02-29'],
    ['2024-04', '2024-04-30'],
    ['2024-12', '2024-12-31'],
    ['0050-02', '0050-02-28'],
    ['9999', '9999-12-31'],
    ['2024-02-29', '2024-02-29'],
    ['2024-02-29T23:59:59Z', '2024-02-29'],
    ['2024-02-29T23:30:00-05:00', '2024-02-29'],
    ['2024-02-29T10:00', '2024-02-29'],
  ])('takes %s for %s', (text, day) => {
    expect(lastDayOf(text)).toBe(day);
  });

  it.each([
    '',
    '24',
    'today',
    '2024-1',
    '2024-1-1',
    '2024-00',
    '2024-13',
    '2024-02-30',
    '2023-02-29',
    '2024-00-10',
    '2024-01-00',
    '2024-01-32',
    '2024T10:00',
    '2024-01T10:00',
    '2024-01-01 10:00',
    ' 2024-01-01',
    '20240101',
    '0000',
  ])('says that %j is no date', (text) => {
    expect(lastDayOf(text)).toBeNull();
  });
});

describe('dayOf', () => {
  it('is the day in UTC, from its first millisecond to its last', () => {
    expect(dayOf(Date.parse('2024-02-29T00:00:00.000Z'))).toBe('2024-02-29');
    expect(dayOf(Date.parse('2024-02-29T23:59:59.999Z'))).toBe('2024-02-29');
    expect(dayOf(Date.parse('2024-03-01T00:00:00.000Z'))).toBe('2024-03-01');
  });
});

describe('addMonths', () => {
  it.each([
    ['2024-01-15', 1, '2024-02-15'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2023-01-31', 1, '2023-02-28'],
    ['2024-03-31', -1, '2024-02-29'],
    ['2024-12-31', 2, '2025-02-28'],
    ['2024-02-29', -12, '2023-02-28'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2024-08-31', -6, '2024-02-29'],
    ['2024-01-01', -1, '2023-12-01'],
    ['2024-05-31', 0, '2024-05-31'],
  ])('%s and %i months is %s', (day, months, expected) => {
    expect(addMonths(day, months)).toBe(expected);
  });

  it('lands in the month that many months on, on that day or its last, and grows with the day', () => {
    const moment = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2100, 0, 1) });
    fc.assert(
      fc.property(moment, fc.integer({ min: -36, max: 36 }), (at, months) => {
        const day = dayOf(at);
        const landed = addMonths(day, months);
        expect(monthNumber(landed)).toBe(monthNumber(day) + months);
        expect(Number(landed.slice(8))).toBeLessThanOrEqual(Number(day.slice(8)));
        expect(addMonths(dayOf(at + 86_400_000), months) >= landed).toBe(true);
      }),
    );
  });
});

function monthNumber(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
}
