import type { Disclosure } from '../domain/consent/disclosed.ts';
import { recordIdOf } from '../domain/fhir/record-id.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import { GONE, NOTHING_FOUND, type Problem } from '../domain/problem.ts';
import { fail } from '../domain/result.ts';
import { readShape } from '../domain/search/read-shape.ts';
import { auditedEntries, entryTexts } from './entry-texts.ts';
import { openRecord } from './open-record.ts';
import type { Interaction } from './perform.ts';
import { presentedFrom } from './presented-from.ts';
import { release } from './release.ts';
import { shapedTexts } from './shaped-texts.ts';

/**
 * `read` (http://hl7.org/fhir/R4/http.html#read). What is hidden and what does not exist are both
 * `not-found`; a withdrawn entry is `gone` for those who might see its last version; a clinical
 * read without relationship or purpose is `forbidden` where there is a record to tell of.
 */
export function readResource(
  type: RecordType,
  id: string,
  parameters: URLSearchParams,
): Interaction {
  return async (context, call) => {
    const shape = readShape(parameters);
    if (!shape.ok) return shape;
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
      ...auditedEntries(view, [entry]),
      rules,
      alert,
    };
    const { versionId, lastUpdated } = entry;
    const body = shapedTexts(await entryTexts(context, view, [entry]), shape.value);
    const isComposed = presentedFrom(view, entry).length > 0;
    const answer = { status: 'ok', body, versionId, lastUpdated, isComposed } as const;
    return release(context, call, details, answer);
  };
}

type Opened = Extract<Disclosure, { outcome: 'disclosed' }>;

/** The same problem, with what only the audit entry is to say of it. */
function about(what: Problem, patient: string, { rules, alert }: Opened): Problem {
  return { ...what, audit: { patient, rules, alert } };
}
