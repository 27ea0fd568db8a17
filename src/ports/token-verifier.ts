import type { Caller } from '../domain/access/caller.ts';
import type { Result } from '../domain/result.ts';

/** Turns a bearer token into the caller it speaks for. */
export interface TokenVerifier {
  /**
   * The caller of a token that `verify` found valid before and would find valid now; null when it
   * has to be verified (again). Never waits.
   */
  recall(token: string): Caller | null;

  /**
   * Fails with `unauthenticated` when the token is not valid (signature, issuer, audience, times,
   * algorithm, missing claims), `forbidden` when it is valid but names no role we know or no
   * organisation, `unavailable` when no key can be had to check it with. Never waits on a dead key
   * server longer than its time limit, and never at all while it holds a usable key.
   */
  verify(token: string): Promise<Result<Caller>>;
}
