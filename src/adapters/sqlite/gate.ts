import type { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable } from '../../ports/store.ts';
import { asUnavailable } from './unavailable.ts';

/** How work reaches the connection: with errors translated, and not at all once it is closing. */
export interface Gate {
  /** Starts work at once; closing waits for it when it takes several turns of the event loop. */
  run<T>(work: () => T | Promise<T>): Promise<T>;
  /**
   * Waits for what is under way, then closes the connection; the second time it is the same wait.
   */
  close(): Promise<void>;
}

function closed(): StoreUnavailable {
  return new StoreUnavailable(new Error('the store was closed'));
}

/**
 * Opens the gate to a connection, which from now on the gate alone closes; `beforeClosing` is
 * called when nothing is under way any more.
 */
export function openGate(database: DatabaseSync, beforeClosing: () => Promise<void>): Gate {
  let underWay = 0;
  let allDone: (() => void) | null = null;
  let closing: Promise<void> | null = null;

  async function track<T>(running: Promise<T>): Promise<T> {
    underWay += 1;
    try {
      return await running;
    } catch (error) {
      throw asUnavailable(error);
    } finally {
      underWay -= 1;
      if (underWay === 0) allDone?.();
    }
  }

  async function finish(): Promise<void> {
    if (underWay > 0) {
      await new Promise<void>((resolve) => {
        allDone = resolve;
      });
    }
    try {
      await beforeClosing();
    } finally {
      database.close();
    }
  }

  return {
    // Not an async function, which would wait a turn of its own for what waits already.
    run(work) {
      if (closing !== null) return Promise.reject(closed());
      try {
        const done = work();
        // What is done in this turn is never under way.
        return done instanceof Promise ? track(done) : Promise.resolve(done);
      } catch (error) {
        return Promise.reject(asUnavailable(error));
      }
    },
    close() {
      closing ??= finish();
      return closing;
    },
  };
}
