/**
 * Sends what concurrent callers bring in one command: while one is under way the next fills up, and
 * it leaves as soon as the one before has returned. Nobody waits for a timer.
 */
export class GroupCommit<T> {
  readonly #send: (items: readonly T[]) => Promise<ReadonlySet<string>>;
  #waiting: T[] = [];
  #next: Promise<ReadonlySet<string>> | null = null;
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(send: (items: readonly T[]) => Promise<ReadonlySet<string>>) {
    this.#send = send;
  }

  /** Resolves with the outcome of the command that carried the items, or rejects with its error. */
  add(items: readonly T[]): Promise<ReadonlySet<string>> {
    for (const item of items) this.#waiting.push(item);
    this.#next ??= this.#underWay.then(() => this.#leave());
    return this.#next;
  }

  #leave(): Promise<ReadonlySet<string>> {
    const items = this.#waiting;
    this.#waiting = [];
    this.#next = null;
    const sent = this.#send(items);
    // Its callers are told of a failure; the next command sets out all the same.
    this.#underWay = Promise.allSettled([sent]);
    return sent;
  }
}
