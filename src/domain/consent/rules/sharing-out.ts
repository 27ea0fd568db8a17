import { sectionOf } from '../../fhir/resource-types.ts';
import type { EntryRule } from '../rule.ts';

/**
 * Rule 5. Sharing out refused: only the organisation that recorded an entry, and the patient, see
 * it.
 */
export const sharingOut: EntryRule = {
  id: 'sharing-out',
  reason: 'The patient chose that this service does not share what it records.',
  source: 'Contract, section 4, rule 5; seed document "Patient Records & Sharing"',
  withholds(entry, { requester, choices }) {
    const { role, organization } = requester.caller;
    if (role === 'patient' || organization === entry.recordedBy) return false;
    // Demographics and consents are not what a service recorded about care.
    if (['patient', 'consent'].includes(sectionOf(entry.type))) return false;
    return choices.sharingOutRefusedBy.has(entry.recordedBy);
  },
  concerns: ({ choices }) => choices.sharingOutRefusedBy.size > 0,
};
