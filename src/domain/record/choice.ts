import type { OdsCode } from './ods-code.ts';

/**
 * The choices a patient can make (contract, section 3, table "Consents"): the end of
 * `policy[0].uri`.
 */
export const POLICIES = [
  'scr-core-and-additional',
  'scr-core',
  'scr-dissent',
  'view',
  'sharing-out',
  'sharing-in',
  'private-entry',
  'include-sensitive',
  'secondary-use',
] as const;
export type Policy = (typeof POLICIES)[number];

/**
 * What a Consent resource says, in the form that the rules evaluate. Times are epoch milliseconds.
 */
export interface Choice {
  readonly policy: Policy;
  readonly permits: boolean;
  /** Whose choice it is about: the registered, recording or viewing organisation. */
  readonly organization: OdsCode;
  readonly active: boolean;
  /** `Consent.dateTime`, the earliest moment it can mean: of one family, the latest is in force. */
  readonly madeAt: number;
  /** `provision.period`, both ends inclusive; null where open. */
  readonly from: number | null;
  readonly until: number | null;
  /** Ids of the entries that `provision.data` names (`private-entry` and `include-sensitive`). */
  readonly names: readonly string[];
}
