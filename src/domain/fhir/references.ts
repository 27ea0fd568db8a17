import type { Json, JsonObject } from './json.ts';

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
  return rewrite(resource, destinations);
}

function rewrite(object: JsonObject, destinations: Destinations): JsonObject {
  let copy: Record<string, Json | undefined> | null = null;
  for (const name in object) {
    const element = object[name];
    const here =
      name === 'reference' && typeof element === 'string'
        ? (destinations.get(unversioned(element)) ?? element)
        : rewriteWithin(element, destinations);
    if (here === element) continue;
    copy ??= { ...object };
    copy[name] = here;
  }
  return copy ?? object;
}

function rewriteWithin(value: Json | undefined, destinations: Destinations): Json | undefined {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return rewriteList(value, destinations);
  return rewrite(value as JsonObject, destinations);
}

function rewriteList(list: readonly Json[], destinations: Destinations): readonly Json[] {
  let copy: Json[] | null = null;
  for (let index = 0; index < list.length; index += 1) {
    const element = list[index];
    const here = rewriteWithin(element, destinations);
    if (here === element) continue;
    copy ??= [...list];
    copy[index] = here as Json;
  }
  return copy ?? list;
}
