import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { BUSY_MS_MAX } from './database.ts';
import { asUnavailable, isBusy } from './unavailable.ts';

/** How many writes share one transaction at most, so that reads are not kept waiting for long. */
const GROUP_MAX = 512;

/**
 * How long to leave the event loop free before asking again for a lock that another process has.
 */
const RETRY_MS = 1;

/** Writes that are made durable together: one sync of the disk serves all that wait for it. */
export interface GroupCommit {
  /**
   * Runs `work` in a transaction and resolves with what it returned once that is durable. `work`
   * must be synchronous, and change nothing but the database: it is run again when what it did was
   * undone. When it throws, its own changes alone are undone and it alone is rejected; when the
   * transaction cannot be committed, everything in the group is.
   */
  write<T>(work: () => T): Promise<T>;
}

interface Queued {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

type Settle = () => void;

/** Starts an empty queue for one connection, which must not be written to in any other way. */
export function groupCommit(database: DatabaseSync): GroupCommit {
  let queue: Queued[] = [];
  let flushing = false;

  /** Never rejects, as `commitGroup` never does. */
  async function flushAll(): Promise<void> {
    flushing = true;
    // No timer: what arrives while a group is being synced is the next group.
    while (queue.length > 0) {
      await nextTurn();
      const group = queue.slice(0, GROUP_MAX);
      queue = queue.slice(GROUP_MAX);
      await commitGroup(database, group);
    }
    flushing = false;
  }

  return {
    write<T>(work: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        queue.push({ work, resolve: (value) => resolve(value as T), reject });
        if (!flushing) void flushAll();
      });
    },
  };
}

/** Never rejects: what goes wrong is told to those who wait for it. */
async function commitGroup(database: DatabaseSync, group: readonly Queued[]): Promise<void> {
  try {
    await begin(database);
    const settled = runTogether(database, group) ?? (await runEachAlone(database, group));
    database.exec('COMMIT');
    for (const settle of settled) settle();
  } catch (error) {
    const reason = asUnavailable(rolledBack(database, error));
    for (const item of group) item.reject(reason);
  }
}

/** Waits for the lock with the event loop free, as SQLite's own busy handler would not leave it. */
async function begin(database: DatabaseSync): Promise<void> {
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      database.exec('PRAGMA busy_timeout = 0; BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!isBusy(error) || waited >= BUSY_MS_MAX) throw error;
    } finally {
      database.exec(`PRAGMA busy_timeout = ${BUSY_MS_MAX}`);
    }
    await delay(RETRY_MS);
  }
}

/**
 * Runs all items as if none could fail: a savepoint for each would have SQLite keep a copy of every
 * page that they touch. Null when one did fail; then nobody's work is left.
 */
function runTogether(database: DatabaseSync, group: readonly Queued[]): Settle[] | null {
  try {
    return group.map((item) => {
      const value = item.work();
      return () => item.resolve(value);
    });
  } catch (error) {
    // A full disk and the like make SQLite roll back everything by itself.
    if (!database.isTransaction) throw error;
    database.exec('ROLLBACK');
    return null;
  }
}

async function runEachAlone(database: DatabaseSync, group: readonly Queued[]): Promise<Settle[]> {
  await begin(database);
  return group.map((item) => runAlone(database, item));
}

/** Runs one item; throws only when its failure took the whole transaction down with it. */
function runAlone(database: DatabaseSync, item: Queued): Settle {
  database.exec('SAVEPOINT item');
  try {
    const value = item.work();
    database.exec('RELEASE item');
    return () => item.resolve(value);
  } catch (error) {
    // A full disk and the like make SQLite roll back everything: then nobody's work is left.
    if (!database.isTransaction) throw error;
    database.exec('ROLLBACK TO item; RELEASE item');
    return () => item.reject(asUnavailable(error));
  }
}

function rolledBack(database: DatabaseSync, error: unknown): unknown {
  if (!database.isOpen || !database.isTransaction) return error;
  try {
    database.exec('ROLLBACK');
    return error;
  } catch (second) {
    return new AggregateError([error, second], 'the transaction could not be rolled back');
  }
}
