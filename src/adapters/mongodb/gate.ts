import { MongoError } from 'mongodb';
import { StoreUnavailable } from '../../ports/store.ts';

/**
 * What every call goes through: it counts who is inside, and turns the driver's errors into ours.
 */
export class Gate {
  readonly #inside = new Set<Promise<unknown>>();
  #closed = false;

  /** Rejects with `StoreUnavailable` when the database fails, or when the gate is closed. */
  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new StoreUnavailable(new Error('the store was closed'));
    const going = work();
    this.#inside.add(going);
    try {
      return await going;
    } catch (error) {
      throw asUnavailable(error);
    } finally {
      this.#inside.delete(going);
    }
  }

  /** Lets nobody in any more, and resolves when everybody is out. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#inside);
  }
}

/** The driver's errors as `StoreUnavailable`; any other is a bug and stays what it is. */
export function asUnavailable(error: unknown): unknown {
  return error instanceof MongoError ? new StoreUnavailable(error) : error;
}
