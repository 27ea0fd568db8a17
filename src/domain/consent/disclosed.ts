import type { Role } from '../access/caller.ts';
import type { Alert } from '../alert.ts';
import type { Problem, RuleCount } from '../problem.ts';
import type { CareRecord, Entry } from '../record/care-record.ts';
import type { OdsCode } from '../record/ods-code.ts';
import { layoutOf } from './record-layout.ts';
import type { RuleId } from './rule.ts';

/**
 * In which form entries are handed over: systems get back what was sent, to the letter, as they
 * hold it against what they have; people get what is enough by itself.
 */
export type Form = 'sent' | 'presented';

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
  readonly form: Form;
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
 * Marks the entries that no rule withholds as disclosed: null in `withheldBy`, which has a place
 * for each. INVARIANT: called by `disclose.ts` alone (a test holds it to that).
 */
export function letThrough(
  record: CareRecord,
  withheldBy: readonly (RuleId | null)[],
  role: Role,
): DisclosedRecord {
  const form: Form = SYSTEMS.includes(role) ? 'sent' : 'presented';
  return viewOf(record, { form, withheldBy });
}

const SYSTEMS: readonly Role[] = ['gp-system', 'care-system'];

/** What a view is made of, beside the record: equal ones make equal views. */
interface ViewMade {
  readonly form: Form;
  readonly withheldBy: readonly (RuleId | null)[];
}

/** Versions of records that were shown before, from where they are in memory. */
const SHOWN = new WeakSet<CareRecord>();

/**
 * The last view of each of them, which goes with it. Not of those that are shown once, as most of a
 * large store are: what a map holds has to be collected from the old generation.
 */
const LAST = new WeakMap<CareRecord, { readonly of: ViewMade; readonly view: DisclosedRecord }>();
const FAMILIAR = new WeakSet<DisclosedRecord>();

/**
 * The view that is made of this, or the last one of the record where that was made of the same.
 * What is withheld was decided anew; what was worked out for a view holds for its equal.
 */
function viewOf(record: CareRecord, of: ViewMade): DisclosedRecord {
  if (!SHOWN.has(record)) {
    SHOWN.add(record);
    return newView(record, of);
  }
  const last = LAST.get(record);
  if (last !== undefined && isSame(last.of, of)) return last.view;
  const view = newView(record, of);
  LAST.set(record, { of, view });
  FAMILIAR.add(view);
  return view;
}

function newView(record: CareRecord, { form, withheldBy }: ViewMade): DisclosedRecord {
  const entries: Entry[] = [];
  const gone: Entry[] = [];
  for (const place of layoutOf(record.entries).order) {
    const entry = record.entries[place];
    if (entry === undefined || withheldBy[place] !== null) continue;
    (entry.withdrawn ? gone : entries).push(entry);
  }
  const { id: patientId, practice } = record;
  return { patientId, practice, form, entries, gone } as unknown as DisclosedRecord;
}

function isSame(one: ViewMade, other: ViewMade): boolean {
  return (
    one.form === other.form &&
    one.withheldBy.every((rule, place) => rule === other.withheldBy[place])
  );
}

/**
 * Whether the record of a view was shown before from where it is in memory: then what is worked out
 * for it is likely to be asked for again. For most records of a large store it is not, and keeping
 * it would cost more than working it out.
 */
export function isFamiliar(view: DisclosedRecord): boolean {
  return FAMILIAR.has(view);
}

/** Some entries of a view and no others, as familiar as they are in it. */
export function viewWithin(
  view: DisclosedRecord,
  entries: readonly DisclosedEntry[],
): DisclosedRecord {
  const within = { ...view, entries };
  if (FAMILIAR.has(view)) FAMILIAR.add(within);
  return within;
}

/** Marks earlier versions as disclosed. INVARIANT: called by `disclose.ts` alone. */
export function letVersionsThrough(versions: readonly Entry[]): readonly DisclosedEntry[] {
  return versions as readonly DisclosedEntry[];
}
