import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { IssuerConfig } from '../../src/adapters/jwt/issuer-config.ts';
import {
  claimsOf,
  DEFAULT_SCOPES,
  mintToken,
  type SigningKey,
  type TokenRequest,
} from '../../src/adapters/jwt/mint-token.ts';
import type { Caller, Role } from '../../src/domain/access/caller.ts';
import { parseScopes } from '../../src/domain/access/scope.ts';

/** The moment at which tests take place unless they say otherwise: epoch milliseconds. */
export const TOKEN_NOW = Date.UTC(2026, 0, 15, 12);

/** An NHS number of the test range, for role `patient`. */
export const PATIENT_NHS_NUMBER = '9000000009';

/**
 * A caller of each role, as a valid token would make them; whatever is given replaces the default.
 */
export const callers = {
  gpSystem: (over: Partial<Caller> = {}) => callerOf('gp-system', 'A81001', over),
  careSystem: (over: Partial<Caller> = {}) => callerOf('care-system', 'RY601', over),
  practiceStaff: (over: Partial<Caller> = {}) => callerOf('practice-staff', 'A81001', over),
  clinician: (over: Partial<Caller> = {}) => callerOf('clinician', 'RX1', over),
  privacyOfficer: (over: Partial<Caller> = {}) => callerOf('privacy-officer', 'RX1', over),
  auditor: (over: Partial<Caller> = {}) => callerOf('auditor', 'X26', over),
  patient: (over: Partial<Caller> = {}) =>
    callerOf('patient', '', { nhsNumber: PATIENT_NHS_NUMBER, ...over }),
  extractor: (over: Partial<Caller> = {}) => callerOf('extractor', 'X26', over),
};

/** Every caller builder by its role, for tables over all of them. */
export const callerOfRole: Readonly<Record<Role, (over?: Partial<Caller>) => Caller>> = {
  'gp-system': callers.gpSystem,
  'care-system': callers.careSystem,
  'practice-staff': callers.practiceStaff,
  clinician: callers.clinician,
  'privacy-officer': callers.privacyOfficer,
  auditor: callers.auditor,
  patient: callers.patient,
  extractor: callers.extractor,
};

function callerOf(role: Role, organization: string, over: Partial<Caller>): Caller {
  return {
    issuer: TEST_ISSUER,
    subject: `test-${role}`,
    name: null,
    role,
    organization,
    organizationName: null,
    purpose: null,
    scopes: parseScopes(DEFAULT_SCOPES[role]),
    client: null,
    tokenId: null,
    launchPatient: null,
    nhsNumber: null,
    expiresAt: TOKEN_NOW / 1000 + 3600,
    ...over,
  };
}

export const TEST_ISSUER = 'https://issuer.test';
export const TEST_AUDIENCE = 'https://scr.test';

/** A key pair to sign with, and its public half as an issuer publishes it. */
export interface TestKey extends SigningKey {
  readonly publicJwk: JWK;
}

/** Makes a key pair of the test issuer. */
export async function makeKey(algorithm = 'ES256', keyId = 'key-1'): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm);
  const jwk = await exportJWK(publicKey);
  return {
    issuer: TEST_ISSUER,
    audience: TEST_AUDIENCE,
    algorithm,
    keyId,
    privateKey,
    publicJwk: { ...jwk, kid: keyId, alg: algorithm, use: 'sig' },
  };
}

/** The configuration that trusts these keys. */
export function trusting(...keys: readonly TestKey[]): IssuerConfig {
  const jwks = { keys: keys.map((key) => key.publicJwk) };
  return { issuer: TEST_ISSUER, audience: TEST_AUDIENCE, jwks };
}

let sharedKey: Promise<TestKey> | undefined;

function theKey(): Promise<TestKey> {
  sharedKey ??= makeKey();
  return sharedKey;
}

/** The issuer whose tokens `tokenFor` makes: for `createTokenVerifier`. */
export async function testIssuer(): Promise<IssuerConfig> {
  return trusting(await theKey());
}

/** A valid token at `TOKEN_NOW` (or `request.now`); organisations default as in `callers`. */
export async function tokenFor(request: Partial<TokenRequest> & { role: Role }): Promise<string> {
  return mintToken(await theKey(), withDefaults(request));
}

/**
 * A token like `tokenFor`'s with claims replaced (undefined leaves one out), signed with a given
 * key.
 */
export async function tokenWith(
  key: TestKey,
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const all = { ...claimsOf(key, withDefaults({ role: 'clinician' })), ...claims };
  return new SignJWT(JSON.parse(JSON.stringify(all)))
    .setProtectedHeader({ alg: key.algorithm, kid: key.keyId, ...header })
    .sign(key.privateKey);
}

function withDefaults(request: Partial<TokenRequest> & { role: Role }): TokenRequest {
  const who = callerOfRole[request.role]();
  return {
    now: TOKEN_NOW,
    subject: who.subject,
    ...(who.organization !== '' && { organization: who.organization }),
    ...(who.nhsNumber !== null && { nhsNumber: who.nhsNumber }),
    ...request,
  };
}
