import type { Binary, Db, MongoClient, Collection as MongoCollection } from 'mongodb';
import type { CareRecord } from '../../domain/record/care-record.ts';
import type { Receipt } from '../../domain/record/receipt.ts';

/**
 * The shapes that are kept. Keys are fixed words and whatever came from outside is a value, so that
 * no dot, dollar sign or NUL of a stored text ever becomes part of a document's structure; records
 * and audit entries are JSON text, so that they come back exactly as they went in.
 */

/** One version of one record. Inserting it is the commit: `_id` is `[record]:[version]`. */
export interface HeadDocument {
  readonly _id: string;
  /** Which attempt to commit wrote it; what was written ahead of it says the same. */
  readonly nonce: string;
  readonly record: string;
  readonly version: number;
  /** The CareRecord, as JSON. */
  readonly head: string;
  /**
   * The Receipt of this commit, as JSON; the writer of the next version copies it to `receipts`.
   */
  readonly receipt: string | null;
  /**
   * Every demographic term that holds from this version on, with the posting that stands for it.
   */
  readonly terms: readonly StandingTerm[];
}

/** A term of the current version, and the `_id` of its posting. */
export interface StandingTerm {
  readonly term: string;
  readonly posting: string;
}

/** A version that exists, not necessarily the latest: where looking for the latest begins. */
export interface PointerDocument {
  readonly _id: string;
  readonly version: number;
}

/** `_id` is `[record]:[fragment]`. */
export interface FragmentDocument {
  readonly _id: string;
  readonly bytes: Binary;
}

/** A hint that a record may carry a term: true only if the record's current head says so too. */
export interface PostingDocument {
  readonly _id: string;
  readonly term: string;
  readonly record: string;
}

/** `_id` is `[record]:[receipt key]`. */
export interface ReceiptDocument {
  readonly _id: string;
  readonly receipt: string;
}

/** The document whose existence, with this nonce, makes another one count. */
export interface Proof {
  readonly in: 'heads' | 'batches';
  readonly id: string;
  readonly nonce: string;
}

/** Says that everything appended together is there. `_id` is the nonce. */
export interface BatchDocument {
  readonly _id: string;
  readonly nonce: string;
}

/** One audit entry; with a proof it counts only once the document that the proof names is there. */
export interface AuditDocument {
  /** The entry's id; with more behind it where an attempt that failed left that one taken. */
  readonly _id: string;
  readonly proof: Proof | null;
  readonly entry: string;
  readonly recorded: string;
  readonly patient: string | null;
  readonly agent: string | null;
  readonly organization: string | null;
  readonly action: string;
  readonly outcome: string;
  readonly names: readonly string[];
  readonly alertTo: string | null;
  /** The AuditEntry, as JSON. */
  readonly text: string;
}

/** A claimed relationship, kept apart from the log because every clinical read looks for one. */
export interface ClaimDocument {
  readonly _id: string;
  readonly proof: Proof;
  readonly patient: string;
  readonly person: string;
  readonly organization: string;
  readonly expiresAt: string;
  /** The Claim, as JSON. */
  readonly text: string;
}

/** A seal on the log. `_id` is its number, in digits that sort as numbers do. */
export interface SealDocument {
  readonly _id: string;
  /** The Seal, as JSON. */
  readonly seal: string;
}

/** What there is one of: the schema version, the store's secret, and what a ping writes. */
export interface MetaDocument {
  readonly _id: string;
  readonly version?: number;
  readonly bytes?: Binary;
  readonly at?: string;
}

/** The collections, each by its name in the database. */
export interface Collections {
  readonly heads: MongoCollection<HeadDocument>;
  readonly pointers: MongoCollection<PointerDocument>;
  readonly fragments: MongoCollection<FragmentDocument>;
  readonly postings: MongoCollection<PostingDocument>;
  readonly receipts: MongoCollection<ReceiptDocument>;
  readonly audit: MongoCollection<AuditDocument>;
  readonly batches: MongoCollection<BatchDocument>;
  readonly claims: MongoCollection<ClaimDocument>;
  readonly seals: MongoCollection<SealDocument>;
  readonly meta: MongoCollection<MetaDocument>;
}

/** A database that is open. */
export interface Connection {
  readonly client: MongoClient;
  readonly db: Db;
  readonly collections: Collections;
  /** How a record's latest version is asked for: never answered by a primary that was deposed. */
  readonly latestRead: { readonly readConcern: { level: 'linearizable' | 'majority' } };
}

/** A head, parsed. */
export interface Head {
  readonly record: CareRecord;
  readonly nonce: string;
  readonly receipt: Receipt | null;
  readonly terms: readonly StandingTerm[];
  /** Roughly what it costs to hold, in characters of JSON. */
  readonly weight: number;
}

/** The `_id` of a version's head. */
export function headId(recordId: string, version: number): string {
  return `${recordId}:${version}`;
}

/** Reads a head back. */
export function parseHead(document: HeadDocument): Head {
  return {
    record: JSON.parse(document.head) as CareRecord,
    nonce: document.nonce,
    receipt: document.receipt === null ? null : (JSON.parse(document.receipt) as Receipt),
    terms: document.terms,
    weight: document.head.length,
  };
}
