import type { Alert } from '../alert.ts';
import type { Problem, RuleCount } from '../problem.ts';
import type { CareRecord, Entry } from '../record/care-record.ts';
import type { OdsCode } from '../record/ods-code.ts';

declare const passedTheDoor: unique symbol;

/** An entry that a requester may see. Only `disclose.ts` makes these: the type is the proof. */
export type DisclosedEntry = Entry & { readonly [passedTheDoor]: true };

/**
 * What one requester may see of one record, now. Read interactions take this and cannot take a
 * CareRecord: totals, includes, links and narratives are computed from it alone.
 */
export interface DisclosedRecord {
  readonly [passedTheDoor]: true;
  readonly patientId: string;
  /** The registered practice's ODS code, which the Patient names; null until there is one. */
  readonly practice: OdsCode | null;
  readonly entries: readonly DisclosedEntry[];
  /**
   * Withdrawn entries whose last version this requester might see: asked for by id, they are gone.
   */
  readonly gone: readonly DisclosedEntry[];
}

/** What `disclose` decided: the view, or that the request is refused; and which rules decided. */
export type Disclosure =
  | {
      readonly outcome: 'disclosed';
      /** Null: for this requester there is no such record. */
      readonly view: DisclosedRecord | null;
      readonly rules: readonly RuleCount[];
      readonly alert: Alert | null;
    }
  | {
      readonly outcome: 'refused';
      readonly problem: Problem;
    };

/**
 * Marks entries as disclosed, and puts them in an order that comes from what is disclosed alone:
 * that in which they came into the record would tell of versions that are hidden. INVARIANT: called
 * by `disclose.ts` alone (a test holds it to that).
 */
export function letThrough(record: CareRecord, entries: readonly Entry[]): DisclosedRecord {
  const ordered = entries.toSorted(byLastChange);
  return {
    patientId: record.id,
    practice: record.practice,
    entries: ordered.filter((entry) => !entry.withdrawn),
    gone: ordered.filter((entry) => entry.withdrawn),
  } as unknown as DisclosedRecord;
}

function byLastChange(one: Entry, other: Entry): number {
  if (one.lastUpdated !== other.lastUpdated) return one.lastUpdated < other.lastUpdated ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

/** Marks earlier versions as disclosed. INVARIANT: called by `disclose.ts` alone. */
export function letVersionsThrough(versions: readonly Entry[]): readonly DisclosedEntry[] {
  return versions as readonly DisclosedEntry[];
}
