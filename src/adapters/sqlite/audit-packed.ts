import type { AuditEntry } from '../../domain/audit/entry.ts';
import type { RuleCount } from '../../domain/problem.ts';

/**
 * How an entry stands in the log's files and tables: a fifth of its JSON. What many entries have in
 * common (who asked, what was done) is a value of its own, meant by a digest; digits are kept as
 * bytes, and the patient's id, which begins every other id, is there once.
 *
 * Form 1: the form, the links to act and agent, the token's id, the patient, the request target,
 * the request's id, the words about the outcome, how many entities, each entity, and what few
 * entries have (`Rare`), as JSON. The last byte is `NOTHING_RARE` where that is nothing. Form 0 is
 * the form and the entry's JSON. Forms are never changed; a change is another form.
 */
export const AS_JSON = 0;
export const AS_PARTS = 1;
export const FORM_BYTES = 1;

/** How form 1 ends where an entry has nothing rare: no JSON does. */
export const NOTHING_RARE = 0;

/** An entry that was packed; `id` and `recorded` complete its bytes. */
export interface PackedEntry {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly recorded: number;
  readonly bytes: Uint8Array;
  /** The values that it links to. */
  readonly values: readonly LinkedValue[];
}

/** Something that many entries have in common. */
export interface LinkedValue {
  /** 48 bits of its digest; never `NO_LINK`. */
  readonly link: number;
  /** Its JSON. */
  readonly value: string;
}

/** Finds a value, parsed, by its link. */
export type FindValue = (link: number) => unknown;

/** Where there is no agent. */
export const NO_LINK = 0;

/** Stands for the patient's id in the request target. */
export const PATIENT = '\u0000';

/**
 * An entity begins with a byte: its type's place times `ENTITY_KINDS`, and one of these. Behind it
 * stands the text, or the version, or the rest of the id and the version.
 */
export const ENTITY_AS_TEXT = 0;
export const ENTITY_IS_PATIENT = 1;
export const ENTITY_OF_PATIENT = 2;
export const ENTITY_KINDS = 4;
export const TYPES_MAX = 64;
export const OWN_ID_BYTES = 12;
export const VERSION_BYTES = 8;

/** What many entries have in common, beside the agent. */
export type Act = readonly [
  interaction: string,
  action: AuditEntry['action'],
  outcome: AuditEntry['outcome'],
  entityNames: readonly string[],
  rules: readonly RuleCount[],
  types: readonly string[],
];

/** Issuer, subject, name, organisation, its name, role, purpose, client. */
export type Agent = readonly (string | null)[];

/** What few entries have. */
export type Rare = Pick<AuditEntry, 'alert' | 'claim' | 'resolution'>;
