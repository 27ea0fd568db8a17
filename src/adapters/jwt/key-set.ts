import {
  type CryptoKey,
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from 'jose';
import type { Clock } from '../../ports/clock.ts';

/** How old keys may get before they are loaded again in the background. */
export const KEYS_FRESH_MS = 10 * 60_000;

/** At most one attempt to load keys is begun in this time; longer than an attempt can take. */
export const KEYS_COOLDOWN_MS = 10_000;

/** No key can be had: none was ever loaded, or the one asked for is new and its server is dead. */
export class KeysUnavailable extends Error {
  constructor() {
    super('the keys of the issuer cannot be had');
    this.name = 'KeysUnavailable';
  }
}

/**
 * The keys as they were loaded once; replaced as a whole, so that a key and its generation agree.
 */
interface Held {
  readonly find: ReturnType<typeof createLocalJWKSet>;
  readonly text: string;
  readonly generation: number;
}

/** One attempt to load the keys; everybody who wants one within the cooldown shares it. */
interface Attempt {
  readonly startedAt: number;
  /** Whether keys were had; never rejects. */
  readonly reached: Promise<boolean>;
}

/** A key, and the generation of the set that it was found in. */
export interface FoundKey {
  readonly key: CryptoKey;
  readonly generation: number;
}

/**
 * One issuer's keys. While a usable key is held, finding it never waits on the network: old keys
 * are refreshed in the background and stay in use for as long as their server is dead. Only an
 * unknown key, or having none at all, waits for one attempt, which is limited in time and in rate.
 */
export class KeySet {
  readonly #load: () => Promise<JSONWebKeySet>;
  readonly #clock: Clock;
  readonly #onFailure: (cause: unknown) => void;
  #held: Held | null = null;
  #loadedAt = 0;
  #attempt: Attempt | null = null;

  constructor(
    load: () => Promise<JSONWebKeySet>,
    clock: Clock,
    onFailure: (cause: unknown) => void,
  ) {
    this.#load = load;
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /** Changes whenever the keys do: what was verified under another is to be checked again. */
  get generation(): number {
    return this.#held?.generation ?? 0;
  }

  /** Begins a refresh when the keys are old by now, and does not wait for it. */
  refreshWhenOld(now: number): void {
    const isOld = now - this.#loadedAt > KEYS_FRESH_MS;
    if (this.#held !== null && isOld) void this.#refresh();
  }

  /**
   * The key that a token's header names. Rejects with jose's `JWKSNoMatchingKey` when the issuer
   * has no such key, and with `KeysUnavailable` when that cannot be known.
   */
  async find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<FoundKey> {
    this.refreshWhenOld(this.#clock.now());
    const held = this.#held ?? (await this.#refreshed());
    try {
      return await findIn(held, header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return findIn(await this.#refreshed(), header, token);
    }
  }

  async #refreshed(): Promise<Held> {
    const reached = await this.#refresh();
    if (!reached || this.#held === null) throw new KeysUnavailable();
    return this.#held;
  }

  #refresh(): Promise<boolean> {
    const now = this.#clock.now();
    if (this.#attempt !== null && isWithin(now - this.#attempt.startedAt, KEYS_COOLDOWN_MS)) {
      return this.#attempt.reached;
    }
    this.#attempt = { startedAt: now, reached: this.#tryLoading() };
    return this.#attempt.reached;
  }

  async #tryLoading(): Promise<boolean> {
    try {
      this.#replace(await this.#load());
      return true;
    } catch (cause) {
      this.#onFailure(cause);
      return false;
    }
  }

  #replace(jwks: JSONWebKeySet): void {
    const find = createLocalJWKSet(jwks);
    const text = JSON.stringify(jwks);
    this.#loadedAt = this.#clock.now();
    if (text !== this.#held?.text) this.#held = { find, text, generation: this.generation + 1 };
  }
}

async function findIn(
  held: Held,
  header: JWSHeaderParameters,
  token: FlattenedJWSInput,
): Promise<FoundKey> {
  return { key: await held.find(header, token), generation: held.generation };
}

/** A clock that was set back must not stop the refreshing until it has caught up. */
function isWithin(elapsedMs: number, limitMs: number): boolean {
  return elapsedMs >= 0 && elapsedMs < limitMs;
}
