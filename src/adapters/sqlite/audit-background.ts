import { Worker } from 'node:worker_threads';
import type { IndexerData } from './audit-indexer.ts';

/** The thread of `audit-indexer.ts`, started when there is something to do for it. */
export interface AuditBackground {
  /** There is something new in a log file. */
  nudge(): void;
  stop(): Promise<void>;
}

const INDEXER = new URL('./audit-indexer.ts', import.meta.url);

/** Short-lived processes (tests, commands) leave the work to whoever opens the store next. */
const FIRST_AFTER_MS = 500;

/** Large batches cost less than many small ones, and a search does not wait for this thread. */
const EVERY_MS = 100;

/** Of new objects: what a batch needs is soon garbage, and would else take up three times that. */
const LIMITS = { maxYoungGenerationSizeMb: 8 };

/** Prepares the thread for the database at this path. */
export function auditBackground(path: string): AuditBackground {
  let thread: Worker | null = null;
  let timer: NodeJS.Timeout | null = null;
  let busy = false;
  let wanted = false;
  let stopped = false;

  function schedule(): void {
    if (busy || timer !== null || stopped) return;
    timer = setTimeout(begin, thread === null ? FIRST_AFTER_MS : EVERY_MS);
    timer.unref();
  }

  function begin(): void {
    timer = null;
    busy = true;
    wanted = false;
    thread ??= start();
    thread.postMessage('index');
  }

  function start(): Worker {
    const workerData: IndexerData = { path };
    const started = new Worker(INDEXER, { workerData, resourceLimits: LIMITS, execArgv: [] });
    started.unref();
    started.on('message', () => {
      busy = false;
      if (wanted) schedule();
    });
    started.on('error', (error) => {
      // Searches still bring in what they need; the next nudge starts another thread.
      thread = null;
      busy = false;
      process.emitWarning(error instanceof Error ? error : new Error(String(error)));
    });
    return started;
  }

  return {
    nudge() {
      wanted = true;
      schedule();
    },
    async stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      // Its transaction under way, if there is one, is rolled back: whoever opens next does it
      // again.
      await thread?.terminate();
    },
  };
}
