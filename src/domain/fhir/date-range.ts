/** All the moments that a date can mean, in epoch milliseconds; both ends are inclusive. */
export interface DateRange {
  readonly start: number;
  readonly end: number;
}

const YEAR = '(?!0000)(\\d{4})';
const ZONE = '(Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00))?';
const TIME = `([01]\\d|2[0-3]):([0-5]\\d)(?::([0-5]\\d|60)(?:\\.(\\d+))?)?`;
const FHIR_DATE_TIME = new RegExp(
  `^${YEAR}(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\\d|3[01])(?:T${TIME}${ZONE})?)?)?$`,
);

const MINUTE = 60_000;
const SECOND = 1_000;

/**
 * The moments that a FHIR date, dateTime or instant can mean, by its precision
 * (http://hl7.org/fhir/R4/search.html#date): `2024` is the whole year. Null for what is none, and
 * for days that the calendar does not have, such as 30 February. Without a zone it is UTC. As
 * searches may, it may leave the seconds out; a time finer than milliseconds is cut off there.
 */
export function rangeOf(fhirDateTime: string): DateRange | null {
  const parts = FHIR_DATE_TIME.exec(fhirDateTime);
  if (parts === null) return null;
  const [, year = '', month, day, hour, minute, second, fraction, zone] = parts;
  if (month === undefined) return between(startOfDay(+year, 1, 1), startOfDay(+year + 1, 1, 1));
  if (day === undefined) {
    return between(startOfDay(+year, +month, 1), startOfDay(+year, +month + 1, 1));
  }
  const midnight = startOfDay(+year, +month, +day);
  // A day that the month does not have rolls over into the next one.
  if (new Date(midnight).getUTCDate() !== +day) return null;
  if (hour === undefined || minute === undefined) {
    return between(midnight, startOfDay(+year, +month, +day + 1));
  }
  const start = midnight + (+hour * 60 + +minute) * MINUTE - offsetOf(zone);
  if (second === undefined) return between(start, start + MINUTE);
  return withinSecond(start + +second * SECOND, fraction ?? '');
}

/** The stretch of a second that its decimals leave: `.5` is a tenth of a second long. */
function withinSecond(second: number, decimals: string): DateRange {
  const length = 10 ** (3 - Math.min(decimals.length, 3));
  const start = second + Number(decimals.slice(0, 3).padEnd(3, '0'));
  return between(start, start + length);
}

/** Midnight UTC in epoch milliseconds; `Date.UTC` would take the years 1 to 99 for 1901 to 1999. */
function startOfDay(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** How far a zone is ahead of UTC, in milliseconds. */
function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -minutes : minutes) * MINUTE;
}

function between(start: number, next: number): DateRange {
  return { start, end: next - 1 };
}
