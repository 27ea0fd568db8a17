import { rangeOf } from '../fhir/date-range.ts';
import type { AuditQuery } from './entry.ts';

/** A stretch of time in epoch milliseconds: `from` inclusive, `before` exclusive. */
export interface Stretch {
  readonly from: number;
  readonly before: number;
}

export const ALWAYS: Stretch = { from: -Infinity, before: Infinity };

/** The last moment that an Instant can be written for, so that text order is time order. */
const LAST = 253_402_300_799_999;

/**
 * The stretch of time that one value of `date` asks for
 * (http://hl7.org/fhir/R4/search.html#prefix). A string says what is wrong with it.
 */
export function stretchOf(value: string): Stretch | string {
  const [, prefix = 'eq', date = ''] = /^([a-z]{2})?(.*)$/s.exec(value) ?? [];
  if (prefix === 'ne' || prefix === 'ap') return `the prefix ${prefix} is not supported`;
  // A plus sign that was not escaped in the URL arrives as a blank.
  const range = rangeOf(date.replace(/ (?=\d\d:\d\d$)/, '+'));
  if (range === null) return 'it is no FHIR date, dateTime or instant';
  switch (prefix) {
    case 'eq':
      return { from: range.start, before: range.end + 1 };
    case 'ge':
      return { from: range.start, before: Infinity };
    case 'gt':
    case 'sa':
      return { from: range.end + 1, before: Infinity };
    case 'le':
      return { from: -Infinity, before: range.end + 1 };
    case 'lt':
    case 'eb':
      return { from: -Infinity, before: range.start };
    default:
      return 'its prefix is none of eq, gt, ge, lt, le, sa and eb';
  }
}

/** What lies in both stretches. */
export function overlap(one: Stretch, other: Stretch): Stretch {
  return {
    from: Math.max(one.from, other.from),
    before: Math.min(one.before, other.before),
  };
}

/** The part of a query that says this stretch; open ends are left out. */
export function recordedIn(stretch: Stretch): Pick<AuditQuery, 'from' | 'before'> {
  const { from, before } = stretch;
  return {
    ...(from === -Infinity ? {} : { from: new Date(Math.min(from, LAST)).toISOString() }),
    ...(before > LAST ? {} : { before: new Date(before).toISOString() }),
  };
}
