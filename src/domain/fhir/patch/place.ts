import { isObject, type Json, type JsonObject } from '../json.ts';

/**
 * Where a value stands in a resource: names of elements and numbers of list items, from the root.
 */
export type Place = readonly (string | number)[];

/** The value at a place; undefined when nothing stands there. */
export function valueAt(root: Json, place: Place): Json | undefined {
  let value: Json | undefined = root;
  for (const step of place) {
    if (isList(value) && typeof step === 'number') value = value[step];
    else if (isObject(value) && typeof step === 'string') value = elementOf(value, step);
    else return undefined;
  }
  return value;
}

/**
 * A copy in which the value at a place is what `change` makes of it. Precondition: there is one.
 */
export function changeAt(root: Json, place: Place, change: (value: Json) => Json): Json {
  const [step, ...rest] = place;
  if (step === undefined) return change(root);
  if (isList(root) && typeof step === 'number') {
    return root.with(step, changeAt(root[step] as Json, rest, change));
  }
  if (isObject(root) && typeof step === 'string') {
    return withElement(root, step, changeAt(elementOf(root, step) as Json, rest, change));
  }
  throw new Error('INVARIANT: only what is there is changed');
}

/** A copy of an object with an element set, at its place in the order or else at the end. */
export function withElement(object: JsonObject, name: string, value: Json): JsonObject {
  return { ...object, [name]: value };
}

/** A copy of an object without an element. */
export function withoutElement(object: JsonObject, name: string): JsonObject {
  const { [name]: _, ...rest } = object;
  return rest;
}

/** An object's own element: never what an object has by nature, such as `constructor`. */
export function elementOf(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Whether a value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a value nests deeper than this many objects and lists. */
export function isTooDeep(value: Json | undefined, depth: number): boolean {
  if (isList(value)) return depth <= 0 || value.some((each) => isTooDeep(each, depth - 1));
  if (!isObject(value)) return false;
  return depth <= 0 || Object.values(value).some((each) => isTooDeep(each, depth - 1));
}
