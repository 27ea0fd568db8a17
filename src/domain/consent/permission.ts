import type { Alert } from '../alert.ts';
import { type Problem, problem } from '../problem.ts';
import { relationOf } from './relation.ts';
import type { RuleId, Situation } from './rule.ts';
import { answerToPurpose, permissionToView } from './rules/permission-to-view.ts';
import { hasRelationship, relationship } from './rules/relationship.ts';

/**
 * Whether a requester may look at a record at all (rules 7 and 8), by which rules, and who is told.
 */
export type Permission =
  | { readonly granted: true; readonly rules: readonly RuleId[]; readonly alert: Alert | null }
  | { readonly granted: false; readonly rule: RuleId; readonly problem: Problem };

/**
 * Rules 7 and 8: a clinician needs a relationship with the patient and, away from the registered
 * practice, the patient's permission to view or a purpose that overrides it, which alerts the
 * privacy officer. Other roles need neither: their view is limited by rule `role`.
 */
export function permissionOf(situation: Situation): Permission {
  const { record, requester } = situation;
  if (requester.caller.role !== 'clinician') return { granted: true, rules: [], alert: null };
  if (relationOf(record, requester) === 'practice') {
    return { granted: true, rules: [relationship.id], alert: null };
  }
  if (!hasRelationship(situation)) {
    return { granted: false, rule: relationship.id, problem: NO_RELATIONSHIP };
  }
  const answer = answerToPurpose(situation);
  if (!answer.granted) {
    return { granted: false, rule: permissionToView.id, problem: answer.problem };
  }
  const { organization } = requester.caller;
  return {
    granted: true,
    rules: [relationship.id, permissionToView.id],
    alert: answer.override === null ? null : { organization, kind: answer.override },
  };
}

const NO_RELATIONSHIP = problem(
  'forbidden',
  'forbidden',
  'A relationship with this patient is missing. Claim one with POST $claim-relationship, or bring a token with a launch context (claim "patient") for them.',
);
