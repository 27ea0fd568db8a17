import type { RecordType } from '../domain/fhir/resource-types.ts';
import { fail } from '../domain/result.ts';
import { answerSearch, NOBODY } from './answer-search.ts';
import { openRecord } from './open-record.ts';
import type { Interaction } from './perform.ts';
import { understandSearch } from './understand-search.ts';

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
  return async (context, call) => {
    const asked = understandSearch(context, type, parameters, options);
    if (!asked.ok) return asked;
    const { recordId, isPlain } = asked.value;
    if (recordId === null) return answerSearch(context, call, type, asked.value, NOBODY);
    const disclosure = await openRecord(context, call, recordId, isPlain ? type : 'all');
    if (disclosure.outcome === 'refused') return fail(disclosure.problem);
    return answerSearch(context, call, type, asked.value, disclosure);
  };
}
