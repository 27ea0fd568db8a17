import type { DatabaseSync } from 'node:sqlite';
import type { CareRecord } from '../../domain/record/care-record.ts';
import type { TermHit, TermPage, TermRange } from '../../domain/record/demographic-terms.ts';
import type { Receipt } from '../../domain/record/receipt.ts';
import type { Shown } from '../../ports/store.ts';
import { type FragmentReads, fragmentReads } from './fragment-reads.ts';
import { type HeadReads, headReads } from './head-reads.ts';
import { SQL } from './statements.ts';

/** The tables of care records, as they are read. Nothing here waits. */
export interface RecordTables extends Omit<HeadReads, 'current'>, Omit<FragmentReads, 'readAhead'> {
  /** `shown`: what of its texts is about to be asked for. */
  current(recordId: string, shown?: Shown): CareRecord | null;
  receipt(recordId: string, key: string): Receipt | null;
  findByTerm(range: TermRange): TermPage;
}

/** Prepares the statements over the tables of care records. */
export function recordTables(database: DatabaseSync): RecordTables {
  const heads = headReads(database);
  const { readAhead, ...fragments } = fragmentReads(database);

  function current(recordId: string, shown?: Shown): CareRecord | null {
    const found = heads.current(recordId);
    if (found === null) return null;
    // What is kept of a record in memory has its texts beside it.
    if (shown !== undefined && !found.isKept) readAhead(found.record, shown);
    return found.record;
  }

  return { ...heads, ...fragments, ...otherReads(database), current };
}

function otherReads(database: DatabaseSync): Pick<RecordTables, 'receipt' | 'findByTerm'> {
  const receipt = database.prepare(SQL.receipt);
  const terms = database.prepare(SQL.terms);
  return {
    receipt(recordId, key) {
      const row = receipt.get(recordId, key) as { receipt: string } | undefined;
      return row === undefined ? null : (JSON.parse(row.receipt) as Receipt);
    },
    findByTerm({ from, to, after, limit }) {
      // No record id is empty: everything at `from` comes after (from, '').
      const start = after ?? { term: from, recordId: '' };
      const rows = terms.all(start.term, start.recordId, to, limit + 1) as unknown as TermHit[];
      const hits = rows.slice(0, limit).map(({ term, recordId }) => ({ term, recordId }));
      return { hits, more: rows.length > limit };
    },
  };
}
