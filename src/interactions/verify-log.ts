import { sealFaults } from '../domain/audit/check-seal.ts';
import type { AuditEntry, AuditPosition, AuditQuery } from '../domain/audit/entry.ts';
import { NO_SEAL, type Seal, type Sha256 } from '../domain/audit/seal.ts';
import { PAGE_SIZE_MAX } from '../domain/limits.ts';
import { type Store, StoreUnavailable } from '../ports/store.ts';

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
  const lost = await readable(() => lostWays(store, entries));
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

/** A way to find an entry: by its patient, who else would not see it in their log, and so on. */
interface Way {
  readonly name: string;
  /** What the entry is found by; null where it is not found in this way. */
  by(entry: AuditEntry): string | null;
  query(value: string): Partial<AuditQuery>;
}

const WAYS: readonly Way[] = [
  {
    name: 'patient',
    by: ({ patient }) => patient,
    query: (patient) => ({ patients: [patient] }),
  },
  {
    name: 'organisation',
    by: ({ agent }) => agent?.organization || null,
    query: (organization) => ({ organizations: [organization] }),
  },
  {
    name: 'alert',
    by: ({ alert }) => alert?.organization ?? null,
    query: (alertsTo) => ({ alertsTo }),
  },
];

/** By which ways some of these entries are not found, with how many; empty where all are. */
async function lostWays(store: Store, entries: readonly AuditEntry[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const way of WAYS) {
    const lost = await lostBy(store, entries, way);
    if (lost > 0) faults.push(`${lost} entries that it covers are not found by their ${way.name}`);
  }
  return faults;
}

async function lostBy(store: Store, entries: readonly AuditEntry[], way: Way): Promise<number> {
  // By the minute too: entries that came late would else stretch a search over all between them.
  const key = (entry: AuditEntry): string => `${entry.recorded.slice(0, 16)} ${way.by(entry)}`;
  const sought = entries.filter((entry) => way.by(entry) !== null);
  let lost = 0;
  for (const together of Map.groupBy(sought, key).values()) {
    const value = way.by(together[0] as AuditEntry) ?? '';
    const found = await idsFound(store, way.query(value), together);
    lost += together.filter(({ id }) => !found.has(id)).length;
  }
  return lost;
}

/** The ids of all entries that a search finds from the first of these to the last. */
async function idsFound(
  store: Store,
  wanted: Partial<AuditQuery>,
  entries: readonly AuditEntry[],
): Promise<ReadonlySet<string>> {
  const times = entries.map(({ recorded }) => Date.parse(recorded));
  const from = new Date(Math.min(...times)).toISOString();
  const before = new Date(Math.max(...times) + 1).toISOString();
  const query = { ...wanted, from, before, oldestFirst: true, limit: PAGE_SIZE_MAX } as const;
  const ids = new Set<string>();
  let after: AuditPosition | undefined;
  for (;;) {
    const page = await store.searchAudit({ ...query, ...(after && { after }) });
    for (const { id } of page.entries) ids.add(id);
    const end = page.entries.at(-1);
    if (!page.more || end === undefined) return ids;
    after = { recorded: end.recorded, id: end.id };
  }
}
