import type { CareRecord, Entry } from '../../domain/record/care-record.ts';
import { packEntries } from './pack-entries.ts';
import type { PackedEntries } from './packed-entries.ts';
import { unpackEntries } from './unpack-entries.ts';

/**
 * Heads as text, their entries packed. One that left every entry as it was names the version that
 * holds them instead.
 */
export interface HeadTexts {
  write(record: CareRecord): string;
  /**
   * Reads a head; `holding` gives the version of the same record that a head names. Says as well
   * how much text the whole of it was read from.
   */
  read(
    text: string,
    holding: (version: number) => CareRecord | null,
  ): { readonly record: CareRecord; readonly length: number };
  /**
   * Takes note of a record that was committed as this text: its entries are held from now on. How
   * much text the whole of it is; null when its list of entries is another record's as well.
   */
  written(record: CareRecord, text: string): number | null;
}

/** The version of a record whose head holds a list of entries. */
interface Holder {
  readonly recordId: string;
  readonly version: number;
  readonly length: number;
}

/** As they were written before they were packed, packed, or the version that holds them. */
type StoredEntries = readonly Entry[] | PackedEntries | number;

type StoredHead = Omit<CareRecord, 'entries'> & { readonly entries: StoredEntries };

/**
 * The heads of one store. That entries are the same is told by the list itself: a record that was
 * read here and goes back with the list that it came with, which nobody changes.
 */
export function headTexts(): HeadTexts {
  const holders = new WeakMap<readonly Entry[], Holder>();

  function hold({ id, version, entries }: CareRecord, length: number): void {
    holders.set(entries, { recordId: id, version, length });
  }

  return {
    write(record) {
      const holder = holders.get(record.entries);
      const isHeld = holder?.recordId === record.id && holder.version < record.version;
      const stored = isHeld ? holder.version : packEntries(record.id, record.entries);
      return JSON.stringify(stored === null ? record : { ...record, entries: stored });
    },
    read(text, holding) {
      const head = JSON.parse(text) as StoredHead;
      const { entries } = head;
      if (typeof entries !== 'number') {
        const record = {
          ...head,
          entries: isPacked(entries) ? unpackEntries(head.id, entries) : entries,
        };
        hold(record, text.length);
        return { record, length: text.length };
      }
      const held = holding(entries)?.entries;
      const holder = held && holders.get(held);
      if (held === undefined || holder === undefined) {
        throw new Error('INVARIANT: a version that a head names holds entries');
      }
      return { record: { ...head, entries: held }, length: text.length + holder.length };
    },
    written(record, text) {
      const holder = holders.get(record.entries);
      if (holder !== undefined) {
        return holder.recordId === record.id ? text.length + holder.length : null;
      }
      hold(record, text.length);
      return text.length;
    },
  };
}

function isPacked(entries: readonly Entry[] | PackedEntries): entries is PackedEntries {
  return !Array.isArray(entries);
}
