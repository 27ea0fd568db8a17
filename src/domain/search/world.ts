import { isObject, type JsonObject } from '../fhir/json.ts';

/**
 * What one search can reach: the resources of one record that were disclosed to the caller, and
 * nothing else. To a chain, a `_has` or an include, what is hidden does not exist.
 */
export interface World {
  /** The FHIR base without a slash at its end: absolute references below it are local ones. */
  readonly baseUrl: string;
  /** The resource that `Type/id` names, its version left out; null when it is not to be seen. */
  byReference(reference: string): JsonObject | null;
  /** The resource that bears an identifier; null for none, and where several bear it. */
  byIdentifier(system: string, value: string): JsonObject | null;
  all(type: string): readonly JsonObject[];
}

/** The world of some resources, which stay as they are; looked up in constant time. */
export function worldOf(resources: readonly JsonObject[], baseUrl: string): World {
  const byKey = new Map(resources.map((each) => [keyOf(each), each]));
  const byType = Map.groupBy(resources, (each) => String(each.resourceType));
  let byToken: ReadonlyMap<string, JsonObject | null> | null = null;
  return {
    baseUrl,
    byReference: (reference) => byKey.get(localKey(reference, baseUrl) ?? '') ?? null,
    byIdentifier: (system, value) => {
      byToken ??= identified(resources);
      return byToken.get(`${system}|${value}`) ?? null;
    },
    all: (type) => byType.get(type) ?? [],
  };
}

/** `Type/id` of a resource. */
export function keyOf(resource: JsonObject): string {
  return `${resource.resourceType}/${resource.id}`;
}

/** The id by which the world tells a contained resource: `Type/id#id`, which no reference is. */
export function containedId(container: JsonObject, fragment: string): string {
  return `${keyOf(container)}#${fragment}`;
}

/**
 * `Type/id` of a literal reference that is relative or below our base, its version left out; null
 * for all others.
 */
export function localKey(reference: string, baseUrl: string): string | null {
  const relative =
    reference.startsWith(baseUrl) && reference[baseUrl.length] === '/'
      ? reference.slice(baseUrl.length + 1)
      : reference;
  return LOCAL.exec(relative)?.[1] ?? null;
}

const LOCAL = /^([A-Z][A-Za-z]{1,63}\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** Who bears each identifier; null where it is not one resource alone. */
function identified(resources: readonly JsonObject[]): ReadonlyMap<string, JsonObject | null> {
  const found = new Map<string, JsonObject | null>();
  for (const resource of resources) {
    const { identifier } = resource;
    for (const each of Array.isArray(identifier) ? identifier : [identifier]) {
      if (!isObject(each) || typeof each.value !== 'string') continue;
      const token = `${each.system}|${each.value}`;
      const other = found.get(token);
      found.set(token, other === undefined || other === resource ? resource : null);
    }
  }
  return found;
}
