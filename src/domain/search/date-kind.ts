import { type DateRange, rangeOf } from '../fhir/date-range.ts';
import { objectAt, textAt } from '../fhir/elements.ts';
import { isObject, type Json, type JsonObject } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import type { Path } from './definition.ts';
import { type Asked, type ElementTest, type Kind, modifierFault, valueFault } from './kind.ts';
import { type Prefix, readPrefix } from './prefix.ts';

/**
 * Date parameters (http://hl7.org/fhir/R4/search.html#date): every date is a stretch of time, as
 * long as its precision, and the prefixes compare stretches. Without a zone it is UTC.
 */
export const DATE: Kind = {
  read: readDate,
  sortValues: (element, path, _place, isDescending) => {
    const range = stretchOf(element, path);
    if (range === null) return [];
    const near = isDescending ? range.end : range.start;
    return [Math.min(Math.max(near, -LAST_MOMENT), LAST_MOMENT)];
  },
};

/** The last moment that JavaScript’s dates reach: an open end, which JSON cannot write. */
const LAST_MOMENT = 8.64e15;

/** How much of the time from now to a date `ap` takes for about the same. */
const ABOUT = 0.1;

function readDate(text: string, asked: Asked): ElementTest | Issue {
  if (asked.modifier !== null) return modifierFault(asked);
  const read = readPrefix(text);
  if (read === null) return valueFault(asked, 'has a prefix that R4 does not define');
  // A plus sign that was not escaped in the URL arrives as a blank.
  const asWritten = read.rest.replace(LOST_PLUS, '+');
  const wanted = rangeOf(asWritten);
  if (wanted === null) return valueFault(asked, 'is no FHIR date, dateTime or instant');
  const compare = comparison(read.prefix, wanted, asked.now);
  return (element, path) => {
    const found = stretchOf(element, path);
    return found !== null && compare(found);
  };
}

const LOST_PLUS = / (?=\d\d:\d\d$)/;

function comparison(prefix: Prefix, wanted: DateRange, now: number): (found: DateRange) => boolean {
  const contains = (found: DateRange): boolean =>
    wanted.start <= found.start && found.end <= wanted.end;
  switch (prefix) {
    case 'eq':
      return contains;
    case 'ne':
      return (found) => !contains(found);
    case 'gt':
      return (found) => found.end > wanted.end;
    case 'lt':
      return (found) => found.start < wanted.start;
    case 'ge':
      return (found) => found.end > wanted.end || contains(found);
    case 'le':
      return (found) => found.start < wanted.start || contains(found);
    case 'sa':
      return (found) => found.start > wanted.end;
    case 'eb':
      return (found) => found.end < wanted.start;
    case 'ap': {
      const margin = ABOUT * Math.abs(now - wanted.start);
      return ({ start, end }) => end >= wanted.start - margin && start <= wanted.end + margin;
    }
  }
}

/** The time that an element takes up; null where it says none. */
function stretchOf(element: Json, { dataType }: Path): DateRange | null {
  if (typeof element === 'string') return rangeOf(element);
  if (!isObject(element)) return null;
  return dataType === 'Timing' ? outerLimits(element) : periodOf(element);
}

/** An end that is not given is open; a Period without either says nothing. */
function periodOf(period: JsonObject): DateRange | null {
  const [start, end] = [textAt(period, 'start'), textAt(period, 'end')];
  if (start === null && end === null) return null;
  const [from, to] = [start === null ? OPEN : rangeOf(start), end === null ? OPEN : rangeOf(end)];
  return from === null || to === null ? null : { start: from.start, end: to.end };
}

const OPEN: DateRange = { start: -Infinity, end: Infinity };

/** From the first to the last of a Timing’s events and bounds; what repeats does not matter. */
function outerLimits(timing: JsonObject): DateRange | null {
  const events = [timing.event].flat().filter((each) => typeof each === 'string');
  const bounds = objectAt(objectAt(timing, 'repeat') ?? {}, 'boundsPeriod');
  const ranges = [...events.map(rangeOf), bounds === null ? null : periodOf(bounds)].filter(
    (each) => each !== null,
  );
  if (ranges.length === 0) return null;
  return {
    start: Math.min(...ranges.map(({ start }) => start)),
    end: Math.max(...ranges.map(({ end }) => end)),
  };
}
