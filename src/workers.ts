import cluster, { type Worker } from 'node:cluster';
import type { Logger } from 'pino';

const RESTART_DELAY_FIRST_MS = 500;
const RESTART_DELAY_MAX_MS = 30_000;

/**
 * glibc else keeps a pool of freed memory for each thread, 70 MB of a worker under load; it reads
 * this once, when a process starts. Other C libraries do not know it.
 */
const MEMORY = { MALLOC_ARENA_MAX: '1' };

/** A worker that served this long had started well: its death counts as the first again. */
const HEALTHY_AFTER_MS = 60_000;

/**
 * Starts this many processes that serve, and resolves when all of them listen. One that dies is
 * started again, later and later when it keeps dying. On SIGTERM or SIGINT they are told to stop,
 * and this process ends when the last of them has: with 0 when all ended clean.
 * Rejects when a worker ends before all of them have listened.
 */
export async function runWorkers(count: number, logger: Logger): Promise<void> {
  const pool = { stopping: false, started: false, exitCode: 0, logger };
  const slots = Array.from({ length: count }, () => startSlot(pool));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => stopAll(pool));
  }
  await Promise.all(slots);
  pool.started = true;
}

interface Pool {
  stopping: boolean;
  started: boolean;
  exitCode: number;
  readonly logger: Logger;
}

/** One place in the pool; resolves when its first worker listens. */
function startSlot(pool: Pool): Promise<void> {
  return new Promise((resolve, reject) => {
    let delayMs = RESTART_DELAY_FIRST_MS;
    const start = (): void => {
      if (pool.stopping) return;
      const worker = cluster.fork(MEMORY);
      const healthy = setTimeout(() => {
        delayMs = RESTART_DELAY_FIRST_MS;
      }, HEALTHY_AFTER_MS);
      worker.once('listening', () => {
        pool.logger.info({ worker: worker.process.pid }, 'worker started');
        resolve();
      });
      worker.once('exit', (code, signal) => {
        clearTimeout(healthy);
        if (pool.stopping) return void endWithLast(pool, worker, code);
        if (!pool.started) return reject(new Error('a worker ended while it started'));
        pool.logger.error({ code, signal, delayMs }, 'a worker ended: it is started again');
        setTimeout(start, delayMs);
        delayMs = Math.min(delayMs * 2, RESTART_DELAY_MAX_MS);
      });
    };
    start();
  });
}

function stopAll(pool: Pool): void {
  if (pool.stopping) process.exit(1);
  pool.stopping = true;
  const workers = liveWorkers();
  if (workers.length === 0) process.exit(pool.exitCode);
  for (const worker of workers) worker.process.kill('SIGTERM');
}

function endWithLast(pool: Pool, ended: Worker, code: number | null): void {
  if (code !== 0) pool.exitCode = 1;
  if (liveWorkers().every(({ id }) => id === ended.id)) process.exit(pool.exitCode);
}

function liveWorkers(): readonly Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}
