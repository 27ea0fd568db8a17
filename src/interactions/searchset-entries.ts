import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import { type BundleEntry, searchsetEntry } from '../domain/fhir/bundle.ts';
import type { Context } from './context.ts';
import { entryTexts } from './entry-texts.ts';

type Mode = Exclude<BundleEntry['mode'], 'outcome'>;

/** Longer ones are written anew each time: they cost more memory than they save time. */
const READY_BYTES_MAX = 2 * 1024;

/**
 * Entries of searchsets as they were last written, by the entry version, which never changes. They
 * go when the record's head leaves the store's cache, and so are as many as that allows.
 */
const READY = new WeakMap<Context, WeakMap<DisclosedEntry, Ready>>();
type Ready = Partial<Record<Mode, Uint8Array>>;

/**
 * Disclosed entries as entries of a searchset, in their order. Takes nothing but what passed the
 * door: that a text is ready says nothing about who may have it.
 */
export async function searchsetEntries(
  context: Context,
  view: DisclosedRecord,
  entries: readonly DisclosedEntry[],
  mode: Mode,
): Promise<readonly Uint8Array[]> {
  const ready = readyIn(context);
  const known = entries.map((entry) => ready.get(entry)?.[mode]);
  const missing = entries.filter((_, index) => known[index] === undefined);
  if (missing.length === 0) return known.filter((each) => each !== undefined);
  const texts = await entryTexts(context, view, missing);
  const written = missing.map((entry, index) => write(context, entry, texts[index], mode));
  let next = 0;
  return known.map((each) => each ?? written[next++] ?? new Uint8Array());
}

function readyIn(context: Context): WeakMap<DisclosedEntry, Ready> {
  const known = READY.get(context);
  if (known !== undefined) return known;
  const ready = new WeakMap<DisclosedEntry, Ready>();
  READY.set(context, ready);
  return ready;
}

function write(
  context: Context,
  entry: DisclosedEntry,
  resource: Uint8Array = new Uint8Array(),
  mode: Mode,
): Uint8Array {
  const fullUrl = `${context.baseUrl}/${entry.type}/${entry.id}`;
  const written = searchsetEntry({ fullUrl, resource, mode });
  if (written.length <= READY_BYTES_MAX) {
    const ready = readyIn(context);
    ready.set(entry, { ...ready.get(entry), [mode]: written });
  }
  return written;
}
