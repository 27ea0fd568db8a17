import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { SQL } from '../../src/adapters/sqlite/statements.ts';
import { openSqliteStore, storeOn } from '../../src/adapters/sqlite/store.ts';
import { StoreUnavailable } from '../../src/ports/store.ts';
import {
  aCommit,
  aFragment,
  anAuditEntry,
  aReceipt,
  aRecord,
  auditId,
  recordId,
} from '../support/records.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scr-sqlite-'));
  path = join(folder, 'scr.db');
});
afterEach(() => rm(folder, { recursive: true }));

describe('Opening a SQLite database', () => {
  it('sets it up to be durable', async () => {
    const database = await openDatabase(path);
    const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {});
    expect(pragma('journal_mode')).toEqual(['wal']);
    expect(pragma('synchronous')).toEqual([2]);
    expect(pragma('page_size')).toEqual([4096]);
    expect(pragma('busy_timeout')).toEqual([5000]);
    database.close();
  });

  it('changes nothing the second time', async () => {
    const dump = async () => {
      const database = await openDatabase(path);
      const schema = database.prepare('SELECT * FROM sqlite_schema ORDER BY name').all();
      const store = database.prepare('SELECT * FROM store').all();
      database.close();
      return { schema, store };
    };
    const first = await dump();
    expect(first.schema.length).toBeGreaterThan(8);
    expect(await dump()).toEqual(first);
  });

  it('refuses one that a newer server wrote, and says so', async () => {
    (await openDatabase(path)).close();
    const raw = new DatabaseSync(path);
    raw.exec('PRAGMA user_version = 99');
    raw.close();
    await expect(openSqliteStore(path)).rejects.toThrow(/schema version 99.*newer server/);
  });

  it('keeps every table strict', async () => {
    const database = await openDatabase(path);
    const all = database
      .prepare("SELECT name, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite%'")
      .all();
    expect(all.length).toBeGreaterThan(7);
    expect(all.filter(({ strict }) => strict !== 1)).toEqual([]);
    database.close();
  });

  it.each([
    ['in a folder that does not exist', () => join(folder, 'nowhere', 'scr.db')],
    ['that is a folder', () => folder],
  ])('is unavailable at a path %s', async (_name, at) => {
    await expect(openSqliteStore(at())).rejects.toThrow(StoreUnavailable);
  });

  it('is unavailable when the file is no database', async () => {
    await writeFile(path, 'this is text, and long enough to be looked at as a header'.repeat(9));
    await expect(openSqliteStore(path)).rejects.toThrow(StoreUnavailable);
  });
});

describe('A SQLite database that cannot be written', () => {
  it('rejects every write and still reads', async () => {
    const database = await openDatabase(path);
    const store = storeOn(database);
    await store.commit(aCommit(aRecord()));
    database.exec('PRAGMA query_only = ON');
    const next = aCommit(aRecord({ version: 2 }));
    await expect(store.commit(next)).rejects.toThrow(StoreUnavailable);
    await expect(store.appendAudit([anAuditEntry(1)])).rejects.toThrow(StoreUnavailable);
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
    expect(await store.currentRecord(recordId(1))).toEqual(aRecord());
    database.exec('PRAGMA query_only = OFF');
    expect(await store.commit(next)).toBe('committed');
    await expect(store.ping()).resolves.toBeUndefined();
    await store.close();
  });

  it('leaves nothing of a commit that the disk had no room for', async () => {
    const database = await openDatabase(path);
    const store = storeOn(database);
    const limit = database.prepare('PRAGMA max_page_count').get()?.max_page_count;
    database.exec('PRAGMA max_page_count = 40');
    const fragments = [aFragment('small', 'x'), aFragment('large', 'x'.repeat(1024 * 1024))];
    const parts = {
      fragments,
      receipt: aReceipt('r'),
      termsAdded: ['a'],
      audit: [anAuditEntry(1)],
    };
    await expect(store.commit(aCommit(aRecord(), parts))).rejects.toThrow(StoreUnavailable);

    expect(await store.currentRecord(recordId(1))).toBeNull();
    await expect(store.fragments(recordId(1), ['small'])).rejects.toThrow('INVARIANT');
    expect(await store.receipt(recordId(1), 'r')).toBeNull();
    expect(await store.auditEntry(auditId(1))).toBeNull();
    database.exec(`PRAGMA max_page_count = ${limit}`);
    expect(await store.commit(aCommit(aRecord(), parts))).toBe('committed');
    await store.close();
  });
});

describe('The hot statements', () => {
  it.each(Object.entries(SQL))('%s finds what it is about by an index', async (name, sql) => {
    const database = await openDatabase(path);
    const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    database.close();
    const plan = rows.map(({ detail }) => String(detail));
    if (!name.startsWith('insert')) expect(plan.join()).toContain('SEARCH');
    expect(plan.filter((step) => step.includes('SCAN'))).toEqual([]);
    // A whole sort would read all that a term has; one of the last column sorts single
    // milliseconds.
    expect(plan.filter((step) => step.endsWith('TEMP B-TREE FOR ORDER BY'))).toEqual([]);
  });

  it('find the latest version without reading a head', async () => {
    const database = await openDatabase(path);
    const [plan] = database.prepare(`EXPLAIN QUERY PLAN ${SQL.latestVersion}`).all();
    database.close();
    expect(plan?.detail).toContain('COVERING INDEX');
  });
});
