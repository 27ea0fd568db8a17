import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { StoreUnavailable } from '../../ports/store.ts';
import { auditFolder } from './audit-file.ts';
import { auditIndexing } from './audit-indexing.ts';
import { auditKeeping } from './audit-keeping.ts';
import { auditLog } from './audit-log.ts';
import { openDatabase } from './database.ts';
import { groupCommit } from './group-commit.ts';

/**
 * The thread that brings log files into the tables of the log while others serve, with a connection
 * of its own. Each message `index` is answered by `indexed` when all there was has been brought in.
 */

/** What the thread is started with. */
export interface IndexerData {
  /** Of the database. */
  readonly path: string;
}

/** Between two transactions, so that others get the lock. */
const PAUSE_MS = 4;

/** The page cache of this connection. */
const CACHE_KIB = 12 * 1024;

/** A file that had nothing new for this long is ended, whether its writer lives or not. */
const SWEEP_EVERY_MS = 60_000;

const { path } = workerData as IndexerData;
const database = await openDatabase(path);
const folder = auditFolder(path);
const indexing = auditIndexing(database, auditLog(database), folder);
const keeping = auditKeeping(groupCommit(database), indexing, folder, (ms) => delay(ms));
let atLastSweep = new Map<number, number>();

// Beside what the serving thread keeps: more of them would not hold an index of this size either.
database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
// What is lost here with the machine is still in the log files, and how far they were read as well.
database.exec('PRAGMA synchronous = NORMAL');
await unlessUnavailable(() => keeping.adopt());
setInterval(() => void unlessUnavailable(sweep), SWEEP_EVERY_MS).unref();
parentPort?.on('message', async () => {
  await unlessUnavailable(() => keeping.drain(PAUSE_MS));
  parentPort?.postMessage('indexed');
});

/** Removes files that nobody wrote to since the last time. */
async function sweep(): Promise<void> {
  await keeping.drain(PAUSE_MS);
  const files = indexing.files();
  const idle = files.filter(
    ({ number, indexed, ended }) => ended === 1 || atLastSweep.get(number) === indexed,
  );
  atLastSweep = new Map(files.map(({ number, indexed }) => [number, indexed]));
  // A file is removed when all of it is surely in the database: here every commit is synced.
  database.exec('PRAGMA synchronous = FULL');
  await keeping.retire(idle.map(({ number }) => number));
  database.exec('PRAGMA synchronous = NORMAL');
}

/** A full disk, a lock held too long: the log files keep what they have, and it is tried again. */
async function unlessUnavailable(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
  }
}
