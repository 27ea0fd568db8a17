import { objectAt, objectsAt, textAt } from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';
import { unversioned } from '../fhir/references.ts';
import { keyOf, localKey, type World } from './world.ts';

/** Where an element stands: in which resource, among which others. */
export interface Place {
  readonly resource: JsonObject;
  readonly world: World;
}

/**
 * The resource that a Reference leads to: one contained here (`#id`), one of the world, or the one
 * of the world that bears the identifier of a logical reference. Null when it leads nowhere.
 */
export function resolve(reference: JsonObject, place: Place): JsonObject | null {
  const literal = textAt(reference, 'reference');
  if (literal === null) return byIdentifier(reference, place);
  if (!literal.startsWith('#')) return place.world.byReference(literal);
  return containedWithId(place.resource, literal.slice(1));
}

/** The resource with this id that another one contains; null when there is none. */
export function containedWithId(container: JsonObject, id: string): JsonObject | null {
  const { contained } = container;
  if (!Array.isArray(contained)) return null;
  const known = CONTAINED_BY_ID.get(contained) ?? byId(objectsAt(container, 'contained'));
  CONTAINED_BY_ID.set(contained, known);
  return known.get(id) ?? null;
}

/** Whoever refers to each of thousands of contained resources does not have all looked through. */
const CONTAINED_BY_ID = new WeakMap<object, ReadonlyMap<string, JsonObject>>();

function byId(resources: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  // Of several with one id, which none should have, the first.
  return new Map(resources.toReversed().map((each) => [String(each.id), each]));
}

/** `Type/id` that a Reference leads to, be it in the world or not; null for what is not local. */
export function targetKey(reference: JsonObject, { world, ...place }: Place): string | null {
  const literal = textAt(reference, 'reference');
  if (literal !== null) return localKey(literal, world.baseUrl);
  const found = byIdentifier(reference, { world, ...place });
  return found === null ? null : keyOf(found);
}

/** The type that a Reference leads to: as its URL, `type` or target says; null when unknown. */
export function targetType(reference: JsonObject, place: Place): string | null {
  const literal = textAt(reference, 'reference');
  if (literal !== null && !literal.startsWith('#')) {
    const type = TYPE_AND_ID.exec(unversioned(literal))?.[1];
    if (type !== undefined) return type;
  }
  const target = resolve(reference, place);
  return target === null ? textAt(reference, 'type') : textAt(target, 'resourceType');
}

const TYPE_AND_ID = /(?:^|\/)([A-Z][A-Za-z]{1,63})\/[A-Za-z0-9\-.]{1,64}$/;

/** R4 resolves literal references alone; ours may name a patient by NHS number only. */
function byIdentifier(reference: JsonObject, { world }: Place): JsonObject | null {
  const identifier = objectAt(reference, 'identifier');
  const system = identifier === null ? null : textAt(identifier, 'system');
  const value = identifier === null ? null : textAt(identifier, 'value');
  return system === null || value === null ? null : world.byIdentifier(system, value);
}
