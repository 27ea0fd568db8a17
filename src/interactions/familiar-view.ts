import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';

/**
 * Whether the record of a view was shown before from where it is in memory: then what is worked out
 * for it is likely to be asked for again. For most records of a large store it is not, and keeping
 * it would cost more than working it out.
 */
export function isFamiliar(view: DisclosedRecord): boolean {
  const known = FAMILIAR.get(view);
  if (known !== undefined) return known;
  const [first] = view.entries;
  const isKnown = first !== undefined && SHOWN.has(first);
  if (first !== undefined) SHOWN.add(first);
  FAMILIAR.set(view, isKnown);
  return isKnown;
}

/** What was found out for a view, which is of one request. */
const FAMILIAR = new WeakMap<DisclosedRecord, boolean>();

/** The first entries of views: they go when the record's head leaves the store's cache. */
const SHOWN = new WeakSet<DisclosedEntry>();
