import { isObject, type Json, type JsonObject } from './json.ts';

/** Where a literal reference leads to, for those that are to be rewritten. */
export type Destinations = ReadonlyMap<string, string>;

/** A literal reference without its version: `Type/id/_history/2` refers to `Type/id` here. */
export function unversioned(reference: string): string {
  const history = reference.indexOf('/_history/');
  return history === -1 ? reference : reference.slice(0, history);
}

/**
 * A copy of a resource in which every literal `Reference.reference` that has a destination leads
 * there. All else is shared with the original, in the same order.
 */
export function rewriteReferences(resource: JsonObject, destinations: Destinations): JsonObject {
  return rewrite(resource, destinations) as JsonObject;
}

function rewrite(value: Json, destinations: Destinations): Json {
  if (Array.isArray(value)) return value.map((each) => rewrite(each, destinations));
  if (!isObject(value)) return value;
  const copy: Record<string, Json> = {};
  for (const name of Object.keys(value)) {
    const element = value[name] as Json;
    copy[name] =
      name === 'reference' && typeof element === 'string'
        ? (destinations.get(unversioned(element)) ?? element)
        : rewrite(element, destinations);
  }
  return copy;
}
