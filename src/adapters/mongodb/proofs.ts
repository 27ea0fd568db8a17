import { BoundedCache } from './bounded-cache.ts';
import type { Collections, Proof } from './documents.ts';

const KNOWN_MAX = 100_000;

/**
 * Which of the documents that were written ahead count. A proof, once there, is there for ever, so
 * what stands is remembered; what does not stand yet may stand later.
 */
export class Proofs {
  readonly #collections: Collections;
  /** When each was found to stand, counted in findings. */
  readonly #standing = new BoundedCache<number>(KNOWN_MAX);
  #findings = 0;

  constructor(collections: Collections) {
    this.#collections = collections;
  }

  /** A moment that `knows` can be asked about. */
  now(): number {
    return this.#findings;
  }

  /** Whether this proof was known to stand at that moment; false also when nobody had asked. */
  knows(proof: Proof, asOf: number): boolean {
    return (this.#standing.get(proof.nonce) ?? Number.POSITIVE_INFINITY) <= asOf;
  }

  /** Remembers what stands. */
  add(nonce: string): void {
    this.#findings += 1;
    this.#standing.set(nonce, this.#findings, 1);
  }

  /** Whether this proof stands, asking the database unless it is known. */
  async stands(proof: Proof): Promise<boolean> {
    if (this.knows(proof, this.now())) return true;
    const options = { projection: { nonce: 1 } };
    const found =
      proof.in === 'heads'
        ? await this.#collections.heads.findOne({ _id: proof.id }, options)
        : await this.#collections.batches.findOne({ _id: proof.id }, options);
    if (found?.nonce !== proof.nonce) return false;
    this.add(proof.nonce);
    return true;
  }
}
