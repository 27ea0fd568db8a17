import type { RecordType } from '../fhir/resource-types.ts';
import { FRAGMENT_BYTES_SOFT_MAX } from '../limits.ts';
import type { Fragment, TextLocation } from './care-record.ts';

/** A fragment that is being filled; `size` is in bytes. */
interface Pack {
  readonly id: string;
  readonly texts: string[];
  size: number;
}

/**
 * Packs new texts into fragments: texts of one type stand together, in the order in which they were
 * added, so that a read of one type touches few fragments and no other type's.
 */
export class Packer {
  readonly #freshId: () => string;
  readonly #open = new Map<RecordType, Pack>();
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
    const current = this.#open.get(type);
    if (current !== undefined && current.size + size > FRAGMENT_BYTES_SOFT_MAX) this.#close(type);
    const pack = this.#open.get(type) ?? { id: this.#freshId(), texts: [], size: 0 };
    this.#open.set(type, pack);
    return pack;
  }

  #close(type: RecordType): void {
    const pack = this.#open.get(type);
    if (pack === undefined) return;
    this.#open.delete(type);
    this.#closed.push({ id: pack.id, bytes: ENCODER.encode(pack.texts.join('')) });
  }
}

const ENCODER = new TextEncoder();
const NOT_ASCII = /[^\0-\x7f]/;

/** Most texts need not be encoded to know how long they are. */
function bytesOf(text: string): number {
  return NOT_ASCII.test(text) ? ENCODER.encode(text).length : text.length;
}
