import type { Disclosure } from '../domain/consent/disclosed.ts';
import { recordIdOf } from '../domain/fhir/record-id.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import { GONE, NOTHING_FOUND, type Problem } from '../domain/problem.ts';
import { fail } from '../domain/result.ts';
import { auditedVersion, entryTexts } from './entry-texts.ts';
import { openRecord } from './open-record.ts';
import type { Interaction } from './perform.ts';
import { release } from './release.ts';

/**
 * `read` (http://hl7.org/fhir/R4/http.html#read). What is hidden and what does not exist are both
 * `not-found`; a withdrawn entry is `gone` for those who might see its last version; a clinical
 * read without relationship or purpose is `forbidden` where there is a record to tell of.
 */
export function readResource(type: RecordType, id: string): Interaction {
  return async (context, call) => {
    const recordId = recordIdOf(id);
    const disclosure = await openRecord(context, call, recordId);
    if (disclosure.outcome === 'refused') return fail(disclosure.problem);
    const { view, rules, alert } = disclosure;
    const entry = view?.entries.find((each) => each.id === id && each.type === type);
    if (view === null || entry === undefined) {
      const gone = view?.gone.some((each) => each.id === id && each.type === type);
      return fail(about(gone ? GONE : NOTHING_FOUND, recordId, disclosure));
    }
    const details = {
      patient: recordId,
      entities: [auditedVersion(entry)],
      entityNames: [type],
      rules,
      alert,
    };
    const { versionId, lastUpdated } = entry;
    const body = await entryTexts(context, view, [entry]);
    return release(context, call, details, { status: 'ok', body, versionId, lastUpdated });
  };
}

type Opened = Extract<Disclosure, { outcome: 'disclosed' }>;

/** The same problem, with what only the audit entry is to say of it. */
function about(what: Problem, patient: string, { rules, alert }: Opened): Problem {
  return { ...what, audit: { patient, rules, alert } };
}
