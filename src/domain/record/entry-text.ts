import { objectAt } from '../fhir/elements.ts';
import { type JsonObject, writeJson } from '../fhir/json.ts';

/** What the server says about an entry version in its `meta`. */
export interface ServerMeta {
  readonly versionId: string;
  readonly lastUpdated: string;
}

/** The text of a resource under its id here. */
export interface EntryText {
  /**
   * Without the server's own `meta` elements: what its digest is taken of. All else stays as it was
   * sent, in its order.
   */
  readonly content: string;
  /** Exactly as an entry version is stored and served. */
  served(server: ServerMeta): string;
}

/** Writes a resource under its id here; what both texts have in common is written once. */
export function entryText(resource: JsonObject, id: string): EntryText {
  const { resourceType, id: _, meta: __, ...rest } = resource;
  const sent = sentMeta(resource);
  const header = `{"resourceType":${writeJson(resourceType ?? null)},"id":${writeJson(id)}`;
  const elements = writeJson(rest);
  const end = elements === '{}' ? '}' : `,${elements.slice(1)}`;
  const withMeta = (meta: JsonObject): string => `${header},"meta":${writeJson(meta)}${end}`;
  return {
    content: Object.keys(sent).length === 0 ? header + end : withMeta(sent),
    served: (server) => withMeta({ ...sent, ...server }),
  };
}

/** A resource as it is served: what `served` of its text says, in the same order. */
export function servedResource(
  resource: JsonObject,
  id: string,
  { versionId, lastUpdated }: ServerMeta,
): JsonObject {
  const { resourceType = null, id: _, meta: __, ...rest } = resource;
  const meta = { ...sentMeta(resource), versionId, lastUpdated };
  return { resourceType, id, meta, ...rest };
}

function sentMeta(resource: JsonObject): JsonObject {
  const { versionId: _, lastUpdated: __, ...sent } = objectAt(resource, 'meta') ?? {};
  return sent;
}
