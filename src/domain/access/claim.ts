import type { Instant } from '../fhir/instant.ts';
import type { OdsCode } from '../record/ods-code.ts';

/** A relationship that a person claimed with a patient, until it expires. */
export interface Claim {
  readonly patient: string;
  /** `issuer|subject` of the person. */
  readonly person: string;
  readonly organization: OdsCode;
  readonly reason: ClaimReason;
  /** The claimant's own words, for the privacy officer; null when there are none. */
  readonly note: string | null;
  readonly madeAt: Instant;
  readonly expiresAt: Instant;
}

export type ClaimReason = 'care-episode' | 'emergency' | 'legal';

/**
 * Which claims: those of this person at this organisation with this patient, live at `activeAt`.
 */
export interface ClaimQuery {
  readonly patient: string;
  readonly person: string;
  readonly organization: OdsCode;
  readonly activeAt: Instant;
}
