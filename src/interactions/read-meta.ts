import { writeJson } from '../domain/fhir/json.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import { auditedVersion } from './entry-texts.ts';
import { openEntry } from './open-entry.ts';
import type { Interaction } from './perform.ts';
import { release } from './release.ts';
import { resourceOf, storedTexts } from './stored-texts.ts';

/**
 * `$meta` of one resource (http://hl7.org/fhir/R4/resource-operation-meta.html): its profiles,
 * labels and tags, for those who may read it. Labels say much by themselves, so it is a read like
 * any other.
 */
export function readMeta(type: RecordType, id: string): Interaction {
  return async (context, call) => {
    const opened = await openEntry(context, call, type, id);
    if (!opened.ok) return opened;
    const { view, entry, decided } = opened.value;
    const [text] = await storedTexts(context, view, [entry]);
    const details = { ...decided, entities: [auditedVersion(entry)], entityNames: [type] };
    return release(context, call, details, { status: 'ok', body: [metaOf(text)] });
  };
}

function metaOf(text: Uint8Array | undefined): Uint8Array {
  const parameter = [{ name: 'return', valueMeta: resourceOf(text).meta ?? {} }];
  return new TextEncoder().encode(writeJson({ resourceType: 'Parameters', parameter }));
}
