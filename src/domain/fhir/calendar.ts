import { rangeOf } from './date-range.ts';

/** A calendar day as FHIR writes it, `YYYY-MM-DD`; text order is time order. */
export type Day = string;

/**
 * The last calendar day that a FHIR date or dateTime can mean, in its own time zone: `2024-02` is
 * `2024-02-29`. Null when the text is no date, or names a day that the calendar does not have. Used
 * where a doubt must be settled for the later day; what follows the day is not looked at.
 */
export function lastDayOf(text: string): Day | null {
  if (PLAIN_DAY.test(text)) return text;
  const [, date = text] = /^(\d{4}-\d\d-\d\d)T/.exec(text) ?? [];
  const range = rangeOf(date);
  // A whole date that the calendar has is its own last day.
  return range && (date.length === WHOLE_DATE_LENGTH ? date : dayOf(range.end));
}

/** Days that every month of every year has: most are, and nothing has to be worked out. */
const PLAIN_DAY = /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/;
const WHOLE_DATE_LENGTH = 'YYYY-MM-DD'.length;

/** The UTC calendar day of a moment in epoch milliseconds. */
export function dayOf(moment: number): Day {
  return new Date(moment).toISOString().slice(0, 10);
}

/** A day some months later (negative: earlier); where that month is too short, its last day. */
export function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const lastDate = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return dayOf(Date.UTC(year, month - 1 + months, Math.min(date, lastDate)));
}
