import type { RecordType } from '../domain/fhir/resource-types.ts';
import { readShape } from '../domain/search/read-shape.ts';
import { auditedEntries, entryTexts } from './entry-texts.ts';
import { openEntry } from './open-entry.ts';
import type { Interaction } from './perform.ts';
import { presentedFrom } from './presented-from.ts';
import { release } from './release.ts';
import { shapedTexts } from './shaped-texts.ts';

/**
 * `read` (http://hl7.org/fhir/R4/http.html#read), of what the caller may see; fails as `openEntry`
 * does.
 */
export function readResource(
  type: RecordType,
  id: string,
  parameters: URLSearchParams,
): Interaction {
  return async (context, call) => {
    const shape = readShape(parameters);
    if (!shape.ok) return shape;
    const opened = await openEntry(context, call, type, id);
    if (!opened.ok) return opened;
    const { view, entry, decided } = opened.value;
    const details = { ...decided, ...auditedEntries(view, [entry]) };
    const { versionId, lastUpdated } = entry;
    const body = shapedTexts(await entryTexts(context, view, [entry]), shape.value);
    const isComposed = presentedFrom(view, entry).length > 0;
    const answer = { status: 'ok', body, versionId, lastUpdated, isComposed } as const;
    return release(context, call, details, answer);
  };
}
