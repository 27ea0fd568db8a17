/**
 * Lets the writers of one record in this process go one after the other. Only to spare them work
 * that would be lost: what keeps two writers apart is the store's compare-and-set, which holds
 * between processes too.
 */
export class RecordTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  /**
   * Runs a task once all earlier ones for the same record have ended, however they ended. It is
   * told whether there were any: then what was read of the record before may be outdated.
   */
  async take<T>(recordId: string, task: (waited: boolean) => Promise<T>): Promise<T> {
    const before = this.#last.get(recordId);
    const next = (): Promise<T> => task(before !== undefined);
    const mine = before === undefined ? next() : before.then(next, next);
    this.#last.set(recordId, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(recordId) === mine) this.#last.delete(recordId);
    }
  }
}
