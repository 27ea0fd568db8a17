import type { CareRecord, Entry } from '../../record/care-record.ts';
import { relationOf } from '../relation.ts';
import type { EntryRule } from '../rule.ts';
import type { RuleData } from '../rule-data.ts';

/**
 * Rule 3. An entry with a code of the exclusion sets is as private, unless the patient included it.
 */
export const sensitiveEntry: EntryRule = {
  id: 'sensitive-entry',
  reason: 'Entries of this kind are not shared unless the patient asks for it.',
  source: 'Contract, section 4, rule 3; domain brief, section 1.4 (RCGP sensitive dataset)',
  withholds(entry, { record, requester, choices, data }) {
    if (!isSensitive(entry, data)) return false;
    if (choices.includedEntries.has(entry.id)) return false;
    if (requester.caller.role === 'patient') return relationOf(record, requester) !== 'patient';
    return requester.caller.organization !== entry.recordedBy;
  },
  concerns({ record, data }) {
    const known = ANY_SENSITIVE.get(record);
    if (known?.data === data) return known.any;
    const any = record.entries.some((entry) => isSensitive(entry, data));
    ANY_SENSITIVE.set(record, { data, any });
    return any;
  },
};

/** Whether a version of a record, which never changes, holds anything sensitive. */
const ANY_SENSITIVE = new WeakMap<CareRecord, { readonly data: RuleData; readonly any: boolean }>();

function isSensitive(entry: Entry, { sensitiveCodes }: RuleData): boolean {
  return entry.codes.some((code) => sensitiveCodes.has(code));
}
