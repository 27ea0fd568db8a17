import type { Rule, Situation } from '../rule.ts';

/**
 * Rule 7. A clinician away from the registered practice needs a relationship with the patient: the
 * launch context of their token, or a claim of their own that has not expired.
 */
export const relationship: Rule = {
  id: 'relationship',
  reason: 'Only people involved in the patient’s care see the record, and say so beforehand.',
  source: 'Contract, section 4, rule 7; domain brief, section 3 (legitimate relationship)',
};

/** Whether a clinician away from the registered practice has a relationship with the patient. */
export function hasRelationship({ requester }: Situation): boolean {
  // Whether a launch context is of this patient was decided before: it reaches no other.
  return requester.caller.launchPatient !== null || requester.claims.length > 0;
}
