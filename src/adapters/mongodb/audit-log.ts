import type { AuditEntry } from '../../domain/audit/entry.ts';
import { auditDocument, claimDocuments } from './audit-documents.ts';
import type { AuditDocument, Collections, Proof } from './documents.ts';
import { GroupCommit } from './group-commit.ts';
import { insertEntries } from './insert-entries.ts';
import { insertAbsent } from './named-documents.ts';
import { freshNonce } from './nonce.ts';
import type { Proofs } from './proofs.ts';

/** Appends to the audit log. */
export class AuditLog {
  readonly #collections: Collections;
  readonly #proofs: Proofs;
  readonly #inserts: GroupCommit<AuditDocument>;

  constructor(collections: Collections, proofs: Proofs) {
    this.#collections = collections;
    this.#proofs = proofs;
    this.#inserts = new GroupCommit((documents) => insertAbsent(collections.audit, documents));
  }

  /** Appends all or none. */
  async append(entries: readonly AuditEntry[]): Promise<void> {
    const [first, ...others] = entries;
    if (first === undefined) return;
    // Almost every request appends one entry: it is one document, and that is all there is to it.
    if (others.length === 0 && first.claim === null) await this.#insert([first], null);
    else await this.#appendTogether(entries);
  }

  /** Everything is written ahead; the batch document, last, makes all of it count at once. */
  async #appendTogether(entries: readonly AuditEntry[]): Promise<void> {
    const { batches, claims } = this.#collections;
    const nonce = freshNonce();
    const proof: Proof = { in: 'batches', id: nonce, nonce };
    await Promise.all([
      this.#insert(entries, proof),
      insertAbsent(claims, claimDocuments(entries, proof)),
    ]);
    await insertAbsent(batches, [{ _id: nonce, nonce }]);
    this.#proofs.add(nonce);
  }

  async #insert(entries: readonly AuditEntry[], proof: Proof | null): Promise<void> {
    const documents = entries.map((entry) => auditDocument(entry, proof));
    await insertEntries(this.#collections.audit, documents, (some) => this.#inserts.add(some));
  }
}
