import type { DatabaseSync } from 'node:sqlite';
import type { CareRecord } from '../../domain/record/care-record.ts';
import { boundedCache, keptFromSecondUse } from './bounded-cache.ts';
import { headTexts } from './head-text.ts';
import { oneValue } from './one-value.ts';
import { SQL } from './statements.ts';

/**
 * Parsed heads, counted as the text they were read from: in memory they are four times as large,
 * and what is kept beside them (ready texts, what rules worked out) is more than that again.
 */
const CACHED_HEADS = { entriesMax: 20_000, bytesMax: 4 * 1024 * 1024 };

/**
 * So many keys are remembered, of what was read once: about twice as many as there is room for.
 * What comes again after more others than that would only drive out what comes again sooner.
 */
const KEYS_MAX = 3_000;

/** Heads of records, read and about to be written. Nothing here waits. */
export interface HeadReads {
  /** `isKept`: it was in memory, and its version alone was read. */
  current(recordId: string): { readonly record: CareRecord; readonly isKept: boolean } | null;
  version(recordId: string, version: number): CareRecord | null;
  /** The text of a head, as it is to be written. */
  headText(record: CareRecord): string;
  /**
   * Hears of a record that is durable as this text. One that is read again and again stays parsed
   * when it changes.
   */
  committed(record: CareRecord, head: string): void;
}

/** Prepares the statements over heads. */
export function headReads(database: DatabaseSync): HeadReads {
  const texts = headTexts();
  const latest = oneValue<number>(database, SQL.latestVersion);
  const newest = oneValue<string>(database, SQL.newestHead);
  const head = oneValue<string>(database, SQL.head);
  // The newest version that is known by the record's id, earlier ones by their number as well.
  const cache = keptFromSecondUse(boundedCache<CareRecord>(CACHED_HEADS), KEYS_MAX);

  function readHead(key: string, recordId: string, text: string): CareRecord {
    const { record, length } = texts.read(text, (holder) => version(recordId, holder));
    cache.set(key, record, length);
    return record;
  }

  function version(recordId: string, number: number): CareRecord | null {
    const known = cache.get(recordId);
    if (known?.version === number) return known;
    const key = `${number} ${recordId}`;
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const text = head(recordId, number);
    return text === undefined ? null : readHead(key, recordId, text);
  }

  return {
    current(recordId) {
      // The version is read each time, never cached: another process may have written a newer one.
      const kept = cache.get(recordId);
      if (kept !== undefined && latest(recordId) === kept.version) {
        return { record: kept, isKept: true };
      }
      const text = newest(recordId);
      if (text === undefined) return null;
      return { record: readHead(recordId, recordId, text), isKept: false };
    },
    version,
    headText: texts.write,
    committed(record, text) {
      const length = texts.written(record, text);
      if (length !== null) cache.replace(record.id, record, length);
    },
  };
}
