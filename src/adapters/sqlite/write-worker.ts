import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { StoreUnavailable } from '../../ports/store.ts';
import { auditFolder } from './audit-file.ts';
import { auditIndexing } from './audit-indexing.ts';
import { auditKeeping } from './audit-keeping.ts';
import { auditLog } from './audit-log.ts';
import { auditSeals } from './audit-seals.ts';
import { openDatabase } from './database.ts';
import { groupCommit } from './group-commit.ts';
import { busyTurns } from './lock-turns.ts';
import { type CommitOrder, orderWriter } from './record-write.ts';
import { sealingHere } from './sealing-here.ts';
import { asUnavailable } from './unavailable.ts';
import type { CommitFault, FromWriteThread, ToWriteThread } from './write-messages.ts';

/**
 * The thread that writes while others serve, with a connection of its own: it makes commits, and
 * brings log files into the tables of the log. `write-messages.ts` says what it is told.
 */

/** What the writing thread is started with. */
export interface WriteThreadData {
  /** Of the database. */
  readonly path: string;
  /** See `lock-turns.ts`. */
  readonly turns: SharedArrayBuffer;
}

/** Between two transactions that bring in log files, so that others get the lock. */
const PAUSE_MS = 4;

/** The page cache of this connection. */
const CACHE_KIB = 12 * 1024;

/** A file that had nothing new for this long is ended, whether its writer lives or not. */
const SWEEP_EVERY_MS = 60_000;

const { path, turns } = workerData as WriteThreadData;
const database = await openDatabase(path);
const folder = auditFolder(path);
const log = auditLog(database);
const writeOrder = orderWriter(database, log);
const indexing = auditIndexing(database, log, folder);
const writes = groupCommit(database, busyTurns(turns));
const keeping = auditKeeping(writes, indexing, folder, (ms) => delay(ms));
const sealEntries = sealingHere(auditSeals(database, log), writes, indexing.readSome);
let atLastSweep = new Map<number, number>();

// Beside what the serving thread keeps: more of them would not hold an index of this size either.
database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
await unlessUnavailable(() => keeping.adopt());
setInterval(() => void unlessUnavailable(sweep), SWEEP_EVERY_MS).unref();
parentPort?.on('message', (message: ToWriteThread) => {
  if (message.kind === 'commit') void commit(message.orders);
  else if (message.kind === 'seal') void seal(message.now);
  else void index();
});
tell({ kind: 'ready' });

function tell(message: FromWriteThread): void {
  parentPort?.postMessage(message);
}

async function index(): Promise<void> {
  await unlessUnavailable(() => keeping.drain(PAUSE_MS));
  tell({ kind: 'indexed' });
}

/** Never rejects: what goes wrong is told. */
async function seal(now: number): Promise<void> {
  try {
    tell({ kind: 'sealed', seal: await sealEntries(now), fault: null });
  } catch (error) {
    tell({ kind: 'sealed', seal: null, fault: faultOf(error).message });
  }
}

/** Never rejects: what goes wrong is told. */
async function commit(orders: readonly CommitOrder[]): Promise<void> {
  const made = orders.map((order) => writes.write(() => writeOrder(order)).catch(faultOf));
  tell({ kind: 'done', results: await Promise.all(made) });
}

function faultOf(error: unknown): CommitFault {
  const { message } = error instanceof Error ? error : new Error(String(error));
  return { isUnavailable: asUnavailable(error) instanceof StoreUnavailable, message };
}

/** Removes files that nobody wrote to since the last time. */
async function sweep(): Promise<void> {
  await keeping.drain(PAUSE_MS);
  const files = indexing.files();
  const idle = files.filter(
    ({ number, indexed, ended }) => ended === 1 || atLastSweep.get(number) === indexed,
  );
  atLastSweep = new Map(files.map(({ number, indexed }) => [number, indexed]));
  await keeping.retire(idle.map(({ number }) => number));
}

/** A full disk, a lock held too long: the log files keep what they have, and it is tried again. */
async function unlessUnavailable(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
  }
}
