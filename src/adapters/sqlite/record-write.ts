import type { DatabaseSync } from 'node:sqlite';
import type { Fragment } from '../../domain/record/care-record.ts';
import type { RecordCommit } from '../../ports/record-commit.ts';
import type { AuditLog } from './audit-log.ts';
import { packEntry } from './audit-pack.ts';
import type { PackedEntry } from './audit-packed.ts';
import { SQL } from './statements.ts';

/** What a commit came to: `conflict` when the version exists, and nothing was written. */
export type CommitOutcome = 'committed' | 'conflict';

/**
 * A commit as its rows: all that can be worked out before its transaction, which should be short,
 * as others wait for it. May be sent to another thread.
 */
export interface CommitOrder {
  readonly recordId: string;
  readonly version: number;
  readonly head: string;
  readonly fragments: readonly Fragment[];
  readonly receipt: { readonly key: string; readonly text: string } | null;
  readonly termsAdded: readonly string[];
  readonly termsRemoved: readonly string[];
  readonly audit: readonly PackedEntry[];
}

/** The order to write a commit whose head has this text. */
export function commitOrder(commit: RecordCommit, head: string): CommitOrder {
  const { record, fragments, receipt, termsAdded, termsRemoved, audit } = commit;
  return {
    recordId: record.id,
    version: record.version,
    head,
    fragments,
    receipt: receipt && { key: receipt.key, text: JSON.stringify(receipt) },
    termsAdded,
    termsRemoved,
    audit: audit.map(packEntry),
  };
}

/** Prepares what carries orders out, each inside the caller's transaction. Nothing here waits. */
export function orderWriter(
  database: DatabaseSync,
  log: Pick<AuditLog, 'append'>,
): (order: CommitOrder) => CommitOutcome {
  const latest = database.prepare(SQL.latestVersion);
  const insertHead = database.prepare(SQL.insertHead);
  const insertFragment = database.prepare(SQL.insertFragment);
  const insertReceipt = database.prepare(SQL.insertReceipt);
  const insertTerm = database.prepare(SQL.insertTerm);
  const deleteTerm = database.prepare(SQL.deleteTerm);
  return ({ recordId, version, head, fragments, receipt, termsAdded, termsRemoved, audit }) => {
    const row = latest.get(recordId) as { version: number } | undefined;
    const before = row?.version ?? 0;
    if (version <= before) return 'conflict';
    if (version !== before + 1) throw new Error('INVARIANT: versions have no gaps');
    insertHead.run(recordId, version, head);
    for (const { id, bytes } of fragments) insertFragment.run(recordId, id, bytes);
    if (receipt !== null) insertReceipt.run(recordId, receipt.key, receipt.text);
    for (const term of termsRemoved) deleteTerm.run(term, recordId);
    for (const term of termsAdded) insertTerm.run(term, recordId);
    log.append(audit);
    return 'committed';
  };
}
