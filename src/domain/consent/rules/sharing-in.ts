import { sectionOf } from '../../fhir/resource-types.ts';
import type { EntryRule } from '../rule.ts';

/** Rule 6. Sharing in refused: a viewer there sees only what their own organisation recorded. */
export const sharingIn: EntryRule = {
  id: 'sharing-in',
  reason: 'The patient chose that this service does not see what others record.',
  source: 'Contract, section 4, rule 6; seed document "Patient Records & Sharing"',
  withholds(entry, { requester, choices }) {
    const { role, organization } = requester.caller;
    if (role === 'patient' || organization === entry.recordedBy) return false;
    if (['patient', 'consent'].includes(sectionOf(entry.type))) return false;
    return choices.sharingInRefusedBy.has(organization);
  },
  concerns: ({ choices }) => choices.sharingInRefusedBy.size > 0,
};
