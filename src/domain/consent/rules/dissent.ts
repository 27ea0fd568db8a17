import type { CareRecord, Entry } from '../../record/care-record.ts';
import { choicesInForce } from '../choices-in-force.ts';
import { relationOf } from '../relation.ts';
import type { EntryRule, Situation } from '../rule.ts';

/**
 * Rule 1. While a dissent is in force nobody but the registered practice and the patient can tell
 * that there is a record; what was held before stays masked after opting in again, until the
 * organisation that recorded it submits anew.
 */
export const dissent: EntryRule = {
  id: 'dissent',
  reason: 'The patient chose not to have a Summary Care Record.',
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
 * Notes on a record about to be committed when a dissent was last known to be in force, so that what
 * was held by then stays masked when it ends. A submission that itself ends it is not masked.
 */
export function markDissent(current: CareRecord | null, next: CareRecord, now: number): CareRecord {
  if (choicesInForce(next.entries, now).summary === 'dissent') {
    return { ...next, dissentSeenAt: next.committedAt };
  }
  if (current === null || choicesInForce(current.entries, now).summary !== 'dissent') return next;
  return { ...next, dissentSeenAt: current.committedAt };
}
