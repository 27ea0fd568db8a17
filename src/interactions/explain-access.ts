import type { Caller } from '../domain/access/caller.ts';
import { disclose } from '../domain/consent/disclose.ts';
import { asSeenIn, type Explanation, explain } from '../domain/consent/explain.ts';
import { launchReaches } from '../domain/consent/relation.ts';
import type { Requester } from '../domain/consent/rule.ts';
import { type Json, writeJson } from '../domain/fhir/json.ts';
import { NOTHING_FOUND, type Problem } from '../domain/problem.ts';
import type { CareRecord } from '../domain/record/care-record.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import type { Call, Context } from './context.ts';
import { explanationAnswer } from './explanation-answer.ts';
import { type AccessQuestion, askedOf, questionTarget, readQuestion } from './explanation-form.ts';
import type { Interaction } from './perform.ts';
import { release } from './release.ts';

/**
 * `$explain-access`: what a given role, organisation and purpose would see of a patient's record, and
 * by which rules. Nothing is disclosed by it. Practice staff are told about their own practice's
 * entries, worked out from what they see themselves; an auditor is told how many entries each rule
 * withholds, of anybody. `invalid` names every fault; `not-found` for a patient who is not
 * registered with the practice or not known, which look the same.
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
  const asking = { caller, claims: [] };
  if (!launchReaches(asking, question.recordId)) return fail(nobody(question));
  const now = context.clock.now();
  const about = caller.role === 'auditor' ? record : seenBy(context, asking, record, now);
  if (about === null && caller.role !== 'auditor') return fail(nobody(question));
  const who = askedOf(question, about, now);
  return succeed(explain(about, who, context.rules, now, (entry) => isTold(entry, caller)));
}

/** The record as far as staff see it themselves; null when for them there is none. */
function seenBy(
  { rules }: Context,
  asking: Requester,
  record: CareRecord | null,
  now: number,
): CareRecord | null {
  const disclosure = disclose(record, asking, rules, now);
  const view = disclosure.outcome === 'disclosed' ? disclosure.view : null;
  return record === null || view === null ? null : asSeenIn(record, view);
}

/** Staff are told about what their own practice recorded, auditors about all. */
function isTold(entry: { readonly recordedBy: string }, { role, organization }: Caller): boolean {
  return role === 'auditor' || entry.recordedBy === organization;
}

function nobody({ recordId }: AccessQuestion): Problem {
  return { ...NOTHING_FOUND, audit: { patient: recordId, rules: [] } };
}
