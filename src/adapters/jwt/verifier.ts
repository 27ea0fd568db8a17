import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Caller } from '../../domain/access/caller.ts';
import { callerFromClaims } from '../../domain/access/caller-from-claims.ts';
import { fail, type Result, succeed } from '../../domain/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TokenVerifier } from '../../ports/token-verifier.ts';
import type { IssuerConfig, KeyFaultReport } from './issuer-config.ts';
import { KeySet, KeysUnavailable } from './key-set.ts';
import { keySource } from './key-source.ts';
import { refused, tokenFault } from './token-fault.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** The signature algorithms that are accepted (contract, section 2). */
export const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA'];

/** How far apart the issuer's clock and ours may be. */
export const CLOCK_TOLERANCE_SECONDS = 30;

/** Longer tokens are not looked at; HTTP servers take no longer headers either. */
export const TOKEN_CHARACTERS_MAX = 16 * 1024;

interface Trusted {
  readonly config: IssuerConfig;
  readonly keys: KeySet;
}

/**
 * Verifies JSON Web Tokens (RFC 7519, RFC 8725) of the issuers given, each with its own audience
 * and keys. A token that was verified is remembered until it expires. `onKeyFault` hears of keys
 * that cannot be loaded or used, background refreshes included.
 */
export function createTokenVerifier(
  issuers: readonly IssuerConfig[],
  clock: Clock,
  onKeyFault: KeyFaultReport = () => {},
): TokenVerifier {
  const trusted = trustedIssuers(issuers, clock, onKeyFault);
  const verified = new VerifiedTokens(clock);
  return {
    recall: (token) => verified.recall(token),
    async verify(token) {
      if (token.length > TOKEN_CHARACTERS_MAX) {
        return fail(refused('login', 'The token is too long.'));
      }
      const known = verified.recall(token);
      if (known !== null) return succeed(known);
      return check(token, trusted, verified, clock, onKeyFault);
    },
  };
}

function trustedIssuers(
  issuers: readonly IssuerConfig[],
  clock: Clock,
  onKeyFault: KeyFaultReport,
): ReadonlyMap<unknown, Trusted> {
  return new Map(
    issuers.map((config) => {
      const report = (cause: unknown): void => onKeyFault(config.issuer, cause);
      return [config.issuer, { config, keys: new KeySet(keySource(config.jwks), clock, report) }];
    }),
  );
}

async function check(
  token: string,
  trusted: ReadonlyMap<unknown, Trusted>,
  verified: VerifiedTokens,
  clock: Clock,
  onKeyFault: KeyFaultReport,
): Promise<Result<Caller>> {
  const issuer = trusted.get(claimedIssuer(token));
  if (issuer === undefined) {
    return fail(refused('login', 'The token is not one of an issuer that is trusted here.'));
  }
  const { config, keys } = issuer;
  try {
    const { payload, generation } = await verifySignature(token, issuer, clock);
    const result = callerOf(payload);
    if (result.ok) verified.remember(token, result.value, keys, generation);
    return result;
  } catch (error) {
    // Neither the token's fault nor a dead server's (both are told elsewhere): an unusable key.
    const isExpected = error instanceof errors.JOSEError || error instanceof KeysUnavailable;
    if (!isExpected) onKeyFault(config.issuer, error);
    return fail(tokenFault(error));
  }
}

/** `iss` as the token claims it, not yet proved: it only chooses the keys that must prove it. */
function claimedIssuer(token: string): unknown {
  try {
    return decodeJwt(token).iss;
  } catch (error) {
    if (error instanceof errors.JWTInvalid) return undefined;
    throw error;
  }
}

interface Signed {
  readonly payload: JWTPayload;
  /** Of the keys that it was verified with. */
  readonly generation: number;
}

async function verifySignature(token: string, issuer: Trusted, clock: Clock): Promise<Signed> {
  let generation = 0;
  const getKey: JWTVerifyGetKey = async (header, input) => {
    const found = await issuer.keys.find(header, input);
    generation = found.generation;
    return found.key;
  };
  const { payload } = await jwtVerify(token, getKey, {
    algorithms: ALGORITHMS,
    issuer: issuer.config.issuer,
    audience: issuer.config.audience,
    requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: new Date(clock.now()),
  });
  return { payload, generation };
}

/**
 * jose checks that `sub` and `exp` are there, not that the one is a text and the other a real
 * time.
 */
function callerOf(payload: JWTPayload): Result<Caller> {
  const { iss, sub, exp } = payload;
  if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '') {
    return fail(refused('login', 'The claim sub of the token is not valid.'));
  }
  if (exp === undefined || !Number.isSafeInteger(Math.floor(exp))) {
    return fail(refused('login', 'The claim exp of the token is not valid.'));
  }
  return callerFromClaims({ ...payload, iss, sub, exp });
}
