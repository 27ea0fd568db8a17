import type { CareRecord, Entry } from '../../record/care-record.ts';
import type { ChoicesInForce } from '../choices-in-force.ts';
import { relationOf } from '../relation.ts';
import type { EntryRule, Situation } from '../rule.ts';

/**
 * Rule 1. While a dissent is in force nobody but the registered practice and the patient can tell
 * that there is a record; what was held before stays masked after opting in again, until the
 * organisation that recorded it submits anew.
 */
export const dissent: EntryRule = {
  id: 'dissent',
  reason: 'You chose not to have a Summary Care Record.',
  source: 'Contract, section 4, rule 1; domain brief, section 1.3',
  withholds(entry, situation) {
    if (relationOf(situation.record, situation.requester) !== 'elsewhere') return false;
    return situation.choices.summary === 'dissent' || isMasked(entry, situation);
  },
};

/** Whether an entry was submitted before the last moment at which a dissent was in force. */
function isMasked(entry: Entry, { record, now }: Situation): boolean {
  const acceptedAt = record.sources[entry.recordedBy]?.acceptedAt;
  if (acceptedAt === undefined) return false;
  const seen = record.dissentSeenAt;
  return (seen !== null && acceptedAt <= seen) || dissentEndedSince(record, acceptedAt, now);
}

/** Whether a dissent ran out by its own period after a moment: no commit marks that. */
function dissentEndedSince(record: CareRecord, moment: string, now: number): boolean {
  const since = Date.parse(moment);
  return record.entries.some(({ choice, withdrawn }) => {
    if (withdrawn || choice?.policy !== 'scr-dissent' || !choice.active) return false;
    const { until } = choice;
    return until !== null && until >= since && until < now;
  });
}

/**
 * Notes on a record about to be committed that a dissent is or was in force, so that masked content
 * stays masked when it ends.
 */
export function markDissent(
  next: CareRecord,
  before: ChoicesInForce,
  after: ChoicesInForce,
): CareRecord {
  const seen = before.summary === 'dissent' || after.summary === 'dissent';
  return seen ? { ...next, dissentSeenAt: next.committedAt } : next;
}
