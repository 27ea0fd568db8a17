import { Worker } from 'node:worker_threads';
import { type LockTurns, newTurns, occasionalTurns } from './lock-turns.ts';
import type { FromWriteThread, ToWriteThread } from './write-messages.ts';
import type { WriteThreadData } from './write-worker.ts';

/** The thread of `write-worker.ts`, started when there is something to do for it. */
export interface WriteThread {
  /** Starts it, unless it runs. */
  start(): void;
  /** Whether it has its connection, and may be sent something. */
  isReady(): boolean;
  /** `handedOver`: memory in the message that is the thread's from now on. */
  send(message: ToWriteThread, handedOver?: ArrayBuffer[]): void;
  /** From now on hears what the thread tells, and that it has ended, however it did. */
  hear(listener: Listener): void;
  /** Whether the process waits for it: not unless somebody waits for an answer. */
  keepAlive(isWaitedFor: boolean): void;
  /** The turns of the thread that serves. */
  readonly turns: LockTurns;
  stop(): Promise<void>;
}

type Listener = (message: FromWriteThread | { readonly kind: 'ended' }) => void;

const WORKER = new URL('./write-worker.ts', import.meta.url);

/** Of new objects: what a batch needs is soon garbage, and would else take up three times that. */
const LIMITS = { maxYoungGenerationSizeMb: 8 };

/** Prepares the thread for the database at this path. */
export function writeThread(path: string): WriteThread {
  const workerData: WriteThreadData = { path, turns: newTurns() };
  const listeners: Listener[] = [];
  let thread: Worker | null = null;
  let ready = false;
  let stopped = false;

  function tell(message: Parameters<Listener>[0]): void {
    if (message.kind === 'ready') ready = true;
    if (message.kind === 'ended') ready = false;
    for (const listener of listeners) listener(message);
  }

  function started(): Worker {
    const worker = new Worker(WORKER, { workerData, resourceLimits: LIMITS, execArgv: [] });
    worker.unref();
    worker.on('message', tell);
    // Everything it does is done by others as well: commits here, indexing by whoever searches.
    worker.on('error', (error) => {
      process.emitWarning(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', () => {
      thread = null;
      tell({ kind: 'ended' });
    });
    return worker;
  }

  return {
    start() {
      if (!stopped) thread ??= started();
    },
    isReady: () => ready,
    send: (message, handedOver = []) => thread?.postMessage(message, handedOver),
    hear: (listener) => void listeners.push(listener),
    keepAlive: (isWaitedFor) => void (isWaitedFor ? thread?.ref() : thread?.unref()),
    turns: occasionalTurns(workerData.turns),
    async stop() {
      stopped = true;
      // Its transaction under way, if there is one, is rolled back: whoever opens next does it
      // again.
      await thread?.terminate();
    },
  };
}
