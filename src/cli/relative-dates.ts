import { addMonths, type Day, dayOf } from '../domain/fhir/calendar.ts';

const PLACEHOLDER = /\{\{(.*?)\}\}/g;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Replaces every placeholder of the demonstration data, so that its dates stay as old as they were
 * meant to be. `{{today}}`, `{{today-30d}}`, `{{today-2w}}`, `{{today-7m}}` and `{{today-3y}}`
 * become a UTC day, `{{now}}` and `{{now-2h}}` an instant; both take h (now alone), d, w, m
 * (months) and y. Where a month is too short for the day, its last day is meant. `now` is epoch
 * milliseconds. Throws on a placeholder that is none of these: a mistyped one must not get into a
 * record.
 */
export function expandRelativeDates(text: string, now: number): string {
  return text.replace(PLACEHOLDER, (placeholder, inside: string) => {
    const value = expansionOf(inside, now);
    if (value === null) throw new Error(`${placeholder} is not a relative date`);
    return value;
  });
}

function expansionOf(inside: string, now: number): string | null {
  const [, base, count, unit] = /^(today|now)(?:-(\d{1,4})([hdwmy]))?$/.exec(inside) ?? [];
  if (base === undefined || (base === 'today' && unit === 'h')) return null;
  const moment = earlier(now, Number(count ?? 0), unit ?? 'd');
  return base === 'today' ? dayOf(moment) : instantOf(moment);
}

function earlier(now: number, count: number, unit: string): number {
  switch (unit) {
    case 'h':
      return now - count * HOUR_MS;
    case 'w':
      return now - count * 7 * DAY_MS;
    case 'm':
      return onDay(addMonths(dayOf(now), -count), now);
    case 'y':
      return onDay(addMonths(dayOf(now), -12 * count), now);
    default:
      return now - count * DAY_MS;
  }
}

/** The same time of day on another day. */
function onDay(day: Day, now: number): number {
  return Date.parse(`${day}T00:00:00Z`) + (now % DAY_MS);
}

/** To the second, as GP systems write it. */
function instantOf(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}
