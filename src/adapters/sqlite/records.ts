import type { DatabaseSync } from 'node:sqlite';
import type { CareRecord } from '../../domain/record/care-record.ts';
import type { TermHit, TermPage, TermRange } from '../../domain/record/demographic-terms.ts';
import type { Receipt } from '../../domain/record/receipt.ts';
import type { RecordCommit } from '../../ports/record-commit.ts';
import { boundedCache, keptFromSecondUse } from './bounded-cache.ts';
import { headTexts } from './head-text.ts';
import { SQL } from './statements.ts';

/**
 * Parsed heads, counted as the text they were read from: in memory they are four times as large,
 * and what is kept beside them (ready texts, what rules worked out) is more than that again.
 */
const CACHED_HEADS = { entriesMax: 20_000, bytesMax: 4 * 1024 * 1024 };

const CACHED_FRAGMENTS = { entriesMax: 20_000, bytesMax: 8 * 1024 * 1024 };

/**
 * So many keys are remembered, of what was read once: about twice as many as there is room for.
 * What comes again after more others than that would only drive out what comes again sooner.
 */
const KEYS_MAX = 3_000;

/** The tables of care records. Nothing here waits: writes run inside the caller's transaction. */
export interface RecordTables {
  current(recordId: string): CareRecord | null;
  version(recordId: string, version: number): CareRecord | null;
  fragments(recordId: string, ids: readonly string[]): ReadonlyMap<string, Uint8Array>;
  /** The same if all of them are in memory; null otherwise. */
  keptFragments(recordId: string, ids: readonly string[]): ReadonlyMap<string, Uint8Array> | null;
  receipt(recordId: string, key: string): Receipt | null;
  findByTerm(range: TermRange): TermPage;
  /** The text of a head, as `write` takes it. */
  headText(record: CareRecord): string;
  /**
   * Hears of a record that is durable as this text. One that is read again and again stays parsed
   * when it changes.
   */
  committed(record: CareRecord, head: string): void;
  /**
   * Writes all but the audit entries; `conflict` when the version exists, and nothing is written.
   */
  write(commit: RecordCommit, head: string): 'committed' | 'conflict';
}

/** Prepares the statements over the tables of care records. */
export function recordTables(database: DatabaseSync): RecordTables {
  return { ...headReads(database), ...otherReads(database), write: recordWrite(database) };
}

type HeadReads = Pick<RecordTables, 'current' | 'version' | 'headText' | 'committed'>;

function headReads(database: DatabaseSync): HeadReads {
  const texts = headTexts();
  const latest = database.prepare(SQL.latestVersion);
  const head = database.prepare(SQL.head);
  const cache = keptFromSecondUse(boundedCache<CareRecord>(CACHED_HEADS), KEYS_MAX);

  function version(recordId: string, number: number): CareRecord | null {
    const key = headKey(recordId, number);
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const row = head.get(recordId, number) as { head: string } | undefined;
    if (row === undefined) return null;
    const { record, length } = texts.read(row.head, (holder) => version(recordId, holder));
    cache.set(key, record, length);
    return record;
  }

  function current(recordId: string): CareRecord | null {
    // The version is read each time, never cached: another process may have written a newer one.
    const row = latest.get(recordId) as { version: number } | undefined;
    return row === undefined ? null : version(recordId, row.version);
  }

  function committed(record: CareRecord, text: string): void {
    const length = texts.written(record, text);
    if (length === null) return;
    const key = headKey(record.id, record.version);
    cache.replace(headKey(record.id, record.version - 1), { key, value: record }, length);
  }

  return { current, version, headText: texts.write, committed };
}

function headKey(recordId: string, version: number): string {
  return `${version} ${recordId}`;
}

function otherReads(
  database: DatabaseSync,
): Pick<RecordTables, 'fragments' | 'keptFragments' | 'receipt' | 'findByTerm'> {
  const fragment = database.prepare(SQL.fragment);
  const receipt = database.prepare(SQL.receipt);
  const terms = database.prepare(SQL.terms);
  const cache = keptFromSecondUse(boundedCache<Uint8Array>(CACHED_FRAGMENTS), KEYS_MAX);

  function fragmentOf(recordId: string, id: string): Uint8Array {
    const key = `${recordId} ${id}`;
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const row = fragment.get(recordId, id) as { bytes: Uint8Array } | undefined;
    // Fail closed: an answer with a hole in it would leave out a medicine in silence.
    if (row === undefined) throw new Error('INVARIANT: a fragment that is referred to exists');
    cache.set(key, row.bytes, row.bytes.length);
    return row.bytes;
  }

  function keptFragments(
    recordId: string,
    ids: readonly string[],
  ): ReadonlyMap<string, Uint8Array> | null {
    const kept = new Map<string, Uint8Array>();
    for (const id of ids) {
      const bytes = cache.get(`${recordId} ${id}`);
      if (bytes === undefined) return null;
      kept.set(id, bytes);
    }
    return kept;
  }

  return {
    keptFragments,
    fragments(recordId, ids) {
      return new Map(ids.map((id) => [id, fragmentOf(recordId, id)]));
    },
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

function recordWrite(database: DatabaseSync): RecordTables['write'] {
  const latest = database.prepare(SQL.latestVersion);
  const insertHead = database.prepare(SQL.insertHead);
  const insertFragment = database.prepare(SQL.insertFragment);
  const insertReceipt = database.prepare(SQL.insertReceipt);
  const insertTerm = database.prepare(SQL.insertTerm);
  const deleteTerm = database.prepare(SQL.deleteTerm);
  return ({ record, fragments, receipt, termsAdded, termsRemoved }, head) => {
    const row = latest.get(record.id) as { version: number } | undefined;
    const version = row?.version ?? 0;
    if (record.version <= version) return 'conflict';
    if (record.version !== version + 1) throw new Error('INVARIANT: versions have no gaps');
    insertHead.run(record.id, record.version, head);
    for (const { id, bytes } of fragments) insertFragment.run(record.id, id, bytes);
    if (receipt !== null) insertReceipt.run(record.id, receipt.key, JSON.stringify(receipt));
    for (const term of termsRemoved) deleteTerm.run(term, record.id);
    for (const term of termsAdded) insertTerm.run(term, record.id);
    return 'committed';
  };
}
