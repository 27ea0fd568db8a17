import { setTimeout as delay } from 'node:timers/promises';

/**
 * SQLite has one writer at a time and no queue for the others, who ask again and again: a thread
 * that writes without a pause would leave the rest of its process to luck. So whoever was refused
 * says so in memory that the threads share, and the busy one lets them go first.
 */
export interface LockTurns {
  /** Before a transaction; null when nobody asks. */
  giveWay(): Promise<void> | null;
  /** Runs what waits for the lock, and has others give way meanwhile. */
  asking<T>(wait: () => Promise<T>): Promise<T>;
}

/** For how long others go first at most: whoever asks may have died, or waits for a third one. */
const GIVE_WAY_MS_MAX = 50;
const LOOK_EVERY_MS = 1;

/** Memory for the turns of one process's connections to one database. */
export function newTurns(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/** The turns of a thread that writes now and then. */
export function occasionalTurns(shared: SharedArrayBuffer): LockTurns {
  const asking = new Int32Array(shared);
  return {
    giveWay: () => null,
    async asking(wait) {
      Atomics.add(asking, 0, 1);
      try {
        return await wait();
      } finally {
        Atomics.sub(asking, 0, 1);
      }
    },
  };
}

/** The turns of a thread that may write all the time. */
export function busyTurns(shared: SharedArrayBuffer): LockTurns {
  const asking = new Int32Array(shared);

  async function wait(): Promise<void> {
    for (let waited = 0; waited < GIVE_WAY_MS_MAX; waited += LOOK_EVERY_MS) {
      if (Atomics.load(asking, 0) === 0) return;
      await delay(LOOK_EVERY_MS);
    }
  }

  return {
    giveWay: () => (Atomics.load(asking, 0) === 0 ? null : wait()),
    asking: (refused) => refused(),
  };
}
