import type { CareRecord } from '../../domain/record/care-record.ts';

/** What a cache may hold at most. */
export interface CacheLimits {
  readonly entriesMax: number;
  /** Of the JSON that the heads were parsed from; in memory a head is about three times as large. */
  readonly bytesMax: number;
}

/** Parsed heads by record and version; a version never changes, so nothing is ever out of date. */
export interface HeadCache {
  get(recordId: string, version: number): CareRecord | undefined;
  set(record: CareRecord, bytes: number): void;
}

interface Held {
  readonly record: CareRecord;
  readonly bytes: number;
}

/** An empty cache that drops what was used longest ago. */
export function headCache(limits: CacheLimits): HeadCache {
  // A Map iterates in order of insertion: what is used is put in again, so the first is the oldest.
  const held = new Map<string, Held>();
  let bytesHeld = 0;

  function drop(key: string): Held | undefined {
    const found = held.get(key);
    if (found !== undefined) {
      held.delete(key);
      bytesHeld -= found.bytes;
    }
    return found;
  }

  function put(key: string, entry: Held): void {
    held.set(key, entry);
    bytesHeld += entry.bytes;
  }

  return {
    get(recordId, version) {
      const key = keyOf(recordId, version);
      const found = drop(key);
      if (found !== undefined) put(key, found);
      return found?.record;
    },
    set(record, bytes) {
      const key = keyOf(record.id, record.version);
      drop(key);
      if (bytes > limits.bytesMax) return;
      put(key, { record, bytes });
      for (const oldest of held.keys()) {
        if (held.size <= limits.entriesMax && bytesHeld <= limits.bytesMax) break;
        drop(oldest);
      }
    },
  };
}

function keyOf(recordId: string, version: number): string {
  return `${version} ${recordId}`;
}
