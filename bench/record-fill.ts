import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../src/adapters/sqlite/database.ts';

/**
 * Fills a new store with so many patients out of a store of generated ones: each is copied under
 * ids of its own as often as it takes. A copy reads as its original does. What is left out is the
 * audit log of the submissions, and looking copies up by NHS number finds the original's.
 */
export async function fillRecords(from: string, to: string, patients: number): Promise<void> {
  // Brings the tables of either up to date.
  (await openDatabase(from)).close();
  const database = await openDatabase(to);
  // Nobody else is there, and what a crash leaves is thrown away.
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
  try {
    database.prepare('ATTACH ? AS generated').run(from);
    database.exec('UPDATE store SET secret = (SELECT secret FROM generated.store)');
    database.exec('CREATE TEMP TABLE pick (n INTEGER PRIMARY KEY, old TEXT UNIQUE, new TEXT)');
    const originals = originalsIn(database, patients);
    for (let copied = 0; copied < patients; copied += originals.length) {
      pick(database, originals.slice(0, patients - copied), copied / originals.length);
      copyPicked(database);
    }
  } finally {
    database.close();
  }
}

/** So many record ids of a store, spread evenly over it. */
export async function recordIds(path: string, wanted: number): Promise<readonly string[]> {
  const database = await openDatabase(path);
  const ids = database.prepare('SELECT record_id FROM head WHERE version = 1 ORDER BY record_id');
  const all = ids.all().map(({ record_id: id }) => String(id));
  database.close();
  const step = Math.max(1, Math.floor(all.length / wanted));
  return all.filter((_, n) => n % step === 0);
}

function originalsIn(database: DatabaseSync, most: number): readonly string[] {
  const rows = database
    .prepare('SELECT record_id FROM generated.head WHERE version = 1 ORDER BY rowid LIMIT ?')
    .all(most);
  if (rows.length === 0) throw new Error('nothing was generated');
  return rows.map(({ record_id: id }) => String(id));
}

function pick(database: DatabaseSync, originals: readonly string[], copy: number): void {
  database.exec('BEGIN; DELETE FROM pick');
  const insert = database.prepare('INSERT INTO pick (old, new) VALUES (?, ?)');
  for (const id of originals) insert.run(id, copy === 0 ? id : copyOf(id, copy));
  database.exec('COMMIT');
}

/** Digits without an order, as the originals are. */
function copyOf(id: string, copy: number): string {
  return hash('sha256', `${id} ${copy}`, 'hex').slice(0, id.length);
}

function copyPicked(database: DatabaseSync): void {
  database.exec(`
    BEGIN;
    INSERT INTO head (record_id, version, head)
      SELECT new, version, replace(head, old, new)
      FROM pick CROSS JOIN generated.head ON record_id = old ORDER BY n;
    INSERT INTO fragment (record_id, id, bytes)
      SELECT new, id, CAST(replace(CAST(bytes AS TEXT), old, new) AS BLOB)
      FROM pick CROSS JOIN generated.fragment ON record_id = old ORDER BY n;
    INSERT INTO receipt (record_id, key, receipt)
      SELECT new, key, replace(receipt, old, new)
      FROM pick CROSS JOIN generated.receipt ON record_id = old ORDER BY n;
    INSERT INTO term (term, record_id)
      SELECT term, new FROM generated.term CROSS JOIN pick ON record_id = old ORDER BY term, new;
    COMMIT`);
}
