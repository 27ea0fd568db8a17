import type { CareRecord, Entry } from '../../domain/record/care-record.ts';

/** Heads as text. One that left every entry as it was names the version that holds them instead. */
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
}

/** The version of a record whose head holds a list of entries. */
interface Holder {
  readonly recordId: string;
  readonly version: number;
  readonly length: number;
}

type StoredHead = Omit<CareRecord, 'entries'> & { readonly entries: readonly Entry[] | number };

/**
 * The heads of one store. That entries are the same is told by the list itself: a record that was
 * read here and goes back with the list that it came with, which nobody changes.
 */
export function headTexts(): HeadTexts {
  const holders = new WeakMap<readonly Entry[], Holder>();
  return {
    write(record) {
      const holder = holders.get(record.entries);
      const isHeld = holder?.recordId === record.id && holder.version < record.version;
      return JSON.stringify(isHeld ? { ...record, entries: holder.version } : record);
    },
    read(text, holding) {
      const { entries, ...head } = JSON.parse(text) as StoredHead;
      if (typeof entries !== 'number') {
        holders.set(entries, { recordId: head.id, version: head.version, length: text.length });
        return { record: { ...head, entries }, length: text.length };
      }
      const held = holding(entries)?.entries;
      const holder = held && holders.get(held);
      if (held === undefined || holder === undefined) {
        throw new Error('INVARIANT: a version that a head names holds entries');
      }
      return { record: { ...head, entries: held }, length: text.length + holder.length };
    },
  };
}
