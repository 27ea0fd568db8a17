import type { OdsCode } from '../record/ods-code.ts';
import type { Scope } from './scope.ts';

/** The roles of the contract's section 2; there are no others. */
export const ROLES = [
  'gp-system',
  'care-system',
  'practice-staff',
  'clinician',
  'privacy-officer',
  'auditor',
  'patient',
  'extractor',
] as const;
export type Role = (typeof ROLES)[number];

/** Who is calling, as their verified token says. */
export interface Caller {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string | null;
  readonly role: Role;
  /** Whom they act for; empty for a patient, who acts for no organisation, and equal to none. */
  readonly organization: OdsCode;
  readonly organizationName: string | null;
  /** A code of v3-ActReason, known to the rules or not; null when none was stated. */
  readonly purpose: string | null;
  /** Only those that count for this role and launch context. */
  readonly scopes: readonly Scope[];
  readonly client: string | null;
  readonly tokenId: string | null;
  /** SMART launch context: the only Patient id this token reaches; null when not limited. */
  readonly launchPatient: string | null;
  /** Whose record, for role `patient`; null for all others. */
  readonly nhsNumber: string | null;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** Whether a code is one of the roles. */
export function isRole(code: string): code is Role {
  return ROLES.some((role) => role === code);
}

/** `issuer|subject`: the same person, whatever token they bring. */
export function personOf({ issuer, subject }: Pick<Caller, 'issuer' | 'subject'>): string {
  return `${issuer}|${subject}`;
}
