import type { Caller } from '../access/caller.ts';
import type { Claim } from '../access/claim.ts';
import type { RecordType } from '../fhir/resource-types.ts';
import type { CareRecord, Entry } from '../record/care-record.ts';
import type { ChoicesInForce } from './choices-in-force.ts';
import type { RuleData } from './rule-data.ts';

/** Ids of the rules of the contract's section 4, as decisions and audit entries carry them. */
export const RULE_IDS = [
  'dissent',
  'private-entry',
  'sensitive-entry',
  'additional-information',
  'sharing-out',
  'sharing-in',
  'relationship',
  'permission-to-view',
  'not-for-patient',
  'summary-window',
  'consent-visibility',
  'supporting-resource',
  'provenance',
  'version',
  'role',
  'scope',
] as const;
export type RuleId = (typeof RULE_IDS)[number];

/** Who asks, in what relation to this patient. */
export interface Requester {
  readonly caller: Caller;
  /** The claims of this person at this organisation with this patient that are live now. */
  readonly claims: readonly Claim[];
}

/** Everything that a rule may look at. */
export interface Situation {
  readonly record: CareRecord;
  readonly requester: Requester;
  readonly choices: ChoicesInForce;
  readonly data: RuleData;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What every rule says of itself. */
export interface Rule {
  readonly id: RuleId;
  /** Why it withholds, in words that patients and staff understand. */
  readonly reason: string;
  /** Where the rule comes from. */
  readonly source: string;
}

/** A rule about single entries. It only ever withholds: what no rule withholds is disclosed. */
export interface EntryRule extends Rule {
  /** Whether this entry is withheld from this requester. */
  withholds(entry: Entry, situation: Situation): boolean;
  /**
   * The types of the entries that it is about; all when it does not say. INVARIANT: `withholds` is
   * false for every other entry.
   */
  readonly types?: readonly RecordType[];
  /**
   * Whether it might withhold anything of this record at all. INVARIANT: false only where
   * `withholds` is false for every entry of it; a decision on a long record is made fast by that.
   */
  concerns(situation: Situation): boolean;
}
