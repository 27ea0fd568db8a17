import { relationOf } from '../relation.ts';
import type { EntryRule } from '../rule.ts';

/** Rule 3. An entry with a code of the exclusion sets is as private, unless the patient included it. */
export const sensitiveEntry: EntryRule = {
  id: 'sensitive-entry',
  reason: 'Entries of this kind are not shared unless the patient asks for it.',
  source: 'Contract, section 4, rule 3; domain brief, section 1.4 (RCGP sensitive dataset)',
  withholds(entry, { record, requester, choices, data }) {
    if (!entry.codes.some((code) => data.sensitiveCodes.has(code))) return false;
    if (choices.includedEntries.has(entry.id)) return false;
    if (requester.caller.role === 'patient') return relationOf(record, requester) !== 'patient';
    return requester.caller.organization !== entry.recordedBy;
  },
};
