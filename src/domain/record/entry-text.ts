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
  const sent = sentMeta(resource);
  const header = `{"resourceType":${writeJson(resource.resourceType ?? null)},"id":${writeJson(id)}`;
  const end = elementsText(resource);
  const others = Object.keys(sent).length === 0 ? '' : writeJson(sent).slice(1, -1);
  return {
    content: others === '' ? header + end : `${header},"meta":{${others}}${end}`,
    served: ({ versionId, lastUpdated }) => {
      // Both are digits and signs that we put together: there is nothing to escape.
      const server = `"versionId":"${versionId}","lastUpdated":"${lastUpdated}"`;
      return `${header},"meta":{${others === '' ? server : `${others},${server}`}}${end}`;
    },
  };
}

/** The elements of a resource behind its type, its id and its `meta`, to the end of its text. */
function elementsText(resource: JsonObject): string {
  const { resourceType: _, id: __, meta: ___, ...rest } = resource;
  const elements = writeJson(rest);
  return elements === '{}' ? '}' : `,${elements.slice(1)}`;
}

/** A resource as it is served: what `served` of its text says, in the same order. */
export function servedResource(
  resource: JsonObject,
  id: string,
  { versionId, lastUpdated }: ServerMeta,
): JsonObject {
  const { resourceType = null } = resource;
  const meta = { ...sentMeta(resource), versionId, lastUpdated };
  // Where an element stands is settled by who names it first.
  return Object.assign({ resourceType, id, meta }, resource, { resourceType, id, meta });
}

function sentMeta(resource: JsonObject): JsonObject {
  const meta = objectAt(resource, 'meta');
  if (meta === null) return NONE;
  const { versionId: _, lastUpdated: __, ...sent } = meta;
  return sent;
}

const NONE: JsonObject = {};
