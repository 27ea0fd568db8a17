import { sealFaults } from '../domain/audit/check-seal.ts';
import type { AuditEntry, AuditPosition } from '../domain/audit/entry.ts';
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
  /** Whether to look each entry up under its patient as well. */
  readonly lookUp: boolean;
  readonly sha256: Sha256;
}

/**
 * Goes through all seals and what they cover: that no seal is missing, that each hash is that of
 * what it stands for, that every entry is there and says what it said, that it is found under its
 * patient, and that seals which were kept elsewhere are among them.
 */
export async function verifyLog(store: Store, verification: Verification): Promise<LogReport> {
  const faults = new Faults();
  const kept = new Map(verification.kept.map(({ number, hash }) => [number, hash]));
  let [seals, entries] = [0, 0];
  let newest: Seal | null = null;
  for await (const seal of sealsOf(store)) {
    const found = await sealFaultsIn(store, seal, newest, verification);
    for (const fault of found) faults.add(`Seal ${seal.number} (${seal.at}): ${fault}.`);
    if (kept.has(seal.number) && kept.get(seal.number) !== seal.hash) {
      faults.add(`Seal ${seal.number} (${seal.at}): its hash is not the one that was kept.`);
    }
    kept.delete(seal.number);
    seals += 1;
    entries += seal.entries;
    newest = seal;
  }
  for (const number of kept.keys()) faults.add(`Seal ${number}, which was kept, is not there.`);
  return { seals, entries, newest, faults: faults.told, faultsInAll: faults.inAll };
}

class Faults {
  readonly told: string[] = [];
  inAll = 0;

  add(fault: string): void {
    this.inAll += 1;
    if (this.told.length < FAULTS_MAX) this.told.push(fault);
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
  { lookUp, sha256 }: Verification,
): Promise<readonly string[]> {
  const entries = await readable(() => store.sealedEntries(seal, before));
  const faults = sealFaults(seal, before ?? NO_SEAL, entries, sha256);
  if (!lookUp || entries === null || faults.length > 0) return faults;
  const lost = await readable(() => notFound(store, entries));
  if (lost === 0) return [];
  const many = lost === null ? 'entries' : `${lost} entries`;
  return [`${many} that it covers are not found under their patient`];
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

/** How many of these a search by their patient does not find. */
async function notFound(store: Store, entries: readonly AuditEntry[]): Promise<number> {
  const byPatient = Map.groupBy(entries, ({ patient }) => patient);
  let lost = 0;
  for (const [patient, own] of byPatient) {
    if (patient === null) continue;
    const found = await idsUnder(store, patient, own);
    lost += own.filter(({ id }) => !found.has(id)).length;
  }
  return lost;
}

/** The ids of all entries about a patient from the first of these to the last. */
async function idsUnder(
  store: Store,
  patient: string,
  entries: readonly AuditEntry[],
): Promise<ReadonlySet<string>> {
  const times = entries.map(({ recorded }) => recorded).toSorted();
  const [from = '', last = ''] = [times[0], times.at(-1)];
  const before = new Date(Date.parse(last) + 1).toISOString();
  const ids = new Set<string>();
  let after: AuditPosition | undefined;
  for (;;) {
    const query = { patients: [patient], from, before, oldestFirst: true as const };
    const page = await store.searchAudit({
      ...query,
      ...(after && { after }),
      limit: PAGE_SIZE_MAX,
    });
    for (const { id } of page.entries) ids.add(id);
    const end = page.entries.at(-1);
    if (!page.more || end === undefined) return ids;
    after = { recorded: end.recorded, id: end.id };
  }
}
