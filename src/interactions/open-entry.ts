import type { Alert } from '../domain/alert.ts';
import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import { recordIdOf } from '../domain/fhir/record-id.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import { GONE, NOTHING_FOUND, type RuleCount } from '../domain/problem.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import type { Call, Context } from './context.ts';
import { openRecord } from './open-record.ts';

/** One entry that a caller may see, and what the audit entry says of how it was decided. */
export interface OpenedEntry {
  readonly view: DisclosedRecord;
  readonly entry: DisclosedEntry;
  readonly decided: {
    readonly patient: string;
    readonly rules: readonly RuleCount[];
    readonly alert: Alert | null;
  };
}

/**
 * Finds one entry by its id, through the one door. What is hidden and what does not exist are both
 * `not-found`; a withdrawn entry is `gone` for those who might see its last version; a clinical
 * read without relationship or purpose is `forbidden` where there is a record to tell of.
 */
export async function openEntry(
  context: Context,
  call: Call,
  type: RecordType,
  id: string,
): Promise<Result<OpenedEntry>> {
  const patient = recordIdOf(id);
  const disclosure = await openRecord(context, call, patient, type);
  if (disclosure.outcome === 'refused') return fail(disclosure.problem);
  const { view, rules, alert } = disclosure;
  const decided = { patient, rules, alert };
  const isAsked = (each: DisclosedEntry): boolean => each.id === id && each.type === type;
  const entry = view?.entries.find(isAsked);
  if (view !== null && entry !== undefined) return succeed({ view, entry, decided });
  return fail({ ...(view?.gone.some(isAsked) ? GONE : NOTHING_FOUND), audit: decided });
}
