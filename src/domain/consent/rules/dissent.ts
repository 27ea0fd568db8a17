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
  concerns({ record, requester, choices }) {
    if (relationOf(record, requester) !== 'elsewhere') return false;
    const dissented = record.dissentSeenAt !== null || choices.lastDissent !== null;
    return dissented || choices.summary === 'dissent';
  },
};

/**
 * Whether an entry was last known to be current before the last moment at which a dissent was in
 * force: when its organisation's complete extract was accepted, or later when it was written alone.
 * To withdraw it brings nothing to light.
 */
export function isMasked(
  entry: Entry,
  { record, choices }: Pick<Situation, 'record' | 'choices'>,
): boolean {
  const source = record.sources[entry.recordedBy];
  if (source === undefined) return false;
  const extract = source.acceptedAt ?? NEVER;
  const current = entry.withdrawn || entry.lastUpdated < extract ? extract : entry.lastUpdated;
  if (record.dissentSeenAt !== null && current <= record.dissentSeenAt) return true;
  // No commit marks that a dissent began or ended by a date.
  const { lastDissent } = choices;
  return lastDissent !== null && (current === NEVER || Date.parse(current) <= lastDissent);
}

/** Before every instant, whose text order is time order. */
const NEVER = '';

/**
 * Notes on a record about to be committed when a dissent was last known to be in force, so that
 * what was held by then stays masked when it ends. A submission that itself ends it is not masked.
 */
export function markDissent(current: CareRecord | null, next: CareRecord, now: number): CareRecord {
  if (choicesInForce(next.entries, now).summary === 'dissent') {
    return { ...next, dissentSeenAt: next.committedAt };
  }
  const last = current && choicesInForce(current.entries, now).lastDissent;
  if (current === null || last === null) return next;
  // Nothing that is held is newer than the current version.
  const seen = new Date(Math.min(last, Date.parse(current.committedAt))).toISOString();
  return seen > (next.dissentSeenAt ?? '') ? { ...next, dissentSeenAt: seen } : next;
}
