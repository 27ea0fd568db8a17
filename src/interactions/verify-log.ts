import { sealFaults } from '../domain/audit/check-seal.ts';
import { NO_SEAL, type Seal, type Sha256 } from '../domain/audit/seal.ts';
import { type Store, StoreUnavailable } from '../ports/store.ts';
import { searchFaults } from './search-faults.ts';

/** A seal as it was kept elsewhere, from a line of the server's log or an earlier report. */
export interface KeptSeal {
  readonly number: number;
  readonly hash: string;
}

/** What the seals say of the log as it is now. */
export interface LogReport {
  readonly seals: number;
  /** How many entries they cover. */
  readonly entries: number;
  readonly newest: Seal | null;
  /** What does not hold, in words that name no patient; the first `FAULTS_MAX` of them. */
  readonly faults: readonly string[];
  /** How many there are. */
  readonly faultsInAll: number;
}

/** How many faults are told in words: where everything was changed, everything is one. */
const FAULTS_MAX = 100;

/** What verifying is made with. */
export interface Verification {
  /** Each of them must still be there. */
  readonly kept: readonly KeptSeal[];
  /** Whether to search for each entry as well, as its patient or a privacy officer would. */
  readonly lookUp: boolean;
  readonly sha256: Sha256;
}

/**
 * Goes through all seals and what they cover: that no seal is missing, that each hash is that of
 * what it stands for, that every entry is there and says what it said, that it is found by what it
 * is searched by, and that seals which were kept elsewhere are among them.
 */
export async function verifyLog(store: Store, verification: Verification): Promise<LogReport> {
  const check = new LogCheck(store, verification);
  for await (const seal of sealsOf(store)) await check.next(seal);
  return check.report();
}

class LogCheck {
  readonly #store: Store;
  readonly #verification: Verification;
  readonly #told: string[] = [];
  #faultsInAll = 0;
  #seals = 0;
  #entries = 0;
  #newest: Seal | null = null;

  constructor(store: Store, verification: Verification) {
    this.#store = store;
    this.#verification = verification;
  }

  async next(seal: Seal): Promise<void> {
    const faults = await sealFaultsIn(this.#store, seal, this.#newest, this.#verification);
    for (const fault of faults) this.#add(`Seal ${seal.number} (${seal.at}): ${fault}.`);
    this.#seals += 1;
    this.#entries += seal.entries;
    this.#newest = seal;
  }

  report(): LogReport {
    for (const { number } of this.#verification.kept) {
      if (number > (this.#newest?.number ?? 0)) {
        this.#add(`Seal ${number}, which was kept, is not there.`);
      }
    }
    return {
      seals: this.#seals,
      entries: this.#entries,
      newest: this.#newest,
      faults: this.#told,
      faultsInAll: this.#faultsInAll,
    };
  }

  #add(fault: string): void {
    this.#faultsInAll += 1;
    if (this.#told.length < FAULTS_MAX) this.#told.push(fault);
  }
}

async function* sealsOf(store: Store): AsyncGenerator<Seal> {
  let after = 0;
  for (;;) {
    const page = await store.seals(after);
    if (page.length === 0) return;
    yield* page;
    after = page.at(-1)?.number ?? after;
  }
}

async function sealFaultsIn(
  store: Store,
  seal: Seal,
  before: Seal | null,
  { kept, lookUp, sha256 }: Verification,
): Promise<readonly string[]> {
  const entries = await readable(() => store.sealedEntries(seal, before));
  const faults = [...sealFaults(seal, before ?? NO_SEAL, entries, sha256)];
  if (kept.some(({ number, hash }) => number === seal.number && hash !== seal.hash)) {
    faults.push('its hash is not the one that was kept');
  }
  if (!lookUp || entries === null || faults.length > 0) return faults;
  const lost = await readable(() => searchFaults(store, entries));
  return lost ?? ['what it covers cannot be searched any more'];
}

/** Null where something cannot be read: what it is made of was changed, or taken away. */
async function readable<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return null;
  }
}
