/**
 * Lets the writers of one record in this process go one after the other. Only to spare them work
 * that would be lost: what keeps two writers apart is the store's compare-and-set, which holds
 * between processes too.
 */
export class RecordTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs a task once all earlier ones for the same record have ended, however they ended. */
  async take<T>(recordId: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(recordId) ?? Promise.resolve();
    const mine = before.then(task, task);
    this.#last.set(recordId, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(recordId) === mine) this.#last.delete(recordId);
    }
  }
}
