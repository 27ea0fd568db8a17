import { objectAt, textAt } from '../fhir/elements.ts';
import { isObject, type Json, type JsonObject } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import { numberOf, readNumber, type SearchNumber, type Span } from './decimal.ts';
import type { Path } from './definition.ts';
import { isEscapedWell, splitValue, unescaped } from './escapes.ts';
import { type Asked, type ElementTest, type Kind, modifierFault, valueFault } from './kind.ts';
import { type Prefix, readPrefix } from './prefix.ts';

/**
 * Quantity parameters (http://hl7.org/fhir/R4/search.html#quantity): `[prefix][number]`, with
 * `|[system]|[code]` or `||[code or unit]`. Units are compared as written, never converted.
 */
export const QUANTITY: Kind = {
  read: readQuantity,
  sortValues: (element, path, _place, isDescending) => {
    const span = spanOf(element, path);
    if (span === null) return [];
    const near = isDescending ? span.high : span.low;
    return [Math.min(Math.max(near, -Number.MAX_VALUE), Number.MAX_VALUE)];
  },
};

function readQuantity(text: string, asked: Asked): ElementTest | Issue {
  if (asked.modifier !== null) return modifierFault(asked);
  if (!isEscapedWell(text)) return valueFault(asked, 'has a backslash that escapes nothing');
  const parts = splitValue(text, '|').map(unescaped);
  const [number = '', system = '', code = ''] = parts;
  if (parts.length === 2 || parts.length > 3) {
    return valueFault(asked, 'is not [number] or [number]|[system]|[code]');
  }
  const compare = readComparison(number, asked);
  if (typeof compare !== 'function') return compare;
  const isUnit = unitTest(system, code);
  return (element, path) => {
    const span = spanOf(element, path);
    return span !== null && compare(span) && unitsOf(element, path).every(isUnit);
  };
}

/** Understands a number with its prefix; an Issue says why it cannot. */
export function readComparison(text: string, asked: Asked): ((found: Span) => boolean) | Issue {
  const read = readPrefix(text);
  if (read === null) return valueFault(asked, 'has a prefix that R4 does not define');
  const number = readNumber(read.rest);
  if (number === null) return valueFault(asked, 'is no number');
  return comparison(read.prefix, number);
}

/** The precision of a number counts for equality alone: the other prefixes take it as exact. */
function comparison(prefix: Prefix, wanted: SearchNumber): (found: Span) => boolean {
  const { value, from, before, about } = wanted;
  const contains = ({ low, high }: Span): boolean => from <= low && high < before;
  switch (prefix) {
    case 'eq':
      return contains;
    case 'ne':
      return (found) => !contains(found);
    case 'gt':
      return ({ high }) => high > value;
    case 'lt':
      return ({ low }) => low < value;
    case 'ge':
      return ({ high }) => high >= value;
    case 'le':
      return ({ low }) => low <= value;
    case 'sa':
      return ({ low }) => low > value;
    case 'eb':
      return ({ high }) => high < value;
    case 'ap':
      return ({ low, high }) => high >= about.low && low <= about.high;
  }
}

/** With a system the unit is its code; without one, the code or the unit that people read. */
function unitTest(system: string, code: string): (quantity: JsonObject) => boolean {
  return (quantity) => {
    if (system !== '' && textAt(quantity, 'system') !== system) return false;
    if (code === '' || textAt(quantity, 'code') === code) return true;
    return system === '' && textAt(quantity, 'unit') === code;
  };
}

/** The numbers that an element stands for; null where it has none. */
function spanOf(element: Json, { dataType }: Path): Span | null {
  if (!isObject(element)) return null;
  if (dataType === 'Range') return rangeSpan(element);
  return dataType === 'SampledData' ? sampledSpan(element) : quantitySpan(element);
}

function quantitySpan(quantity: JsonObject): Span | null {
  const value = numberOf(quantity.value);
  if (value === null) return null;
  const comparator = textAt(quantity, 'comparator') ?? '';
  return {
    low: comparator.startsWith('<') ? -Infinity : value,
    high: comparator.startsWith('>') ? Infinity : value,
  };
}

function rangeSpan(range: JsonObject): Span | null {
  const low = numberOf(objectAt(range, 'low')?.value);
  const high = numberOf(objectAt(range, 'high')?.value);
  return low === null && high === null ? null : { low: low ?? -Infinity, high: high ?? Infinity };
}

/** From the least to the greatest of the samples, as measured: factor times datum plus origin. */
function sampledSpan(sampled: JsonObject): Span | null {
  const origin = numberOf(objectAt(sampled, 'origin')?.value);
  const factor = numberOf(sampled.factor) ?? 1;
  const data = (textAt(sampled, 'data') ?? '').split(' ').map(Number).filter(Number.isFinite);
  if (origin === null || data.length === 0) return null;
  const ends = [data.reduce((a, b) => Math.min(a, b)), data.reduce((a, b) => Math.max(a, b))];
  const [one = 0, other = 0] = ends.map((end) => end * factor + origin);
  return { low: Math.min(one, other), high: Math.max(one, other) };
}

/** The quantities whose unit an element has: both ends of a Range, the origin of samples. */
function unitsOf(element: Json, { dataType }: Path): readonly JsonObject[] {
  if (!isObject(element)) return [];
  const names = { Range: ['low', 'high'], SampledData: ['origin'] }[dataType];
  if (names === undefined) return [element];
  return names.map((name) => objectAt(element, name)).filter((each) => each !== null);
}
