import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { BUSY_MS_MAX } from './database.ts';
import type { LockTurns } from './lock-turns.ts';
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
  /**
   * The same for what can be done again when the machine loses it: the disk is not synced for it.
   * It is durable at the latest with the next write that is.
   */
  writeUnsynced<T>(work: () => T): Promise<T>;
}

interface Queued {
  readonly work: () => unknown;
  readonly isSynced: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

type Settle = () => void;

/**
 * Starts an empty queue for one connection, which must not be written to in any other way, and
 * syncs the disk at each commit as it is (`PRAGMA synchronous = FULL`).
 */
export function groupCommit(database: DatabaseSync, turns: LockTurns): GroupCommit {
  let queue: Queued[] = [];
  let flushing = false;

  /** Never rejects, as `commitGroup` never does. */
  async function flushAll(): Promise<void> {
    flushing = true;
    // No timer: what arrives while a group is being synced is the next group.
    while (queue.length > 0) {
      await nextTurn();
      await turns.giveWay();
      const group = queue.slice(0, GROUP_MAX);
      queue = queue.slice(GROUP_MAX);
      await commitGroup(database, group, turns);
    }
    flushing = false;
  }

  function enqueue<T>(work: () => T, isSynced: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      queue.push({ work, isSynced, resolve: (value) => resolve(value as T), reject });
      if (!flushing) void flushAll();
    });
  }

  return {
    write: (work) => enqueue(work, true),
    writeUnsynced: (work) => enqueue(work, false),
  };
}

/** Never rejects: what goes wrong is told to those who wait for it. */
async function commitGroup(
  database: DatabaseSync,
  group: readonly Queued[],
  turns: LockTurns,
): Promise<void> {
  try {
    setSync(database, group);
    await begin(database, turns);
    const settled = runTogether(database, group) ?? (await runEachAlone(database, group, turns));
    database.exec('COMMIT');
    for (const settle of settled) settle();
  } catch (error) {
    const reason = asUnavailable(rolledBack(database, error));
    for (const item of group) item.reject(reason);
  }
}

/** NORMAL leaves the log of writes unsynced, until the next commit under FULL syncs all of it. */
function setSync(database: DatabaseSync, group: readonly Queued[]): void {
  const isSynced = group.some((item) => item.isSynced);
  database.exec(`PRAGMA synchronous = ${isSynced ? 'FULL' : 'NORMAL'}`);
}

async function begin(database: DatabaseSync, turns: LockTurns): Promise<void> {
  if (!hasBegun(database)) await turns.asking(() => askAgain(database));
}

/** Waits for the lock with the event loop free, as SQLite's own busy handler would not leave it. */
async function askAgain(database: DatabaseSync): Promise<void> {
  for (let waited = 0; waited < BUSY_MS_MAX; waited += RETRY_MS) {
    await delay(RETRY_MS);
    if (hasBegun(database)) return;
  }
  database.exec('BEGIN IMMEDIATE');
}

/** Begins a transaction; false when another connection holds the lock. */
function hasBegun(database: DatabaseSync): boolean {
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  } finally {
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS_MAX}`);
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

async function runEachAlone(
  database: DatabaseSync,
  group: readonly Queued[],
  turns: LockTurns,
): Promise<Settle[]> {
  await begin(database, turns);
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
