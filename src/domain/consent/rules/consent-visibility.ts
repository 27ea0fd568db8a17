import { relationOf } from '../relation.ts';
import type { EntryRule } from '../rule.ts';

/**
 * Rule 11. Consents are read by the registered practice's staff, the organisation they belong to
 * and the patient; for everyone else they do not exist.
 */
export const consentVisibility: EntryRule = {
  id: 'consent-visibility',
  reason: 'Choices are between the patient, their practice and the service that each is about.',
  source: 'Contract, section 4, rule 11',
  types: ['Consent'],
  withholds(entry, { record, requester }) {
    if (entry.type !== 'Consent') return false;
    const relation = relationOf(record, requester);
    if (relation === 'patient') return false;
    const { role, organization } = requester.caller;
    if (relation === 'practice' && role === 'practice-staff') return false;
    return organization !== entry.choice?.organization;
  },
  concerns: ({ record, requester }) => relationOf(record, requester) !== 'patient',
};
