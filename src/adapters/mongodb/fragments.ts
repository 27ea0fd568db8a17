import { BoundedCache } from './bounded-cache.ts';
import type { Collections } from './documents.ts';
import { fragmentId } from './draft.ts';

const CACHE_BYTES_MAX = 64 * 1024 * 1024;

/** Reads fragments. They never change, so those used last are kept in memory. */
export class Fragments {
  readonly #collections: Collections;
  readonly #used = new BoundedCache<Uint8Array>(CACHE_BYTES_MAX);

  constructor(collections: Collections) {
    this.#collections = collections;
  }

  /** Throws a plain Error when one is missing: content is never left out in silence. */
  async read(recordId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const distinct = [...new Set(ids)];
    const bytes = await Promise.all(distinct.map((id) => this.#one(fragmentId(recordId, id))));
    return new Map(distinct.map((id, n) => [id, bytes[n] ?? new Uint8Array(0)]));
  }

  async #one(id: string): Promise<Uint8Array> {
    const used = this.#used.get(id);
    if (used !== undefined) return used;
    const found = await this.#collections.fragments.findOne({ _id: id });
    if (found === null) throw new Error('INVARIANT: a fragment that a version refers to is there');
    const bytes = found.bytes.value();
    this.#used.set(id, bytes, bytes.length);
    return bytes;
  }
}
