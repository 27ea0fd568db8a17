import type { Entry } from '../../record/care-record.ts';
import { layoutOf } from '../record-layout.ts';
import { relationOf } from '../relation.ts';
import type { EntryRule } from '../rule.ts';

/**
 * Rule 2. Only the organisation that recorded a private entry and the patient ever see it; nothing
 * overrides this, an emergency included.
 */
export const privateEntry: EntryRule = {
  id: 'private-entry',
  reason: 'The patient asked for this entry to be kept private.',
  source: 'Contract, section 4, rule 2; seed document "Patient Records & Sharing"',
  withholds(entry, { record, requester, choices }) {
    if (!choices.privateEntries.has(entry.id) && !isLabelledPrivate(entry)) return false;
    if (requester.caller.role === 'patient') return relationOf(record, requester) !== 'patient';
    return requester.caller.organization !== entry.recordedBy;
  },
  concerns: ({ record, choices }) =>
    choices.privateEntries.size > 0 || layoutOf(record.entries).labelled,
};

// Whatever its system: a label that says restricted is never read as saying less.
function isLabelledPrivate(entry: Entry): boolean {
  return entry.labels.some((label) => label.endsWith('|R') || label.endsWith('|V'));
}
