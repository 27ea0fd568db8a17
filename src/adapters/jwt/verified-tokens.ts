import { hash } from 'node:crypto';
import type { Caller } from '../../domain/access/caller.ts';
import type { Clock } from '../../ports/clock.ts';
import type { KeySet } from './key-set.ts';

/** How many tokens are remembered; the one used longest ago makes room. */
export const VERIFIED_TOKENS_MAX = 10_000;

/** A token that was found valid, and under which keys. */
interface Verified {
  readonly caller: Caller;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly keys: KeySet;
  readonly generation: number;
}

/**
 * The callers of tokens that were found valid, until they expire or the keys of their issuer
 * change. Kept by digest, so that no token stays in memory.
 */
export class VerifiedTokens {
  readonly #clock: Clock;
  readonly #verified = new Map<string, Verified>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The caller of a token that was verified before and is still good; null otherwise. */
  recall(token: string): Caller | null {
    const digest = digestOf(token);
    const verified = this.#verified.get(digest);
    if (verified === undefined) return null;
    const now = this.#clock.now();
    verified.keys.refreshWhenOld(now);
    if (!isGood(verified, now)) {
      this.#verified.delete(digest);
      return null;
    }
    this.#touch(digest, verified);
    return verified.caller;
  }

  /** Remembers a valid token; `generation` is that of the keys that it was checked with. */
  remember(token: string, caller: Caller, keys: KeySet, generation: number): void {
    const verified = { caller, expiresAt: caller.expiresAt * 1000, keys, generation };
    if (!isGood(verified, this.#clock.now())) return;
    this.#verified.set(digestOf(token), verified);
    if (this.#verified.size <= VERIFIED_TOKENS_MAX) return;
    const [oldest] = this.#verified.keys();
    if (oldest !== undefined) this.#verified.delete(oldest);
  }

  /** A Map is in order of insertion; while there is much room, nobody asks for the order. */
  #touch(digest: string, verified: Verified): void {
    if (this.#verified.size < VERIFIED_TOKENS_MAX / 2) return;
    this.#verified.delete(digest);
    this.#verified.set(digest, verified);
  }
}

function isGood({ expiresAt, keys, generation }: Verified, now: number): boolean {
  return now < expiresAt && generation === keys.generation;
}

function digestOf(token: string): string {
  // As a string of bytes, the shortest there is: it is only looked up.
  return hash('sha256', token, 'latin1');
}
