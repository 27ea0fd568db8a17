import { BoundedCache } from './bounded-cache.ts';
import { type Connection, type Head, headId, parseHead } from './documents.ts';
import { SharedLookUps } from './shared-look-ups.ts';

/** How many characters of JSON the heads kept in memory may have together. */
const CACHE_CHARACTERS_MAX = 64 * 1024 * 1024;

/**
 * The versions of records. They are contiguous from 1 and never change or go, so a version seen
 * once stands for ever, and the latest is found by asking whether the next one is there: one
 * look-up by `_id`, which is atomic, in order and cheap on every server that speaks the protocol.
 */
export class Heads {
  readonly #connection: Connection;
  /** The highest version of each record that was seen: never taken for the latest unasked. */
  readonly #seen = new BoundedCache<Head>(CACHE_CHARACTERS_MAX);

  readonly #latest = new SharedLookUps((recordId) => this.#findLatest(recordId));

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * The latest version, as of a moment between this call and its answer; null when there is none.
   */
  latest(recordId: string): Promise<Head | null> {
    return this.#latest.ask(recordId);
  }

  /** A given version, or null. */
  async version(recordId: string, version: number): Promise<Head | null> {
    const seen = this.#seen.get(recordId);
    if (seen?.record.version === version) return seen;
    return await this.#ask(recordId, version);
  }

  /** The highest version that this process has seen; 0 when it has seen none. */
  versionSeen(recordId: string): number {
    return this.#seen.get(recordId)?.record.version ?? 0;
  }

  /** Keeps a version that is known to be there, unless a higher one is kept. */
  remember(head: Head): void {
    const { id, version } = head.record;
    if (version > this.versionSeen(id)) this.#seen.set(id, head, head.weight);
  }

  /** Notes, for processes that have not seen this record, that this version is there. */
  async point(recordId: string, version: number): Promise<void> {
    const { pointers } = this.#connection.collections;
    await pointers.updateOne({ _id: recordId }, { $max: { version } }, { upsert: true });
  }

  async #findLatest(recordId: string): Promise<Head | null> {
    let last = this.#seen.get(recordId) ?? (await this.#pointedTo(recordId));
    let present = last?.record.version ?? 0;
    let absent = Number.POSITIVE_INFINITY;
    // Ask for the next, then in doubling steps; once past the end, halve the gap.
    for (let step = 1; absent - present > 1; step *= 2) {
      const asked = Number.isFinite(absent) ? Math.floor((present + absent) / 2) : present + step;
      const found = await this.#ask(recordId, asked);
      if (found === null) absent = asked;
      else [last, present] = [found, asked];
    }
    if (last !== null) this.remember(last);
    return last;
  }

  async #pointedTo(recordId: string): Promise<Head | null> {
    const pointer = await this.#connection.collections.pointers.findOne({ _id: recordId });
    return pointer === null ? null : await this.#ask(recordId, pointer.version);
  }

  async #ask(recordId: string, version: number): Promise<Head | null> {
    const { collections, latestRead } = this.#connection;
    const found = await collections.heads.findOne({ _id: headId(recordId, version) }, latestRead);
    return found === null ? null : parseHead(found);
  }
}
