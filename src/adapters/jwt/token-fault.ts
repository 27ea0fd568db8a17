import { errors } from 'jose';
import type { IssueType, Problem } from '../../domain/problem.ts';
import { problem } from '../../domain/problem.ts';
import { KEYS_COOLDOWN_MS, KeysUnavailable } from './key-set.ts';

/** What each fault is called. Our own words: nothing of the token is echoed. */
const WORDS_FOR: Readonly<Record<string, string>> = {
  ERR_JOSE_ALG_NOT_ALLOWED: 'The token is signed with an algorithm that is not accepted.',
  ERR_JOSE_NOT_SUPPORTED: 'The token is signed with an algorithm that is not accepted.',
  ERR_JWKS_NO_MATCHING_KEY: "The key that the token names (kid) is not one of its issuer's.",
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'The token does not say which key of its issuer (kid) it uses.',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'The signature of the token does not verify.',
  ERR_JWS_INVALID: 'The token is not a signed JSON Web Token.',
  ERR_JWT_INVALID: 'The token is not a signed JSON Web Token.',
};

/** What each claim's fault is called. */
const WORDS_FOR_CLAIM: Readonly<Record<string, string>> = {
  aud: 'The token is meant for another audience.',
  iss: 'The token comes from an issuer that is not trusted here.',
  nbf: 'The token is not valid yet.',
};

/** The problem that an error of jose, or of our key set, stands for (RFC 6750, section 3.1). */
export function tokenFault(error: unknown): Problem {
  if (error instanceof KeysUnavailable) return keysUnavailable();
  if (error instanceof errors.JWTExpired) return refused('expired', 'The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) return refused('login', inWords(error));
  const code = error instanceof errors.JOSEError ? error.code : '';
  return refused('login', WORDS_FOR[code] ?? 'The token could not be verified.');
}

/** A token that is refused: `login` says that another is needed, `expired` that a fresh one is. */
export function refused(code: IssueType, diagnostics: string): Problem {
  return { ...problem('unauthenticated', code, diagnostics), challenge: 'invalid_token' };
}

function inWords({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (reason === 'missing') return `The token lacks the claim ${claim}.`;
  return WORDS_FOR_CLAIM[claim] ?? `The claim ${claim} of the token is not valid.`;
}

function keysUnavailable(): Problem {
  return {
    ...problem('unavailable', 'transient', 'The keys of the token issuer cannot be had just now.'),
    retryAfterSeconds: KEYS_COOLDOWN_MS / 1000,
  };
}
