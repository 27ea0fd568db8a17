import type { DatabaseSync } from 'node:sqlite';
import type { CareRecord } from '../../domain/record/care-record.ts';
import type { Shown } from '../../ports/store.ts';
import { boundedCache, keptFromSecondUse } from './bounded-cache.ts';
import { oneValue } from './one-value.ts';
import { SQL } from './statements.ts';

const CACHED_FRAGMENTS = { entriesMax: 20_000, bytesMax: 8 * 1024 * 1024 };

/** How many keys are remembered of what was read once: about twice as many as there is room for. */
const KEYS_MAX = 3_000;

/** Of so many records what was read ahead waits to be asked for: of more than a turn reads. */
const AHEAD_RECORDS_MAX = 128;

/** Read ahead of one record at most: beyond that it may be much more than is shown of it. */
const AHEAD_FRAGMENTS_MAX = 2;

type Fragments = ReadonlyMap<string, Uint8Array>;

/** Fragments of records. Nothing here waits. */
export interface FragmentReads {
  fragments(recordId: string, ids: readonly string[]): Fragments;
  /** The same if all of them are in memory; null otherwise. */
  keptFragments(recordId: string, ids: readonly string[]): Fragments | null;
  /** Reads the texts that are about to be asked for, which then are in memory once. */
  readAhead(record: CareRecord, shown: Shown): void;
}

/** Prepares the statement over fragments. */
export function fragmentReads(database: DatabaseSync): FragmentReads {
  const fragment = oneValue<Uint8Array>(database, SQL.fragment);
  const cache = keptFromSecondUse(boundedCache<Uint8Array>(CACHED_FRAGMENTS), KEYS_MAX);
  const ahead = new Map<string, Fragments>();

  function find(recordId: string, id: string): Uint8Array | undefined {
    const key = `${recordId} ${id}`;
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const bytes = fragment(recordId, id);
    if (bytes !== undefined) cache.set(key, bytes, bytes.length);
    return bytes;
  }

  function readEach(recordId: string, ids: readonly string[]): Fragments {
    const read = new Map<string, Uint8Array>();
    for (const id of ids) {
      const bytes = find(recordId, id);
      // Fail closed: an answer with a hole in it would leave out a medicine in silence.
      if (bytes === undefined) throw new Error('INVARIANT: a fragment that is referred to exists');
      read.set(id, bytes);
    }
    return read;
  }

  /** What is missing is told when it is asked for: it may be withheld. */
  function keepAhead(recordId: string, ids: readonly string[]): void {
    const read = new Map<string, Uint8Array>();
    for (const id of ids) {
      const bytes = find(recordId, id);
      if (bytes !== undefined) read.set(id, bytes);
    }
    ahead.set(recordId, read);
    if (ahead.size <= AHEAD_RECORDS_MAX) return;
    const [oldest] = ahead.keys();
    if (oldest !== undefined) ahead.delete(oldest);
  }

  function keptEach(recordId: string, ids: readonly string[]): Fragments | null {
    const kept = new Map<string, Uint8Array>();
    for (const id of ids) {
      const bytes = cache.get(`${recordId} ${id}`);
      if (bytes === undefined) return null;
      kept.set(id, bytes);
    }
    return kept;
  }

  return {
    fragments: readEach,
    keptFragments(recordId, ids) {
      const read = ahead.get(recordId);
      if (read === undefined) return keptEach(recordId, ids);
      ahead.delete(recordId);
      return ids.every((id) => read.has(id)) ? read : keptEach(recordId, ids);
    },
    readAhead(record, shown) {
      const ids = fragmentsOf(record, shown);
      if (ids.length > 0 && ids.length <= AHEAD_FRAGMENTS_MAX) keepAhead(record.id, ids);
    },
  };
}

/** The fragments with the texts that are shown, presented forms included. */
function fragmentsOf({ entries }: CareRecord, shown: Shown): readonly string[] {
  const ids: string[] = [];
  const add = (id: string): void => {
    if (!ids.includes(id)) ids.push(id);
  };
  for (const { type, withdrawn, text, presented } of entries) {
    if (withdrawn || (shown !== 'all' && shown !== type)) continue;
    add(text.fragment);
    if (presented?.change) add(presented.change.by.fragment);
  }
  return ids;
}
