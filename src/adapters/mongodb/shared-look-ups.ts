/**
 * Lets concurrent callers who ask the same share one look-up, without giving anyone an answer older
 * than the question: whoever asks while a look-up is under way waits for the one after it, which
 * all who wait share.
 */
export class SharedLookUps<V> {
  readonly #lookUp: (name: string) => Promise<V>;
  readonly #underWay = new Map<string, Promise<V>>();
  readonly #next = new Map<string, Promise<V>>();

  constructor(lookUp: (name: string) => Promise<V>) {
    this.#lookUp = lookUp;
  }

  /** The answer as of a moment between this call and its return. */
  ask(name: string): Promise<V> {
    const waiting = this.#next.get(name);
    if (waiting !== undefined) return waiting;
    const underWay = this.#underWay.get(name);
    if (underWay === undefined) return this.#begin(name);
    // Those who wait for the one under way are told of its failure; the next begins all the same.
    const next = Promise.allSettled([underWay]).then(() => {
      this.#next.delete(name);
      return this.#begin(name);
    });
    this.#next.set(name, next);
    return next;
  }

  #begin(name: string): Promise<V> {
    const begun = this.#lookUp(name).finally(() => {
      if (this.#underWay.get(name) === begun) this.#underWay.delete(name);
    });
    this.#underWay.set(name, begun);
    return begun;
  }
}
