import type { JsonObject } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import { anyElement } from './condition.ts';
import type { Parameter } from './definition.ts';
import { type SortValue, valueFault } from './kind.ts';
import { parameterOf } from './parameters.ts';
import { kindOf } from './read-test.ts';
import type { SearchType } from './search-types.ts';
import type { World } from './world.ts';

/** One rule of `_sort`. */
export interface SortRule {
  readonly parameter: Parameter;
  readonly isDescending: boolean;
}

/**
 * Where a resource stands in an order: a value for each rule, null where it has none, then its id.
 * It can be written as JSON.
 */
export interface Position {
  readonly keys: readonly (SortValue | null)[];
  readonly id: string;
}

/** Texts are ordered by their beginnings: a cursor that carries one stays short. */
const SORT_TEXT_CHARACTERS_MAX = 64;

const ASKED = { name: '_sort' };

/**
 * Understands `_sort` (http://hl7.org/fhir/R4/search.html#sort): search parameters of the type, `-`
 * before those that descend.
 */
export function readSort(type: SearchType, value: string): readonly SortRule[] | Issue {
  const rules: SortRule[] = [];
  for (const text of value.split(',')) {
    const isDescending = text.startsWith('-');
    const parameter = parameterOf(type, isDescending ? text.slice(1) : text);
    if (parameter === null) return valueFault(ASKED, 'names no search parameter of this type');
    if (parameter.type === 'composite') return valueFault(ASKED, 'names a composite parameter');
    rules.push({ parameter, isDescending });
  }
  return rules;
}

/** Where a resource stands: of several values of one rule, that which comes first in its order. */
export function positionOf(
  resource: JsonObject,
  rules: readonly SortRule[],
  world: World,
): Position {
  const keys = rules.map((rule) => keyOfRule(resource, rule, world));
  return { keys, id: String(resource.id) };
}

function keyOfRule(
  resource: JsonObject,
  { parameter, isDescending }: SortRule,
  world: World,
): SortValue | null {
  const kind = kindOf(parameter.type);
  let first: SortValue | null = null;
  anyElement(parameter, { resource, world }, (element, path, place) => {
    for (const each of kind?.sortValues(element, path, place, isDescending) ?? []) {
      const value = typeof each === 'string' ? each.slice(0, SORT_TEXT_CHARACTERS_MAX) : each;
      if (first === null || (isDescending ? value > first : value < first)) first = value;
    }
    return false;
  });
  return first;
}

/**
 * Compares two positions of one order: negative when the first comes first. What has no value comes
 * last, whichever way a rule goes; ids settle what the rules leave equal.
 */
export function comparePositions(
  one: Position,
  other: Position,
  rules: readonly SortRule[],
): number {
  for (const [index, { isDescending }] of rules.entries()) {
    const [a = null, b = null] = [one.keys[index], other.keys[index]];
    if (a === b) continue;
    if (a === null) return 1;
    if (b === null) return -1;
    return a < b === isDescending ? 1 : -1;
  }
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}
