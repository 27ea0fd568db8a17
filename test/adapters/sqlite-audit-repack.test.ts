import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/adapters/sqlite/schema.ts';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import type { AuditEntry } from '../../src/domain/audit/entry.ts';
import { aClaim, anAgent, anAuditEntry, recordId, secondsAfterNoon } from '../support/records.ts';

/** The version that kept entries as JSON, and their terms in words. */
const BEFORE = 2;

const LOG: readonly AuditEntry[] = [
  anAuditEntry(1, { recorded: secondsAfterNoon(1), patient: recordId(1) }),
  anAuditEntry(2, { recorded: secondsAfterNoon(2), agent: anAgent({ subject: 'other' }) }),
  anAuditEntry(3, { recorded: secondsAfterNoon(2), claim: aClaim(), action: 'C' }),
  anAuditEntry(4, { recorded: secondsAfterNoon(3), agent: null, patient: null }),
];

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scr-repack-'));
  path = join(folder, 'scr.db');
  const database = new DatabaseSync(path);
  for (const step of MIGRATIONS.slice(0, BEFORE)) database.exec(String(step));
  database.exec(`INSERT INTO store (one, secret, pings) VALUES (1, zeroblob(32), 0)`);
  const insert = database.prepare(
    'INSERT INTO audit (seq, id, recorded, entry) VALUES (?, ?, ?, ?)',
  );
  const insertClaim = database.prepare('INSERT INTO claim VALUES (?, ?, ?, ?, ?)');
  LOG.forEach((entry, n) => {
    // With gaps: entries keep the numbers that they had.
    const seq = (n + 1) * 10;
    insert.run(seq, entry.id, Date.parse(entry.recorded), JSON.stringify(entry));
    if (entry.claim === null) return;
    const { patient, person, organization, expiresAt } = entry.claim;
    insertClaim.run(patient, person, organization, Date.parse(expiresAt), seq);
  });
  database.exec(`PRAGMA user_version = ${BEFORE}`);
  database.close();
});
afterEach(() => rm(folder, { recursive: true }));

it('brings a log that an earlier version wrote along, found as before', async () => {
  const store = await openSqliteStore(path);
  const newestFirst = LOG.toReversed();
  expect(await store.searchAudit({ limit: 10 })).toEqual({ entries: newestFirst, more: false });
  const found = async (query: object) => (await store.searchAudit({ ...query, limit: 9 })).entries;
  expect(await found({ agents: ['other'] })).toEqual([LOG[1]]);
  expect(await found({ actions: ['C'] })).toEqual([LOG[2]]);
  expect(await found({ patients: [recordId(1)] })).toEqual(newestFirst.slice(1));
  expect(await found({ patients: [recordId(2)] })).toEqual([]);
  const { patient, person, organization, madeAt } = aClaim();
  const claims = await store.claims({ patient, person, organization, activeAt: madeAt });
  expect(claims).toEqual([aClaim()]);
  await store.appendAudit([anAuditEntry(5, { recorded: secondsAfterNoon(9) })]);
  expect(await found({})).toHaveLength(LOG.length + 1);
  await store.close();
});

it('keeps nothing of the earlier tables', async () => {
  await (await openSqliteStore(path)).close();
  const database = new DatabaseSync(path);
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'audit%'").all();
  const names = tables.map(({ name }) => name);
  database.close();
  expect(names).toContain('audit_entry');
  expect(names).not.toContain('audit');
  expect(names).not.toContain('audit_posting');
});
