import { rangeOf } from '../fhir/date-range.ts';
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

const DATE = /^\d{4}(?:-\d\d(?:-\d\d)?)?$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?$/;

/** A FHIR date that the calendar has (http://hl7.org/fhir/R4/datatypes.html#date). */
export function checkDate(value: unknown): Fault | null {
  if (typeof value !== 'string') return NOT_TEXT;
  return DATE.test(value) && rangeOf(value) !== null ? null : NO_DATE;
}

/** A FHIR dateTime (http://hl7.org/fhir/R4/datatypes.html#dateTime). */
export function checkDateTime(value: unknown): Fault | null {
  if (typeof value !== 'string') return NOT_TEXT;
  const formed = DATE.test(value) || INSTANT.test(value);
  return formed && rangeOf(value) !== null ? null : NO_DATE_TIME;
}

/** A FHIR instant (http://hl7.org/fhir/R4/datatypes.html#instant). */
export function checkInstant(value: unknown): Fault | null {
  if (typeof value !== 'string') return NOT_TEXT;
  return INSTANT.test(value) && rangeOf(value) !== null ? null : NO_INSTANT;
}

/** A FHIR time of day (http://hl7.org/fhir/R4/datatypes.html#time). */
export function checkTime(value: unknown): Fault | null {
  if (typeof value !== 'string') return NOT_TEXT;
  return TIME.test(value) ? null : NO_TIME;
}
