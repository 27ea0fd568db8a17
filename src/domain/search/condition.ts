import { textAt } from '../fhir/elements.ts';
import type { Json, JsonObject } from '../fhir/json.ts';
import { isObject } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import type { Parameter } from './definition.ts';
import { elementsAt } from './elements-at.ts';
import { splitValue } from './escapes.ts';
import { type Asked, type ElementTest, modifierFault, valueFault } from './kind.ts';
import { parameterOf, searchableTargets } from './parameters.ts';
import { readTest } from './read-test.ts';
import { type Place, resolve, targetKey } from './references.ts';
import { rememberedBy } from './remembered-by.ts';
import { isSearchType, type SearchType } from './search-types.ts';
import { containedId, keyOf, type World } from './world.ts';

/** Whether a resource is what one parameter asks for, within what the caller may see. */
export type Condition = (resource: JsonObject, world: World) => boolean;

/** What reading a condition depends on beside its text. */
export interface Reading {
  readonly baseUrl: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** How many references one parameter may follow, chains and `_has` together. */
export const HOPS_MAX = 4;

/** One parameter on its way to a condition. */
interface Wanted extends Reading {
  readonly type: SearchType;
  /** The name without what was read of it so far. */
  readonly name: string;
  readonly value: string;
  /** What was read of the name so far, for messages: known names alone. */
  readonly shown: string;
  readonly hops: number;
}

/**
 * Understands one search parameter of a type: its name with modifier, chain or `_has`, and its
 * value. Null for a name that the type does not have; an Issue for all else that is wrong.
 */
export function readCondition(
  type: SearchType,
  name: string,
  value: string,
  reading: Reading,
): Condition | Issue | null {
  return read({ ...reading, type, name, value, shown: '', hops: 0 });
}

function read(wanted: Wanted): Condition | Issue | null {
  const { type, name, shown, hops } = wanted;
  if (hops > HOPS_MAX) return { code: 'too-costly', diagnostics: TOO_MANY_HOPS };
  if (name.startsWith('_has:')) return readHas(wanted);
  const [head = '', ...chain] = name.split('.');
  const [code = '', ...modifiers] = head.split(':');
  const parameter = parameterOf(type, code);
  if (parameter === null) return null;
  const asked: Asked = {
    name: `${shown}${code}`,
    parameter,
    modifier: modifiers.length === 0 ? null : modifiers.join(':'),
    baseUrl: wanted.baseUrl,
    now: wanted.now,
  };
  if (chain.length === 0) return readPlain(parameter, wanted.value, asked);
  return readChain(parameter, asked, { ...wanted, name: chain.join('.') });
}

const TOO_MANY_HOPS = `A parameter may follow ${HOPS_MAX} references at most.`;

function readPlain(parameter: Parameter, value: string, asked: Asked): Condition | Issue {
  if (value === '') return valueFault(asked, 'is empty');
  if (asked.modifier === 'missing') return readMissing(parameter, value, asked);
  const isToken = parameter.type === 'token';
  const isPlainNot = isToken && asked.modifier === 'not';
  const isNot = isPlainNot || (isToken && asked.modifier === 'not-in');
  const tests = readAlternatives(
    parameter,
    value,
    isPlainNot ? { ...asked, modifier: null } : asked,
  );
  if (!Array.isArray(tests)) return tests;
  const matches: Condition = (resource, world) =>
    anyElement(parameter, { resource, world }, (element, path, place) =>
      tests.some((test) => test(element, path, place)),
    );
  // The negation is of the whole: also what has no value at all is not the code.
  return isNot ? (resource, world) => !matches(resource, world) : matches;
}

function readAlternatives(
  parameter: Parameter,
  value: string,
  asked: Asked,
): ElementTest[] | Issue {
  const tests: ElementTest[] = [];
  for (const text of splitValue(value, ',')) {
    if (text === '') return valueFault(asked, 'lists an empty value');
    const test = readTest(text, parameter, asked);
    if (typeof test !== 'function') return test;
    tests.push(test);
  }
  return tests;
}

function readMissing(parameter: Parameter, value: string, asked: Asked): Condition | Issue {
  if (parameter.type === 'composite') return modifierFault(asked, 'is not for composites');
  if (value !== 'true' && value !== 'false') {
    return valueFault(asked, 'with :missing is neither true nor false');
  }
  const isWanted = value === 'false';
  return (resource, world) => anyElement(parameter, { resource, world }, () => true) === isWanted;
}

/** Whether some element that a parameter is about passes a test. */
export function anyElement(parameter: Parameter, place: Place, test: ElementTest): boolean {
  return parameter.paths.some((path) =>
    path.dataType === 'exists'
      ? test(isPresent(place.resource, path.steps[0]?.name ?? ''), path, place)
      : elementsAt(path, place.resource, place).some((element) => test(element, path, place)),
  );
}

/** `x.exists() and x != false`: true or false of every resource, so never missing. */
function isPresent(resource: JsonObject, names: string): boolean {
  return names.split('|').some((name) => resource[name] !== undefined && resource[name] !== false);
}

/** A chain (http://hl7.org/fhir/R4/search.html#chaining): what the reference leads to matches. */
function readChain(parameter: Parameter, asked: Asked, rest: Wanted): Condition | Issue {
  if (parameter.type !== 'reference') {
    return { code: 'not-supported', diagnostics: `${asked.name} is no reference to follow.` };
  }
  const targets = searchableTargets(parameter).filter(
    (type) => asked.modifier === null || type === asked.modifier,
  );
  if (targets.length === 0) return modifierFault(asked, 'names no type that it leads to here');
  const byType = new Map<string, Condition>();
  let issue: Issue | null = null;
  for (const type of targets) {
    const condition = read({ ...rest, type, shown: `${asked.name}.`, hops: rest.hops + 1 });
    if (typeof condition === 'function') byType.set(type, remembered(condition));
    else issue ??= condition;
  }
  // One of the types that it may lead to has to have the parameter; a wrong value is wrong for all.
  if (byType.size === 0) return issue ?? unknownIn(`the chain ${asked.name}`);
  return (resource, world) =>
    anyElement(parameter, { resource, world }, (element, _path, place) => {
      const target = isObject(element) ? resolve(element, place) : null;
      const condition = target === null ? undefined : byType.get(String(target.resourceType));
      return target !== null && condition?.(target, world) === true;
    });
}

function unknownIn(what: string): Issue {
  return { code: 'not-supported', diagnostics: `There is no such parameter in ${what}.` };
}

/** `_has:[type]:[reference]:[parameter]` (http://hl7.org/fhir/R4/search.html#has). */
function readHas(wanted: Wanted): Condition | Issue {
  const [, type = '', code = '', ...rest] = wanted.name.split(':');
  const parameter = isSearchType(type) ? parameterOf(type, code) : null;
  if (!isSearchType(type) || parameter?.type !== 'reference') return unknownIn('_has');
  if (!searchableTargets(parameter).includes(wanted.type)) return unknownIn('_has');
  const shown = `${wanted.shown}_has:${type}:${code}:`;
  const name = rest.join(':');
  const condition = read({ ...wanted, type, name, shown, hops: wanted.hops + 1 });
  if (condition === null) return unknownIn(shown.slice(0, -1));
  if (typeof condition !== 'function') return condition;
  const referred = rememberedBy((world: World) => referredTo(type, parameter, condition, world));
  return (resource, world) => referred(world).has(keyOf(resource));
}

/** `Type/id` of everything that matching resources refer to: worked out once for a whole search. */
function referredTo(
  type: SearchType,
  parameter: Parameter,
  condition: Condition,
  world: World,
): ReadonlySet<string> {
  const sources = world.all(type).filter((each) => condition(each, world));
  const keys = sources.flatMap((resource) => {
    const place = { resource, world };
    return [...keysAt(parameter, place), ...keysInside(parameter, place)];
  });
  return new Set(keys);
}

/** The keys of what a resource contains and refers to by a parameter. */
function keysInside(parameter: Parameter, place: Place): readonly string[] {
  const { resource } = place;
  if (resource.contained === undefined) return [];
  return parameter.paths
    .flatMap((path) => elementsAt(path, resource, place))
    .filter((element) => isObject(element) && textAt(element, 'reference')?.startsWith('#'))
    .map((element) => resolve(element as JsonObject, place))
    .filter((target) => target !== null)
    .map((target) => keyOf({ ...target, id: containedId(resource, String(target.id)) }));
}

/** `Type/id` of what a reference parameter leads to from one resource. */
export function keysAt(parameter: Parameter, place: Place): readonly string[] {
  return parameter.paths
    .flatMap((path) => elementsAt(path, place.resource, place))
    .map((element: Json) => (isObject(element) ? targetKey(element, place) : null))
    .filter((key) => key !== null);
}

/** So that a resource which many refer to is looked at once: a long chain stays linear. */
function remembered(condition: Condition): Condition {
  const known = rememberedBy((_world: World) => new WeakMap<JsonObject, boolean>());
  return (resource, world) => {
    const before = known(world).get(resource);
    if (before !== undefined) return before;
    const result = condition(resource, world);
    known(world).set(resource, result);
    return result;
  };
}
