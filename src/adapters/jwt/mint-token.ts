import { type CryptoKey, type JWK, SignJWT } from 'jose';
import type { Role } from '../../domain/access/caller.ts';
import { ACT_REASON, ODS_CODE, ROLE } from '../../domain/fhir/systems.ts';

/** What a token is to say (contract, section 2). */
export interface TokenRequest {
  readonly role: Role;
  /** ODS code; left out for role `patient`. */
  readonly organization?: string | undefined;
  readonly organizationName?: string | undefined;
  readonly purpose?: string | undefined;
  /** `development-[role]` unless given. */
  readonly subject?: string | undefined;
  readonly name?: string | undefined;
  /** SMART launch context: the Patient id that the token is limited to. */
  readonly patient?: string | undefined;
  /** For role `patient`; the identity counts as proved. */
  readonly nhsNumber?: string | undefined;
  /** What the role needs, unless given. */
  readonly scope?: string | undefined;
  readonly lifetimeHours?: number | undefined;
  /** `jti`. */
  readonly tokenId?: string | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What a token is signed with. */
export interface SigningKey {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithm: string;
  readonly keyId: string;
  readonly privateKey: CryptoKey | JWK;
}

export const TOKEN_LIFETIME_HOURS_DEFAULT = 12;

/** Scopes under which each role can do all that it may, and not more. */
export const DEFAULT_SCOPES: Readonly<Record<Role, string>> = {
  'gp-system': 'system/*.cruds',
  'care-system': 'system/*.cruds',
  'practice-staff': 'user/*.rs user/Consent.cruds',
  clinician: 'user/*.rs user/Consent.cruds',
  'privacy-officer': 'user/AuditEvent.rs',
  auditor: 'user/AuditEvent.rs',
  patient: 'patient/*.rs patient/Consent.cruds',
  extractor: 'system/*.rs',
};

/**
 * Signs a token (a compact JWT) that says what is asked. Nothing is checked: tests want bad ones
 * too.
 */
export async function mintToken(key: SigningKey, request: TokenRequest): Promise<string> {
  return new SignJWT(claimsOf(key, request))
    .setProtectedHeader({ alg: key.algorithm, kid: key.keyId, typ: 'JWT' })
    .sign(key.privateKey);
}

/** The claims that a token will carry; what is not asked for is left out. */
export function claimsOf(
  key: Pick<SigningKey, 'issuer' | 'audience'>,
  request: TokenRequest,
): Record<string, unknown> & { iss: string; sub: string; exp: number } {
  const now = Math.floor(request.now / 1000);
  const hours = request.lifetimeHours ?? TOKEN_LIFETIME_HOURS_DEFAULT;
  const isPatient = request.nhsNumber !== undefined;
  return {
    iss: key.issuer,
    aud: key.audience,
    sub: request.subject ?? `development-${request.role}`,
    iat: now,
    exp: now + Math.round(hours * 3600),
    scope: request.scope ?? DEFAULT_SCOPES[request.role],
    ...(request.tokenId !== undefined && { jti: request.tokenId }),
    ...(request.patient !== undefined && { patient: request.patient }),
    ...(isPatient && { nhs_number: request.nhsNumber, identity_proofing_level: 'P9' }),
    extensions: { ihe_iua: iuaOf(request) },
  };
}

function iuaOf(request: TokenRequest): Record<string, unknown> {
  const { organization, organizationName, purpose, name } = request;
  return {
    ...(name !== undefined && { subject_name: name }),
    ...(organizationName !== undefined && { subject_organization: organizationName }),
    ...(organization !== undefined && { subject_organization_id: `${ODS_CODE}|${organization}` }),
    subject_role: [{ system: ROLE, code: request.role }],
    ...(purpose !== undefined && { purpose_of_use: [{ system: ACT_REASON, code: purpose }] }),
  };
}
