import { fail } from '../domain/result.ts';
import { answerSearch, NOBODY } from './answer-search.ts';
import { openRecord, traceRecord } from './open-record.ts';
import type { Interaction } from './perform.ts';
import { understandSearch } from './understand-search.ts';

/**
 * Finds a Patient by NHS number or id. By exact NHS number a clinician without a relationship still
 * gets the demographics (tracing; contract, section 4, rule 7); by id the rules are those of a
 * read.
 */
export function searchPatients(
  parameters: URLSearchParams,
  options: { readonly strict: boolean },
): Interaction {
  return async (context, call) => {
    const asked = understandSearch(context, 'Patient', parameters, options);
    if (!asked.ok) return asked;
    const { recordId, byNhsNumber, isPlain } = asked.value;
    if (recordId === null) return answerSearch(context, call, 'Patient', asked.value, NOBODY);
    let disclosure = await openRecord(context, call, recordId, isPlain ? 'Patient' : 'all');
    if (disclosure.outcome === 'refused' && byNhsNumber) {
      disclosure = await traceRecord(context, call, recordId);
    }
    if (disclosure.outcome === 'refused') return fail(disclosure.problem);
    return answerSearch(context, call, 'Patient', asked.value, disclosure);
  };
}
