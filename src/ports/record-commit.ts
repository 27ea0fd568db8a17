import type { AuditEntry } from '../domain/audit/entry.ts';
import type { CareRecord, Fragment } from '../domain/record/care-record.ts';
import type { Receipt } from '../domain/record/receipt.ts';

/** One atomic change of one record. `record.version` is the version that it writes. */
export interface RecordCommit {
  readonly record: CareRecord;
  /** The new fragments; those of earlier versions stay where they are. */
  readonly fragments: readonly Fragment[];
  readonly receipt: Receipt | null;
  /** Demographic terms that the patient has from this version on, and those no longer true. */
  readonly termsAdded: readonly string[];
  readonly termsRemoved: readonly string[];
  /** Audit entries of the change: in the log exactly when the commit is. */
  readonly audit: readonly AuditEntry[];
}
