import type { RecordType } from '../fhir/resource-types.ts';
import { bytesOf } from '../fhir/utf8.ts';
import { FRAGMENT_BYTES_SOFT_MAX, SHARED_FRAGMENT_BYTES_MAX } from '../limits.ts';
import type { Fragment, TextLocation } from './care-record.ts';

/** A fragment that is being filled; `size` is in bytes. */
interface Pack {
  readonly id: string;
  readonly texts: string[];
  size: number;
}

/**
 * Packs new texts into fragments. A few texts share one, whatever their types: it is written and
 * read with one statement. After that, texts of one type stand together, in the order in which they
 * were added, so that a read of one type touches few fragments and no other type's.
 */
export class Packer {
  readonly #freshId: () => string;
  readonly #open = new Map<RecordType | typeof SHARED, Pack>();
  readonly #closed: Fragment[] = [];

  constructor(freshId: () => string) {
    this.#freshId = freshId;
  }

  /** Adds a text, which is JSON, and says where it will stand. */
  add(type: RecordType, text: string): TextLocation {
    const size = bytesOf(text);
    const pack = this.#packFor(type, size);
    const start = pack.size;
    pack.texts.push(text);
    pack.size += size;
    return { fragment: pack.id, start, end: pack.size };
  }

  /** All fragments that were filled. */
  fragments(): readonly Fragment[] {
    for (const type of [...this.#open.keys()]) this.#close(type);
    return this.#closed;
  }

  #packFor(type: RecordType, size: number): Pack {
    const sharedSize = this.#open.get(SHARED)?.size ?? 0;
    if (sharedSize + size <= SHARED_FRAGMENT_BYTES_MAX) return this.#opened(SHARED);
    const current = this.#open.get(type);
    if (current !== undefined && current.size + size > FRAGMENT_BYTES_SOFT_MAX) this.#close(type);
    return this.#opened(type);
  }

  #opened(kind: RecordType | typeof SHARED): Pack {
    const pack = this.#open.get(kind) ?? { id: this.#freshId(), texts: [], size: 0 };
    this.#open.set(kind, pack);
    return pack;
  }

  #close(kind: RecordType | typeof SHARED): void {
    const pack = this.#open.get(kind);
    if (pack === undefined) return;
    this.#open.delete(kind);
    this.#closed.push({ id: pack.id, bytes: ENCODER.encode(pack.texts.join('')) });
  }
}

/** Stands for all types. */
const SHARED = 'shared';

const ENCODER = new TextEncoder();
