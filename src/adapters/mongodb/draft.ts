import { Binary } from 'mongodb';
import type { RecordCommit } from '../../ports/record-commit.ts';
import { auditDocument, claimDocuments } from './audit-documents.ts';
import {
  type AuditDocument,
  type ClaimDocument,
  type FragmentDocument,
  type Head,
  type HeadDocument,
  headId,
  type PostingDocument,
  type Proof,
  type ReceiptDocument,
  type StandingTerm,
} from './documents.ts';

/** One attempt to commit, as the documents that it consists of. */
export interface Draft {
  readonly head: HeadDocument;
  readonly fragments: readonly FragmentDocument[];
  readonly postings: readonly PostingDocument[];
  readonly audit: readonly AuditDocument[];
  readonly claims: readonly ClaimDocument[];
  /** The receipt of the version before, which no writer has moved out of its head for certain. */
  readonly receipts: readonly ReceiptDocument[];
  /** `_id`s of postings that are no longer true once the head is there. */
  readonly outdated: readonly string[];
}

/** Lays out a commit; `before` is the version that it follows, null for version 1. */
export function draftOf(commit: RecordCommit, before: Head | null, nonce: string): Draft {
  const { record, receipt } = commit;
  const id = headId(record.id, record.version);
  const proof: Proof = { in: 'heads', id, nonce };
  const terms = termsOf(commit, before?.terms ?? [], nonce);
  return {
    head: {
      _id: id,
      nonce,
      record: record.id,
      version: record.version,
      head: JSON.stringify(record),
      receipt: receipt === null ? null : JSON.stringify(receipt),
      terms: [...terms.kept, ...terms.added],
    },
    fragments: commit.fragments.map((fragment) => ({
      _id: fragmentId(record.id, fragment.id),
      bytes: new Binary(fragment.bytes),
    })),
    postings: terms.added.map(({ term, posting }) => ({ _id: posting, term, record: record.id })),
    audit: commit.audit.map((entry) => auditDocument(entry, proof)),
    claims: claimDocuments(commit.audit, proof),
    receipts: receiptOf(before),
    outdated: terms.outdated,
  };
}

/** The `_id` of a fragment. */
export function fragmentId(recordId: string, fragment: string): string {
  return `${recordId}:${fragment}`;
}

/** The `_id` of a receipt that was moved out of its head. */
export function receiptId(recordId: string, key: string): string {
  return `${recordId}:${key}`;
}

function receiptOf(before: Head | null): ReceiptDocument[] {
  if (before === null || before.receipt === null) return [];
  const { receipt, record } = before;
  return [{ _id: receiptId(record.id, receipt.key), receipt: JSON.stringify(receipt) }];
}

/**
 * The terms that hold from this version on. Each has a posting of its own for each time it is
 * added.
 */
function termsOf(commit: RecordCommit, before: readonly StandingTerm[], nonce: string) {
  const removed = new Set(commit.termsRemoved);
  const kept = before.filter(({ term }) => !removed.has(term));
  const known = new Set(kept.map(({ term }) => term));
  const added = [...new Set(commit.termsAdded)]
    .filter((term) => !known.has(term))
    .map((term, n) => ({ term, posting: `${commit.record.id}:${nonce}:${n}` }));
  const outdated = before.filter(({ term }) => removed.has(term)).map(({ posting }) => posting);
  return { kept, added, outdated };
}
