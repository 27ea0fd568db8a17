import type { EntryRule } from '../rule.ts';

/** Rule 9. A patient does not see entries labelled `NOPAT`; clinicians do. */
export const notForPatient: EntryRule = {
  id: 'not-for-patient',
  reason: 'The service that recorded this wants to speak with the patient before they see it.',
  source: 'Contract, section 4, rule 9; v3-ActCode NOPAT',
  withholds(entry, { requester }) {
    // Two systems of this code occur (domain brief, section 1.4), so the system is not asked for.
    const labelled = entry.labels.some((label) => label.endsWith('|NOPAT'));
    return labelled && requester.caller.role === 'patient';
  },
  concerns: ({ requester }) => requester.caller.role === 'patient',
};
