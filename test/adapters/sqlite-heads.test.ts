import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import type { CareRecord } from '../../src/domain/record/care-record.ts';
import type { Store } from '../../src/ports/store.ts';
import { aCommit, anEntry, aRecord, recordId, secondsAfterNoon } from '../support/records.ts';

describe('A head on SQLite', () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scr-heads-'));
    store = await openSqliteStore(join(folder, 'scr.db'));
    await store.commit(aCommit(aRecord({ entries: [anEntry(1), anEntry(2)] })));
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  /** Commits the next version of the record, with changes, and gives what was committed. */
  async function next(changes: Partial<CareRecord> = {}): Promise<CareRecord> {
    const current = await store.currentRecord(recordId(1));
    if (current === null) throw new Error('there is a record');
    const version = current.version + 1;
    const record = { ...current, version, committedAt: secondsAfterNoon(version), ...changes };
    expect(await store.commit(aCommit(record))).toBe('committed');
    return record;
  }

  /** What stands in the place of the entries, by version. */
  function stored(): unknown[] {
    const database = new DatabaseSync(join(folder, 'scr.db'), { readOnly: true });
    const rows = database.prepare('SELECT head FROM head ORDER BY version').all();
    database.close();
    return rows.map((row) => JSON.parse(String(row.head)).entries);
  }

  async function reopen(): Promise<void> {
    await store.close();
    store = await openSqliteStore(join(folder, 'scr.db'));
  }

  it('that left every entry as it was names the version that holds them', async () => {
    const versions = [await next(), await next()];
    await reopen();
    versions.push(await next({ practice: 'B82002' }));
    expect(stored().slice(1)).toEqual([1, 1, 1]);
    await reopen();
    for (const each of versions) {
      expect(await store.recordVersion(each.id, each.version)).toEqual(each);
    }
    expect(await store.currentRecord(recordId(1))).toEqual(versions[2]);
  });

  it('holds entries that have changed, and those of a record that comes to be', async () => {
    await next();
    const changed = await next({ entries: [anEntry(1), anEntry(3)] });
    const copied = await next({ entries: structuredClone(changed.entries) });
    const { entries } = (await store.currentRecord(recordId(1))) ?? copied;
    const other = aRecord({ id: recordId(2), entries });
    await store.commit(aCommit(other));
    await next();
    const whole = expect.any(Object);
    expect(stored()).toEqual([whole, whole, 1, whole, whole, 4]);
    expect(await store.recordVersion(recordId(1), 3)).toEqual(changed);
    expect(await store.recordVersion(recordId(1), 4)).toEqual(copied);
    expect(await store.currentRecord(recordId(2))).toEqual(other);
  });

  it('that is read often is as it was committed, and as it is stored', async () => {
    for (const entries of [[anEntry(1), anEntry(4)], [anEntry(5)]]) {
      for (let reads = 0; reads < 3; reads += 1) await store.currentRecord(recordId(1));
      const [changed, same] = [await next({ entries }), await next()];
      expect(await store.currentRecord(recordId(1))).toEqual(same);
      expect(await store.recordVersion(recordId(1), changed.version)).toEqual(changed);
      await reopen();
      expect(await store.currentRecord(recordId(1))).toStrictEqual(same);
      expect(await store.recordVersion(recordId(1), changed.version)).toStrictEqual(changed);
    }
  });

  it('that was not committed is never read, however often the record is', async () => {
    for (let reads = 0; reads < 3; reads += 1) await store.currentRecord(recordId(1));
    const made = await next({ practice: 'B82002' });
    expect(await store.commit(aCommit({ ...made, practice: 'C83003' }))).toBe('conflict');
    expect(await store.currentRecord(recordId(1))).toEqual(made);
  });

  it('that was written before entries were packed is read, and those after it', async () => {
    const first = await store.currentRecord(recordId(1));
    await store.close();
    const database = new DatabaseSync(join(folder, 'scr.db'));
    database.prepare('UPDATE head SET head = ?').run(JSON.stringify(first));
    database.close();
    store = await openSqliteStore(join(folder, 'scr.db'));
    expect(await store.currentRecord(recordId(1))).toStrictEqual(first);
    const second = await next();
    await reopen();
    expect(await store.currentRecord(recordId(1))).toEqual(second);
  });
});
