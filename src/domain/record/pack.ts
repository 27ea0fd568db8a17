import type { RecordType } from '../fhir/resource-types.ts';
import { FRAGMENT_BYTES_SOFT_MAX } from '../limits.ts';
import type { Fragment, TextLocation } from './care-record.ts';

/**
 * Packs new texts into fragments: texts of one type stand together, in the order in which they were
 * added, so that a read of one type touches few fragments and no other type's.
 */
export class Packer {
  readonly #freshId: () => string;
  readonly #open = new Map<RecordType, { id: string; texts: Uint8Array[]; size: number }>();
  readonly #closed: Fragment[] = [];

  constructor(freshId: () => string) {
    this.#freshId = freshId;
  }

  /** Adds a text and says where it will stand. */
  add(type: RecordType, text: string): TextLocation {
    const bytes = ENCODER.encode(text);
    const pack = this.#packFor(type, bytes.length);
    const start = pack.size;
    pack.texts.push(bytes);
    pack.size += bytes.length;
    return { fragment: pack.id, start, end: pack.size };
  }

  /** All fragments that were filled. */
  fragments(): readonly Fragment[] {
    for (const type of [...this.#open.keys()]) this.#close(type);
    return this.#closed;
  }

  #packFor(type: RecordType, size: number): { id: string; texts: Uint8Array[]; size: number } {
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
    this.#closed.push({ id: pack.id, bytes: joinBytes(pack.texts, pack.size) });
  }
}

const ENCODER = new TextEncoder();

function joinBytes(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const joined = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
