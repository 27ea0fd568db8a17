import { objectAt, objectsAt, tokenOf } from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';

/**
 * What identifies a resource at its source, as `system|value`: its first identifier that has both;
 * for a document that has none, its master identifier, which may be another for its next version.
 */
export function sourceIdentifier(resource: JsonObject): string | null {
  const tokens = sourceIdentifiers(resource);
  return tokens[0] ?? null;
}

/** Every identifier of a resource that has system and value, as `system|value`. */
export function sourceIdentifiers(resource: JsonObject): readonly string[] {
  const master = objectAt(resource, 'masterIdentifier');
  return [...objectsAt(resource, 'identifier'), ...(master === null ? [] : [master])]
    .map((each) => tokenOf(each, 'value'))
    .filter((token) => token !== null);
}
