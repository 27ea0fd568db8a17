import { writeJson } from '../domain/fhir/json.ts';
import { recordIdOf } from '../domain/fhir/record-id.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import { NOTHING_FOUND } from '../domain/problem.ts';
import { fail } from '../domain/result.ts';
import { auditedVersion } from './entry-texts.ts';
import { openRecord } from './open-record.ts';
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
    const recordId = recordIdOf(id);
    const disclosure = await openRecord(context, call, recordId);
    if (disclosure.outcome === 'refused') return fail(disclosure.problem);
    const { view, rules, alert } = disclosure;
    const entry = view?.entries.find((each) => each.id === id && each.type === type);
    if (view === null || entry === undefined) {
      return fail({ ...NOTHING_FOUND, audit: { patient: recordId, rules, alert } });
    }
    const [text] = await storedTexts(context, view, [entry]);
    const details = {
      patient: recordId,
      entities: [auditedVersion(entry)],
      entityNames: [type],
      rules,
      alert,
    };
    return release(context, call, details, { status: 'ok', body: [metaOf(text)] });
  };
}

function metaOf(text: Uint8Array | undefined): Uint8Array {
  const parameter = [{ name: 'return', valueMeta: resourceOf(text).meta ?? {} }];
  return new TextEncoder().encode(writeJson({ resourceType: 'Parameters', parameter }));
}
