import { sectionOf } from '../../fhir/resource-types.ts';
import type { Entry } from '../../record/care-record.ts';
import type { EntryRule } from '../rule.ts';

/** Rule 4. Additional information is withheld when the patient chose core only. */
export const additionalInformation: EntryRule = {
  id: 'additional-information',
  reason: 'The patient chose to share medicines, allergies and bad reactions only.',
  source: 'Contract, section 4, rule 4; domain brief, section 1.2',
  withholds(entry, { requester, choices }) {
    if (choices.summary !== 'core' || !isAdditional(entry)) return false;
    // The choice is about what leaves the organisation that recorded it, and not about the patient.
    const { role, organization } = requester.caller;
    return role !== 'patient' && organization !== entry.recordedBy;
  },
  concerns: ({ choices }) => choices.summary === 'core',
};

/** A Provenance of nothing here may be about anything; others go with what they tell of. */
function isAdditional({ type, tellsOf = [] }: Entry): boolean {
  if (sectionOf(type) === 'provenance') return tellsOf.length === 0;
  return sectionOf(type) === 'additional';
}
