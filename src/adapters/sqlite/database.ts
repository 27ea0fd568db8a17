import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { MIGRATIONS } from './schema.ts';
import { asUnavailable, isBusy } from './unavailable.ts';

/** How long to wait for another process that holds the lock. */
export const BUSY_MS_MAX = 5_000;
const RETRY_MS = 10;

/** The page cache of one connection. */
const CACHE_KIB = 16 * 1024;

/**
 * How long the write-ahead log grows before its pages go to the database file (32 MiB): pages that
 * many commits touch then go there once. Larger halves the work again, and stalls for longer.
 */
const CHECKPOINT_PAGES = 8_000;

/**
 * The log's file is cut back to this after a checkpoint, so that a large load leaves no large file.
 */
const WAL_BYTES_KEPT = 64 * 1024 * 1024;

/**
 * Opens the database file, creates or migrates it, and sets it up to be durable: write-ahead log,
 * a sync at each commit. Rejects with `StoreUnavailable` when the file cannot be opened or written,
 * and with a plain error when a newer version of this server wrote it.
 */
export async function openDatabase(path: string): Promise<DatabaseSync> {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { timeout: BUSY_MS_MAX });
    await setUp(database);
    migrate(database);
    return database;
  } catch (error) {
    database?.close();
    throw asUnavailable(error);
  }
}

async function setUp(database: DatabaseSync): Promise<void> {
  database.exec('PRAGMA page_size = 4096');
  await enterWal(database);
  // FULL syncs the log at each commit; NORMAL could lose acknowledged ones with the machine.
  database.exec('PRAGMA synchronous = FULL');
  database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
  database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  database.exec(`PRAGMA journal_size_limit = ${WAL_BYTES_KEPT}`);
}

/**
 * SQLite does not wait when two processes turn to the write-ahead log at once: one is told BUSY.
 */
async function enterWal(database: DatabaseSync): Promise<void> {
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || waited >= BUSY_MS_MAX) throw error;
    }
    await delay(RETRY_MS);
  }
}

function migrate(database: DatabaseSync): void {
  if (versionOf(database) === MIGRATIONS.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Read again: another process may have migrated while this one waited for the lock.
    const version = versionOf(database);
    for (const step of MIGRATIONS.slice(version)) {
      if (typeof step === 'string') database.exec(step);
      else step(database);
    }
    if (version === 0) {
      const insert = database.prepare('INSERT INTO store (one, secret, pings) VALUES (1, ?, 0)');
      insert.run(randomBytes(32));
    }
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (row.user_version > MIGRATIONS.length) {
    throw new Error(
      `The database has schema version ${row.user_version}, and this server knows versions up to ` +
        `${MIGRATIONS.length} only. Run the newer server that wrote it, or restore a backup.`,
    );
  }
  return row.user_version;
}
