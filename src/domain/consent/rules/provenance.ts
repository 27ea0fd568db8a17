import type { Entry } from '../../record/care-record.ts';
import { layoutOf } from '../record-layout.ts';
import type { Rule, RuleId, Situation } from '../rule.ts';

/**
 * A Provenance goes with what it tells of. It is disclosed where all of that is, and does not make
 * it so: it never tells of something hidden.
 */
export const provenance: Rule = {
  id: 'provenance',
  reason: 'This tells of something that may not be seen.',
  source: 'Contract, section 4: a hidden thing looks exactly like one that does not exist',
};

/** The places of the Provenances among the entries that no rule withholds (null). */
export function provenancesAmong(
  withheldBy: readonly (RuleId | null)[],
  { record }: Pick<Situation, 'record'>,
): readonly number[] {
  return layoutOf(record.entries).provenances.filter((place) => withheldBy[place] === null);
}

/**
 * Of the Provenances at some places, those that tell of nothing but what `withheldBy` leaves to be
 * seen, or of one another. What is gone is told of by who is gone with it; a circle tells nothing.
 */
export function disclosedAmong(
  places: readonly number[],
  withheldBy: readonly (RuleId | null)[],
  { record: { entries } }: Pick<Situation, 'record'>,
): readonly number[] {
  const shown = entries.filter((_, place) => withheldBy[place] === null);
  const tellers = places.map((place) => new Teller(place, entries[place] as Entry));
  const tellersOf = Map.groupBy(
    tellers.flatMap((teller) => [...teller.awaited].map((id) => ({ id, teller }))),
    ({ id }) => id,
  );
  const disclosed: Teller[] = tellers.filter((teller) => teller.awaited.size === 0);
  const waiting = [...shown, ...disclosed.map(({ entry }) => entry)];
  for (let told = waiting.pop(); told !== undefined; told = waiting.pop()) {
    for (const { teller } of tellersOf.get(told.id) ?? []) {
      if (!teller.hears(told)) continue;
      disclosed.push(teller);
      waiting.push(teller.entry);
    }
  }
  return disclosed.map(({ place }) => place);
}

/** A Provenance, and what it tells of that is not known to be seen. */
class Teller {
  readonly place: number;
  readonly entry: Entry;
  readonly awaited: Set<string>;

  constructor(place: number, entry: Entry) {
    this.place = place;
    this.entry = entry;
    this.awaited = new Set(entry.tellsOf);
  }

  /** Takes note that an entry is seen; whether that was the last one awaited. */
  hears(told: Entry): boolean {
    if (told.withdrawn && !this.entry.withdrawn) return false;
    return this.awaited.delete(told.id) && this.awaited.size === 0;
  }
}
