import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { openSqliteStore, storeOn } from '../../src/adapters/sqlite/store.ts';
import { writeThread } from '../../src/adapters/sqlite/write-thread.ts';
import { sha256 } from '../../src/adapters/system/sha256.ts';
import { SEALED_MAX } from '../../src/domain/audit/seal.ts';
import { type KeptSeal, verifyLog } from '../../src/interactions/verify-log.ts';
import { StoreUnavailable } from '../../src/ports/store.ts';
import { anAuditEntry } from '../support/records.ts';
import { heard, openApart } from './sqlite-apart.ts';

const SEALER = join(import.meta.dirname, 'sqlite-sealer.ts');
const SEALS = 40;

let folder: string;
let sealers: ChildProcess[];
const path = () => join(folder, 'scr.db');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scr-seals-'));
  sealers = [];
});
afterEach(async () => {
  for (const sealer of sealers) sealer.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

/** Runs processes that seal until they have said so many seals, then kills them; the seals. */
async function sealUntilKilled(firstEntries: readonly number[]): Promise<readonly KeptSeal[]> {
  const said: KeptSeal[] = [];
  const run = async (firstEntry: number): Promise<void> => {
    const args = [SEALER, path(), String(firstEntry)];
    const sealer = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    sealers.push(sealer);
    for await (const line of createInterface({ input: sealer.stdout })) {
      const [number = '', hash = ''] = line.split(':');
      said.push({ number: Number(number), hash });
      // Whoever is first seals: one of them may never be.
      if (said.length === SEALS) for (const each of sealers) each.kill('SIGKILL');
    }
  };
  await Promise.all(firstEntries.map(run));
  return said;
}

describe('seals on the log in SQLite', () => {
  it('all hold that several processes told before they were killed', async () => {
    const kept = await sealUntilKilled([0, 1_000_000]);
    expect(new Set(kept.map(({ number }) => number)).size).toBe(kept.length);
    const store = await openSqliteStore(path());
    const before = await verifyLog(store, { kept, lookUp: true, sha256 });
    expect(before.faults).toEqual([]);
    while ((await store.sealAudit(Date.now())) !== null);
    const after = await verifyLog(store, { kept, lookUp: true, sha256 });
    const { entries } = await store.searchAudit({ limit: 1_000_000 });
    expect([after.faults, after.entries]).toEqual([[], entries.length]);
    await store.close();
  }, 60_000);

  it('are left to the writing thread when there are many entries to seal', async () => {
    const thread = writeThread(path());
    const store = storeOn(await openDatabase(path()), thread);
    const ready = heard(thread, 'ready');
    const entries = Array.from({ length: SEALED_MAX + 1 }, (_, n) => anAuditEntry(n));
    await store.appendAudit(entries);
    expect((await store.sealAudit(Date.now()))?.entries).toBe(SEALED_MAX);
    await ready;
    expect((await store.sealAudit(Date.now()))?.entries).toBe(1);
    const report = await verifyLog(store, { kept: [], lookUp: true, sha256 });
    expect(report).toMatchObject({ entries: SEALED_MAX + 1, faults: [] });
    await store.close();
  });

  it('are refused when the writing thread ends before it tells of them', async () => {
    const { store, thread } = await openApart(path());
    await store.appendAudit([anAuditEntry(1)]);
    const another = new DatabaseSync(path());
    another.exec('BEGIN IMMEDIATE');
    const sealing = store.sealAudit(Date.now());
    await Promise.all([expect(sealing).rejects.toThrow(StoreUnavailable), thread.stop()]);
    another.close();
    expect(await store.sealAudit(Date.now())).toMatchObject({ number: 1, entries: 1 });
    await store.close();
  });
});
