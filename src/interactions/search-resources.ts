import { readRecordQuery } from '../domain/fhir/record-query.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import { isSearchable } from '../domain/fhir/search-parameters.ts';
import { fail } from '../domain/result.ts';
import { answerSearch, NOBODY } from './answer-search.ts';
import { openRecord } from './open-record.ts';
import { patientNaming } from './patient-naming.ts';
import type { Interaction } from './perform.ts';

/**
 * Searches the entries of one type in one patient's record
 * (http://hl7.org/fhir/R4/http.html#search). `malformed` without a patient, or for a parameter that
 * makes no sense; `forbidden` where relationship or purpose is missing. For a patient who is hidden
 * or unknown, nothing is found.
 */
export function searchResources(
  type: Exclude<RecordType, 'Patient'>,
  parameters: URLSearchParams,
  options: { readonly strict: boolean },
): Interaction {
  if (!isSearchable(type)) throw new Error(`INVARIANT: ${type} has a row in the search table`);
  return async (context, call) => {
    const query = readRecordQuery(type, parameters, options, patientNaming(context));
    if (!query.ok) return query;
    const { recordId } = query.value;
    if (recordId === null) return answerSearch(context, call, type, query.value, NOBODY);
    const disclosure = await openRecord(context, call, recordId);
    if (disclosure.outcome === 'refused') return fail(disclosure.problem);
    return answerSearch(context, call, type, query.value, disclosure);
  };
}
