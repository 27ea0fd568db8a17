import type { DatabaseSync } from 'node:sqlite';
import { asUnavailable } from './unavailable.ts';

/**
 * Reads that requests of one turn of the event loop ask for, done together at its end: the locks
 * that SQLite takes for a read transaction cost several times the read itself.
 *
 * INVARIANT: a read begins after it was asked for, so it sees whatever was committed by then, by
 * this process or another. A transaction that was already open when a request arrived might not.
 */
export interface TurnReads {
  /** Resolves with what `work`, which must be synchronous, returned. */
  read<T>(work: () => T): Promise<T>;
}

interface Queued {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** Starts an empty queue for one connection. */
export function turnReads(database: DatabaseSync): TurnReads {
  let queue: Queued[] = [];

  function readAll(): void {
    const reads = queue;
    queue = [];
    // Alone, a statement's own transaction is enough.
    if (reads.length === 1) readEach(reads);
    else readTogether(reads);
  }

  function readTogether(reads: readonly Queued[]): void {
    try {
      database.exec('BEGIN');
      readEach(reads);
      database.exec('COMMIT');
    } catch (error) {
      // What was read has been handed out, and stays true; the others hear of it.
      const reason = asUnavailable(error);
      for (const { reject } of reads) reject(reason);
      if (database.isOpen && database.isTransaction) database.exec('ROLLBACK');
    }
  }

  return {
    read<T>(work: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        if (queue.length === 0) setImmediate(readAll);
        queue.push({ work, resolve: resolve as Queued['resolve'], reject });
      });
    },
  };
}

function readEach(reads: readonly Queued[]): void {
  for (const { work, resolve, reject } of reads) {
    try {
      resolve(work());
    } catch (error) {
      reject(asUnavailable(error));
    }
  }
}
