import { rangeOf } from '../fhir/date-range.ts';
import type { Json } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import { numberOf, type Span } from './decimal.ts';
import type { Path } from './definition.ts';
import { type Asked, type ElementTest, type Kind, modifierFault } from './kind.ts';
import { readComparison } from './quantity-kind.ts';
import type { Place } from './references.ts';

/** Number parameters (http://hl7.org/fhir/R4/search.html#number), and `age`, which is one. */
export const NUMBER: Kind = {
  read: readNumberTest,
  sortValues: (element, { dataType }) => {
    const number = dataType === 'age' ? orderOfAge(element) : numberOf(element);
    return number === null ? [] : [number];
  },
};

function readNumberTest(text: string, asked: Asked): ElementTest | Issue {
  if (asked.modifier !== null) return modifierFault(asked);
  const compare = readComparison(text, asked);
  if (typeof compare !== 'function') return compare;
  return (element, path, place) => {
    const span = spanOf(element, path, place, asked.now);
    return span !== null && compare(span);
  };
}

/** Who was born first is oldest: the order by age does not depend on what day it is. */
function orderOfAge(birthDate: Json): number | null {
  const born = typeof birthDate === 'string' ? rangeOf(birthDate) : null;
  return born === null ? null : -born.start;
}

function spanOf(element: Json, { dataType }: Path, place: Place, now: number): Span | null {
  if (dataType === 'age') return ageOf(element, place, now);
  const number = numberOf(element);
  return number === null ? null : { low: number, high: number };
}

/** Age in whole years; a birth date without a day leaves a span. The dead have none. */
function ageOf(birthDate: Json, { resource }: Place, now: number): Span | null {
  const { deceasedBoolean = false, deceasedDateTime } = resource;
  const born = typeof birthDate === 'string' ? rangeOf(birthDate) : null;
  if (born === null || deceasedBoolean !== false || deceasedDateTime !== undefined) return null;
  return { low: yearsBetween(born.end, now), high: yearsBetween(born.start, now) };
}

function yearsBetween(from: number, to: number): number {
  const [birth, today] = [new Date(from), new Date(to)];
  const years = today.getUTCFullYear() - birth.getUTCFullYear();
  const months = today.getUTCMonth() - birth.getUTCMonth();
  const isBefore = months < 0 || (months === 0 && today.getUTCDate() < birth.getUTCDate());
  return isBefore ? years - 1 : years;
}
