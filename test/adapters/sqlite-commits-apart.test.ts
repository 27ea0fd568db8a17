import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { storeOn } from '../../src/adapters/sqlite/store.ts';
import { type WriteThread, writeThread } from '../../src/adapters/sqlite/write-thread.ts';
import { type Store, StoreUnavailable } from '../../src/ports/store.ts';
import { commitCases } from '../store/commit-cases.ts';
import { concurrencyCases } from '../store/concurrency-cases.ts';
import type { StoreFixture } from '../store/contract.ts';
import { sealCases } from '../store/seal-cases.ts';
import {
  aCommit,
  aFragment,
  anAuditEntry,
  aRecord,
  auditId,
  recordId,
} from '../support/records.ts';
import { heard, openApart } from './sqlite-apart.ts';

describe('Commits that another thread makes', () => {
  let folder: string;
  let path: string;
  let opened: { store: Store; thread: WriteThread }[];

  const open = async () => {
    const both = await openApart(path);
    opened.push(both);
    return both;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scr-sqlite-'));
    path = join(folder, 'scr.db');
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map(({ store }) => store.close()));
    await rm(folder, { recursive: true });
  });

  describe("keep the store's contract", () => {
    let fixture: StoreFixture;
    beforeEach(async () => {
      const { store } = await open();
      fixture = {
        store,
        async reopen() {
          await store.close();
          return (await open()).store;
        },
        second: async () => (await open()).store,
        dispose: async () => {},
      };
    });
    commitCases(() => fixture);
    concurrencyCases(() => fixture);
    sealCases(() => fixture);
  });

  it('are rejected as unavailable when it ends, and made by the serving thread from then', async () => {
    const { store, thread } = await open();
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const waiting = store.commit(aCommit(aRecord()));
    await thread.stop();
    await expect(waiting).rejects.toBeInstanceOf(StoreUnavailable);
    other.exec('ROLLBACK');
    other.close();
    expect(thread.isReady()).toBe(false);
    expect(await store.commit(aCommit(aRecord()))).toBe('committed');
    expect((await store.currentRecord(recordId(1)))?.version).toBe(1);
  });

  it('are left to the serving thread for good once it has ended, though it starts again', async () => {
    const { store, thread } = await open();
    const [ended, again] = [heard(thread, 'ended'), heard(thread, 'ready')];
    // What it cannot read kills it, as a fault of the indexing would.
    thread.send({ kind: 'commit', orders: null as never });
    await ended;
    thread.start();
    await again;
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const waiting = store.commit(aCommit(aRecord()));
    await thread.stop();
    other.exec('ROLLBACK');
    other.close();
    expect(await waiting).toBe('committed');
  });

  it('tell a fault of the store from one of ours', async () => {
    const { store } = await open();
    const gap = store.commit(aCommit(aRecord({ version: 3 })));
    await expect(gap).rejects.toThrow('INVARIANT: versions have no gaps');
    await expect(gap).rejects.not.toBeInstanceOf(StoreUnavailable);
  });

  it('hold of a larger memory what is theirs alone', async () => {
    const { store } = await open();
    const whole = new Uint8Array(1 << 20).fill(7);
    const { id } = aFragment('part', '');
    const fragments = [{ id, bytes: whole.subarray(10, 15) }];
    const audit = [anAuditEntry(1)];
    await store.commit(aCommit(aRecord(), { fragments, audit }));
    expect((await store.fragments(recordId(1), [id])).get(id)).toEqual(new Uint8Array(5).fill(7));
    expect((await store.auditEntry(auditId(1)))?.id).toBe(auditId(1));
  });

  it('are made here until many come at once, which start it', async () => {
    const database = await openDatabase(path);
    const thread = writeThread(path);
    const store = storeOn(database, thread);
    opened.push({ store, thread });
    await store.commit(aCommit(aRecord()));
    expect(thread.isReady()).toBe(false);
    const started = heard(thread, 'ready');
    const many = Array.from({ length: 8 }, (_, n) => aCommit(aRecord({ id: recordId(n + 2) })));
    await Promise.all(many.map((commit) => store.commit(commit)));
    await started;
    expect(thread.isReady()).toBe(true);
  });
});
