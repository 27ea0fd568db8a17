import { isObject, type Json, type JsonObject } from '../json.ts';
import { choicesOf } from './element-shapes.ts';
import { elementOf, isList, type Place, valueAt } from './place.ts';

/**
 * One step of a simple FHIRPath: an element, an item of a list, or the items of which one element
 * has one value.
 */
export type Step =
  | { readonly kind: 'element'; readonly name: string }
  | { readonly kind: 'item'; readonly index: number }
  | { readonly kind: 'where'; readonly names: readonly string[]; readonly equals: Json };

/** The part of FHIRPath that a patch may use, as it is said in refusals. */
export const SIMPLE_PATHS =
  "Paths may have element names, indexes such as [0], and where(name = 'value'); nothing else.";

const NAME = /^[A-Za-z][A-Za-z0-9]*/;
const INDEX = /^\[(\d{1,6})\]/;
const WHERE =
  /^where\(\s*([A-Za-z][A-Za-z0-9.]*)\s*=\s*(?:'((?:[^'\\]|\\['"\\/`])*)'|(true|false)|(-?\d+(?:\.\d+)?))\s*\)/;

/**
 * Reads a simple path, which begins with the resource's type or with an element of it. Null for
 * everything else in FHIRPath: it is refused, not guessed at.
 */
export function readPath(text: string, resourceType: string): readonly Step[] | null {
  const steps: Step[] = [];
  let rest = text.trim();
  for (let first = true; rest !== ''; first = false) {
    const read = readStep(rest, first);
    if (read === null) return null;
    if (!(first && isRoot(read.step, resourceType))) steps.push(read.step);
    rest = read.rest;
  }
  return text.trim() === '' ? null : steps;
}

function isRoot(step: Step, resourceType: string): boolean {
  return step.kind === 'element' && step.name === resourceType;
}

function readStep(text: string, first: boolean): { step: Step; rest: string } | null {
  const index = INDEX.exec(text);
  if (index !== null && !first) {
    const step = { kind: 'item', index: Number(index[1]) } as const;
    return { step, rest: text.slice(index[0].length) };
  }
  if (!first && !text.startsWith('.')) return null;
  const behindDot = first ? text : text.slice(1);
  const where = WHERE.exec(behindDot);
  if (where !== null && !first) {
    return { step: whereStep(where), rest: behindDot.slice(where[0].length) };
  }
  const name = NAME.exec(behindDot)?.[0];
  if (name === undefined) return null;
  return { step: { kind: 'element', name }, rest: behindDot.slice(name.length) };
}

function whereStep([, names = '', text, truth, number]: RegExpExecArray): Step {
  const equals =
    text !== undefined
      ? text.replace(/\\(.)/g, '$1')
      : truth !== undefined
        ? truth === 'true'
        : Number(number);
  return { kind: 'where', names: names.split('.'), equals };
}

/**
 * The places that a path leads to. A list stands for its items, as FHIRPath has it; an element that
 * is a choice (`medication`) is found under the name it was written with.
 */
export function placesOf(resource: JsonObject, steps: readonly Step[]): readonly Place[] {
  return steps.reduce<readonly Place[]>((places, step) => take(resource, places, step), [[]]);
}

function take(resource: JsonObject, places: readonly Place[], step: Step): readonly Place[] {
  switch (step.kind) {
    case 'element':
      return places.flatMap((place) => elementPlaces(resource, place, step.name));
    case 'item':
      return places.slice(step.index, step.index + 1);
    case 'where':
      return places.filter((place) => matches(valueAt(resource, place), step.names, step.equals));
  }
}

function elementPlaces(resource: JsonObject, place: Place, name: string): readonly Place[] {
  const object = valueAt(resource, place);
  if (!isObject(object)) return [];
  const written = writtenName(object, name);
  if (written === null) return [];
  const value = elementOf(object, written);
  const at = [...place, written];
  return isList(value) ? value.map((_, index) => [...at, index]) : [at];
}

/** The name that an element has in JSON: its own, or that of the choice that was made. */
export function writtenName(object: JsonObject, name: string): string | null {
  if (elementOf(object, name) !== undefined) return name;
  return choicesOf(name, Object.keys(object))[0] ?? null;
}

function matches(value: Json | undefined, names: readonly string[], equals: Json): boolean {
  const [name, ...rest] = names;
  if (isList(value)) return value.some((each) => matches(each, names, equals));
  if (name === undefined) return sameText(value, equals);
  return isObject(value) && matches(elementOf(value, name), rest, equals);
}

function sameText(value: Json | undefined, equals: Json): boolean {
  if (typeof equals !== 'number') return value === equals;
  return (
    value !== undefined && typeof value !== 'string' && Number(JSON.stringify(value)) === equals
  );
}
