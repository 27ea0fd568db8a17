import type { Claim, ClaimQuery } from '../domain/access/claim.ts';
import type { AuditEntry, AuditPage, AuditQuery } from '../domain/audit/entry.ts';
import type { Seal } from '../domain/audit/seal.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import type { CareRecord } from '../domain/record/care-record.ts';
import type { TermPage, TermRange } from '../domain/record/demographic-terms.ts';
import type { Receipt } from '../domain/record/receipt.ts';
import type { RecordCommit } from './record-commit.ts';

/** Entries of a record, as they stand: those of one type, or all. */
export type Shown = RecordType | 'all';

/** How many seals are read at once. */
export const SEALS_PAGE = 1_000;

/**
 * For how long an entry may have no seal where several processes append without waiting for each
 * other: longer than an append can take.
 */
export const UNSEALED_MS_MAX = 120_000;

/**
 * Where care records and the audit log are kept. Few, coarse operations, none optional, and every
 * adapter means the same by each (one contract suite runs on all).
 *
 * What resolves is durable: it survives the death of the process and of the machine. What another
 * process was told is committed is seen by the very next call here. Text and identifiers are
 * compared byte by byte: case, accents and trailing blanks matter. Every method rejects with
 * `StoreUnavailable` when the store cannot do it now, and then nothing was half-done.
 */
export interface Store {
  /**
   * The latest version of a record, or null when there is none. Never a stale one. `shown` says
   * which texts are about to be asked for: a store may read them at once, and need not.
   */
  currentRecord(recordId: string, shown?: Shown): Promise<CareRecord | null>;

  /** A given version of a record, or null. Versions are never changed or lost. */
  recordVersion(recordId: string, version: number): Promise<CareRecord | null>;

  /** The fragments named, by id. Every id must be one that a version of this record refers to. */
  fragments(recordId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;

  /**
   * Writes version n of a record, with its fragments, receipt, demographic terms and audit entries,
   * all or nothing. `conflict` means that version n exists already: another writer was first, and
   * nothing was written, neither fragments nor audit entries.
   */
  commit(commit: RecordCommit): Promise<'committed' | 'conflict'>;

  /** The receipt of an earlier commit to this record, by its key, or null. */
  receipt(recordId: string, key: string): Promise<Receipt | null>;

  /**
   * Ids of the records whose current version carries a term in the range, in order of (term, id).
   */
  findByTerm(range: TermRange): Promise<TermPage>;

  /**
   * Appends to the audit log; resolves once durable. Entries appended together are all or nothing.
   */
  appendAudit(entries: readonly AuditEntry[]): Promise<void>;

  /** A page of the audit log, newest first or oldest first (by `recorded`, then `id`). */
  searchAudit(query: AuditQuery): Promise<AuditPage>;

  /** The audit entry with this id, or null. */
  auditEntry(id: string): Promise<AuditEntry | null>;

  /**
   * Puts a seal on entries of the log that no seal covers yet, as many as one covers; resolves with
   * it once it is durable, and with null when there is none to cover, or another process sealed
   * them. `now` is in epoch milliseconds. A store without an order of its own leaves the entries of
   * the last `UNSEALED_MS_MAX` to a later seal.
   */
  sealAudit(now: number): Promise<Seal | null>;

  /** Seals in their order, from behind this number on (0 for the first): `SEALS_PAGE` at most. */
  seals(after: number): Promise<readonly Seal[]>;

  /**
   * The entries that a seal covers, as they are now and in the order they were sealed in; `before`
   * is the seal before it, null for the first. Rejects where one cannot be read.
   */
  sealedEntries(seal: Seal, before: Seal | null): Promise<readonly AuditEntry[]>;

  /** The relationships claimed by a person for a patient that have not expired at `activeAt`. */
  claims(query: ClaimQuery): Promise<readonly Claim[]>;

  /** The store's secret, 32 bytes, made once when the store is new and the same ever after. */
  secret(): Promise<Uint8Array>;

  /** Resolves when the store can read and write now. */
  ping(): Promise<void>;

  /** Whether no record was ever committed. */
  isEmpty(): Promise<boolean>;

  /** Waits for what is under way, then releases every resource. Calls after it are rejected. */
  close(): Promise<void>;
}

/** The store cannot be reached, or cannot write: nothing is disclosed, the answer is 503. */
export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super('the store is unavailable', { cause });
    this.name = 'StoreUnavailable';
  }
}
