import { type Fault, wrongShape, wrongValue } from './fault.ts';

const NOT_TEXT = wrongShape('A text is expected here.');
const NO_DATE = wrongValue('date', 'A date is expected: YYYY, YYYY-MM or YYYY-MM-DD.');
const NO_DATE_TIME = wrongValue(
  'dateTime',
  'A date is expected, or a date and time with seconds and a time zone.',
);
const NO_INSTANT = wrongValue(
  'instant',
  'A date and time with seconds and a time zone is expected.',
);
const NO_TIME = wrongValue('time', 'A time of day is expected: hh:mm:ss.');

const DATE = /^(?!0000)\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/;
const INSTANT =
  /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?$/;

/** A FHIR date that the calendar has (http://hl7.org/fhir/R4/datatypes.html#date). */
export function checkDate(value: unknown): Fault | null {
  if (typeof value !== 'string') return NOT_TEXT;
  return DATE.test(value) && isDay(value) ? null : NO_DATE;
}

/** A FHIR dateTime (http://hl7.org/fhir/R4/datatypes.html#dateTime). */
export function checkDateTime(value: unknown): Fault | null {
  if (typeof value !== 'string') return NOT_TEXT;
  const formed = DATE.test(value) || INSTANT.test(value);
  return formed && isDay(value) ? null : NO_DATE_TIME;
}

/** A FHIR instant (http://hl7.org/fhir/R4/datatypes.html#instant). */
export function checkInstant(value: unknown): Fault | null {
  if (typeof value !== 'string') return NOT_TEXT;
  return INSTANT.test(value) && isDay(value) ? null : NO_INSTANT;
}

/** A FHIR time of day (http://hl7.org/fhir/R4/datatypes.html#time). */
export function checkTime(value: unknown): Fault | null {
  if (typeof value !== 'string') return NOT_TEXT;
  return TIME.test(value) ? null : NO_TIME;
}

/**
 * Whether the calendar has the day that a well-formed text begins with. `rangeOf` says so too, at
 * five times the price, since it works out the moments; a test holds the two together.
 */
function isDay(text: string): boolean {
  const day = text.length < 10 ? 1 : Number(text.slice(8, 10));
  if (day <= 28) return true;
  const month = Number(text.slice(5, 7));
  if (month === 2) return day === 29 && isLeap(Number(text.slice(0, 4)));
  return day <= 30 || (month !== 4 && month !== 6 && month !== 9 && month !== 11);
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
