import { expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/system/sha256.ts';
import { sealFaults } from '../../src/domain/audit/check-seal.ts';
import { NO_SEAL, SEALED_MAX, type Seal } from '../../src/domain/audit/seal.ts';
import type { Store } from '../../src/ports/store.ts';
import { aCommit, anAuditEntry, aRecord, auditId } from '../support/records.ts';
import type { Opened } from './contract.ts';

/** Long after every entry of these tests. */
const LATER = Date.parse('2030-01-01T00:00:00.000Z');

/** Seals on the log. */
export function sealCases(opened: Opened): void {
  it('covers every entry by a chain of seals, each entry once', async () => {
    const { store } = opened();
    await store.appendAudit([anAuditEntry(1)]);
    await store.commit(aCommit(aRecord(), { audit: [anAuditEntry(2), anAuditEntry(3)] }));
    expect(await store.sealAudit(LATER)).toMatchObject({ number: 1, entries: 3 });
    await store.appendAudit([anAuditEntry(4, CLAIMING), anAuditEntry(5)]);
    expect(await store.sealAudit(LATER + 1)).toMatchObject({ number: 2, entries: 2 });
    expect(await store.sealAudit(LATER + 2)).toBeNull();
    const seals = await store.seals(0);
    expect(seals.map(({ at }) => Date.parse(at))).toEqual([LATER, LATER + 1]);
    expect(await store.seals(1)).toEqual(seals.slice(1));
    expect(await faultsOf(store, seals)).toEqual([]);
    expect((await coveredBy(store, seals)).toSorted()).toEqual([1, 2, 3, 4, 5].map(auditId));
  });

  it('seals nothing where nothing was appended', async () => {
    const { store } = opened();
    expect(await store.sealAudit(LATER)).toBeNull();
    expect(await store.seals(0)).toEqual([]);
  });

  it('covers so many entries by one seal, and the rest by the next', async () => {
    const { store } = opened();
    const entries = Array.from({ length: SEALED_MAX + 5 }, (_, n) => anAuditEntry(n));
    await Promise.all(entries.map((entry) => store.appendAudit([entry])));
    const made = [await store.sealAudit(LATER), await store.sealAudit(LATER)];
    expect(made.map((seal) => seal?.entries)).toEqual([SEALED_MAX, 5]);
    expect(await faultsOf(store, await store.seals(0))).toEqual([]);
  });

  it('keeps its seals, and goes on with them when it is opened again', async () => {
    const { store, reopen } = opened();
    await store.appendAudit([anAuditEntry(1)]);
    await store.sealAudit(LATER);
    const again = await reopen();
    await again.appendAudit([anAuditEntry(2)]);
    await again.sealAudit(LATER);
    const seals = await again.seals(0);
    expect(seals.map(({ number, entries }) => [number, entries])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(await faultsOf(again, seals)).toEqual([]);
  });

  it('seals each entry once when two processes seal at once', async () => {
    const { store, second } = opened();
    const other = await second();
    for (let round = 0; round < 5; round++) {
      const appended = [store, other].map((each, n) =>
        each.appendAudit([anAuditEntry(round * 2 + n)]),
      );
      await Promise.all(appended);
      await Promise.all([store.sealAudit(LATER), other.sealAudit(LATER)]);
    }
    while ((await store.sealAudit(LATER)) !== null);
    const seals = await other.seals(0);
    expect(await faultsOf(other, seals)).toEqual([]);
    expect((await coveredBy(other, seals)).toSorted()).toEqual(
      Array.from({ length: 10 }, (_, n) => auditId(n)).toSorted(),
    );
  });
}

const CLAIMING = {
  claim: {
    patient: 'a'.repeat(24),
    person: 'https://issuer.example|dr-khan',
    organization: 'RX1',
    reason: 'emergency',
    note: 'ä "quoted"',
    madeAt: '2026-03-02T12:00:00.000Z',
    expiresAt: '2026-03-03T12:00:00.000Z',
  },
} as const;

async function faultsOf(store: Store, seals: readonly Seal[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const [place, seal] of seals.entries()) {
    const before = seals[place - 1] ?? null;
    const entries = await store.sealedEntries(seal, before);
    faults.push(...sealFaults(seal, before ?? NO_SEAL, entries, sha256));
  }
  return faults;
}

async function coveredBy(store: Store, seals: readonly Seal[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const [place, seal] of seals.entries()) {
    const entries = await store.sealedEntries(seal, seals[place - 1] ?? null);
    ids.push(...entries.map(({ id }) => id));
  }
  return ids;
}
