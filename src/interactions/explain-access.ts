import type { Caller } from '../domain/access/caller.ts';
import { disclose } from '../domain/consent/disclose.ts';
import type { DisclosedRecord } from '../domain/consent/disclosed.ts';
import { asSeenIn, type Explanation, explain } from '../domain/consent/explain.ts';
import { launchReaches } from '../domain/consent/relation.ts';
import { type Json, writeJson } from '../domain/fhir/json.ts';
import { NOTHING_FOUND, type Problem } from '../domain/problem.ts';
import type { CareRecord, Entry } from '../domain/record/care-record.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import type { Call, Context } from './context.ts';
import { explanationAnswer } from './explanation-answer.ts';
import {
  type AccessQuestion,
  askedOf,
  EVERY_SCOPE,
  questionTarget,
  readQuestion,
} from './explanation-form.ts';
import type { Interaction } from './perform.ts';
import { release } from './release.ts';

/**
 * `$explain-access`: what a given role, organisation and purpose would see of a patient's record,
 * and by which rules. Nothing is disclosed by it. Practice staff are told about their own
 * practice's entries, worked out from what they see themselves; an auditor is told how many entries
 * each rule withholds, of anybody. `invalid` names every fault; `not-found` for a patient who is
 * not registered with the practice or not known, which look the same.
 */
export function explainAccess(body: Json): Interaction {
  return async (context, call) => {
    const question = readQuestion(body, context, call.caller);
    if (!question.ok) return question;
    const record = await context.store.currentRecord(question.value.recordId);
    const explanation = explanationFor(context, call, record, question.value);
    if (!explanation.ok) return explanation;
    const asked = { ...call, act: { ...call.act, target: questionTarget(call, question.value) } };
    const named = call.caller.role === 'practice-staff';
    const text = writeJson(explanationAnswer(explanation.value, { named }));
    const answer = { status: 'ok' as const, body: [new TextEncoder().encode(text)] };
    return release(context, asked, { patient: question.value.recordId }, answer);
  };
}

function explanationFor(
  context: Context,
  { caller }: Call,
  record: CareRecord | null,
  question: AccessQuestion,
): Result<Explanation> {
  const now = context.clock.now();
  const told = toldOf(context, caller, record, question.recordId, now);
  if (told === null) return fail(nobody(question));
  const who = askedOf(question, told.record, now);
  return succeed(explain(told.record, who, context.rules, now, told.about));
}

/**
 * The record as far as it is explained to somebody, and which of its entries they are told about.
 */
interface Told {
  readonly record: CareRecord | null;
  readonly about: (entry: Entry) => boolean;
}

/** Auditors are told about everything. Null: for this caller there is no such patient. */
function toldOf(
  context: Context,
  caller: Caller,
  record: CareRecord | null,
  recordId: string,
  now: number,
): Told | null {
  if (!launchReaches({ caller, claims: [] }, recordId)) return null;
  if (caller.role === 'auditor') return { record, about: () => true };
  const viewWith = (scopes: Caller['scopes']): DisclosedRecord | null => {
    const asking = { caller: { ...caller, scopes }, claims: [] };
    const disclosure = disclose(record, asking, context.rules, now);
    return disclosure.outcome === 'disclosed' ? disclosure.view : null;
  };
  // Choices decide whether or not this token may read them; entries that it may not are not named.
  const [whole, own] = [viewWith(EVERY_SCOPE), viewWith(caller.scopes)];
  if (record === null || whole === null || own === null) return null;
  const named = new Set(own.entries.map((entry) => entry.id));
  const about = ({ id, recordedBy }: Entry): boolean =>
    recordedBy === caller.organization && named.has(id);
  return { record: asSeenIn(record, whole), about };
}

function nobody({ recordId }: AccessQuestion): Problem {
  return { ...NOTHING_FOUND, audit: { patient: recordId, rules: [] } };
}
