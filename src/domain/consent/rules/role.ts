import type { EntryRule } from '../rule.ts';

/**
 * Section 2 of the contract: systems read back what their own organisation recorded and nothing
 * else, and so do a practice's staff, who record choices and do not treat.
 */
export const role: EntryRule = {
  id: 'role',
  reason: 'This role sees at most what its own organisation recorded.',
  source: 'Contract, section 2, table of roles',
  withholds(entry, { requester }) {
    const { role: name, organization } = requester.caller;
    if (!OWN_ENTRIES_ONLY.has(name)) return false;
    if (entry.type === 'Patient' || entry.type === 'Consent') return false;
    return organization !== entry.recordedBy;
  },
  concerns: ({ requester }) => OWN_ENTRIES_ONLY.has(requester.caller.role),
};

const OWN_ENTRIES_ONLY: ReadonlySet<string> = new Set([
  'gp-system',
  'care-system',
  'practice-staff',
]);
