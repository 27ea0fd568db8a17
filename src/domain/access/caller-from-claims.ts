import { isNhsNumber } from '../fhir/nhs-number.ts';
import { ACT_REASON, ODS_CODE, ROLE } from '../fhir/systems.ts';
import { problem } from '../problem.ts';
import type { OdsCode } from '../record/ods-code.ts';
import { type Failure, fail, type Result, succeed } from '../result.ts';
import { type Caller, isRole, ROLES, type Role } from './caller.ts';
import { parseScopes, type Scope } from './scope.ts';
import { scopesInForce } from './scope-level.ts';

/** The claims of a token whose signature, issuer, audience and times have been checked. */
export interface VerifiedClaims {
  readonly iss: string;
  readonly sub: string;
  /** Epoch seconds. */
  readonly exp: number;
  readonly [name: string]: unknown;
}

type Claims = Readonly<Record<string, unknown>>;

/** The level of NHS login at which a person's identity was proved. */
const PROVED_IDENTITY = 'P9';

/**
 * Who the caller is, by the IHE IUA claims (`extensions.ihe_iua`) and SMART's (contract, section
 * 2; https://profiles.ihe.net/ITI/IUA). Fails with `forbidden` when the token does not name
 * exactly one role we know and an organisation, states two purposes, limits itself to a patient in
 * a way we cannot read, or speaks for a patient whose number or identity is not proved.
 */
export function callerFromClaims(claims: VerifiedClaims): Result<Caller> {
  const iua = asObject(asObject(claims.extensions).ihe_iua);
  const role = roleOf(iua);
  if (!role.ok) return role;
  const organization = organizationOf(iua, role.value);
  if (!organization.ok) return organization;
  const purpose = purposeOf(iua);
  if (!purpose.ok) return purpose;
  const launchPatient = launchPatientOf(claims);
  if (!launchPatient.ok) return launchPatient;
  const nhsNumber = nhsNumberOf(claims, role.value);
  if (!nhsNumber.ok) return nhsNumber;
  const holder = { role: role.value, launchPatient: launchPatient.value };
  return succeed({
    ...holder,
    issuer: claims.iss,
    subject: claims.sub,
    name: textOrNull(iua.subject_name),
    organization: organization.value,
    organizationName: textOrNull(iua.subject_organization),
    purpose: purpose.value,
    scopes: scopesInForce(holder, scopesOf(claims)),
    client: textOrNull(claims.client_id),
    tokenId: textOrNull(claims.jti),
    nhsNumber: nhsNumber.value,
    expiresAt: claims.exp,
  });
}

function roleOf(iua: Claims): Result<Role> {
  const [code, ...others] = codesOf(iua.subject_role, ROLE) ?? [];
  if (code === undefined || others.length > 0) {
    return forbid(`The token must name exactly one role of the system ${ROLE} in subject_role.`);
  }
  if (!isRole(code)) {
    return forbid(`The token names an unknown role. The roles are: ${ROLES.join(', ')}.`);
  }
  return succeed(code);
}

/** A patient acts for nobody else: an organisation in their token must not open that one's view. */
function organizationOf(iua: Claims, role: Role): Result<OdsCode> {
  if (role === 'patient') return succeed('');
  const id = iua.subject_organization_id;
  const prefix = `${ODS_CODE}|`;
  const code = typeof id === 'string' && id.startsWith(prefix) ? id.slice(prefix.length) : '';
  if (!/^[A-Za-z0-9]{1,12}$/.test(code)) {
    return forbid(
      `The token must name an organisation as ${prefix}CODE in subject_organization_id.`,
    );
  }
  return succeed(code);
}

/** A purpose of another system says nothing to the rules, so it counts as none. */
function purposeOf(iua: Claims): Result<string | null> {
  const codes = codesOf(iua.purpose_of_use ?? [], ACT_REASON);
  if (codes === null) return forbid('The purpose_of_use of the token is not a list of codings.');
  const [purpose, ...others] = new Set(codes);
  if (others.length > 0) return forbid('The token states more than one purpose of use.');
  return succeed(purpose ?? null);
}

/** A limit that cannot be read must not become no limit at all. */
function launchPatientOf(claims: Claims): Result<string | null> {
  const patient = claims.patient;
  if (patient === undefined || patient === null) return succeed(null);
  if (typeof patient === 'string' && /^[A-Za-z0-9.-]{1,64}$/.test(patient)) return succeed(patient);
  return forbid('The claim patient of the token is not the id of a Patient.');
}

function nhsNumberOf(claims: Claims, role: Role): Result<string | null> {
  if (role !== 'patient') return succeed(null);
  const number = claims.nhs_number;
  if (typeof number !== 'string' || !isNhsNumber(number)) {
    return forbid('The token of a patient must carry a valid nhs_number.');
  }
  if (claims.identity_proofing_level !== PROVED_IDENTITY) {
    return forbid(`The token of a patient must carry identity_proofing_level ${PROVED_IDENTITY}.`);
  }
  return succeed(number);
}

function scopesOf(claims: Claims): readonly Scope[] {
  const scope = claims.scope;
  if (typeof scope === 'string') return parseScopes(scope);
  if (!Array.isArray(scope)) return [];
  return parseScopes(scope.filter((word) => typeof word === 'string'));
}

/**
 * The codes of one system in a list of codings; null when the list or one of its codings is
 * unreadable.
 */
function codesOf(list: unknown, system: string): readonly string[] | null {
  if (!Array.isArray(list)) return null;
  const codings = list.map(asObject);
  if (!codings.every((coding) => typeof coding.code === 'string')) return null;
  return codings.filter((coding) => coding.system === system).map((coding) => String(coding.code));
}

function asObject(value: unknown): Claims {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? Object.fromEntries(Object.entries(value)) : {};
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function forbid(diagnostics: string): Failure {
  return fail(problem('forbidden', 'forbidden', diagnostics));
}
