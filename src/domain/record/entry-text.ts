import { objectAt } from '../fhir/elements.ts';
import { type Json, type JsonObject, writeJson } from '../fhir/json.ts';

/** What the server says about an entry version in its `meta`. */
export interface ServerMeta {
  readonly versionId: string;
  readonly lastUpdated: string;
}

/**
 * The content of a resource under its id here, without the server's own `meta` elements: what its
 * digest is taken of. All else stays as it was sent, in its order.
 */
export function contentText(resource: JsonObject, id: string): string {
  return writeJson(withMeta(resource, id, sentMeta(resource)));
}

/** The text of an entry version exactly as it is stored and served. */
export function servedText(resource: JsonObject, id: string, server: ServerMeta): string {
  return writeJson(withMeta(resource, id, { ...sentMeta(resource), ...server }));
}

function sentMeta(resource: JsonObject): Record<string, Json> {
  const { versionId: _, lastUpdated: __, ...sent } = objectAt(resource, 'meta') ?? {};
  return sent as Record<string, Json>;
}

function withMeta(resource: JsonObject, id: string, meta: Record<string, Json>): JsonObject {
  const { resourceType, id: _, meta: __, ...rest } = resource;
  const header = Object.keys(meta).length === 0 ? {} : { meta };
  return { resourceType, id, ...header, ...rest };
}
