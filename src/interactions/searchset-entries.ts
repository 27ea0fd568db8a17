import {
  type DisclosedEntry,
  type DisclosedRecord,
  isFamiliar,
} from '../domain/consent/disclosed.ts';
import { type BundleEntry, searchsetEntry } from '../domain/fhir/bundle.ts';
import type { Context } from './context.ts';
import { entriesOnce } from './entries-once.ts';
import { type EntryForm, entryForms } from './entry-texts.ts';
import { presentedReady } from './presented-entry.ts';

type Mode = Exclude<BundleEntry['mode'], 'outcome'>;

/** Longer ones are written anew each time: they cost more memory than they save time. */
const READY_BYTES_MAX = 2 * 1024;

/**
 * Entries of searchsets as they were last written where they are as they are stored, by the entry
 * version, which never changes. They go when the record's head leaves the store's cache, and so are
 * as many as that allows.
 */
const READY = new WeakMap<Context, WeakMap<DisclosedEntry, Ready>>();
type Ready = Partial<Record<Mode, Uint8Array>>;

/**
 * Disclosed entries as entries of a searchset, in pieces that follow each other, in their order and
 * in the form in which this viewer gets them. Takes nothing but what passed the door: that a text
 * is ready says nothing about who may have it.
 */
export async function searchsetEntries(
  context: Context,
  view: DisclosedRecord,
  entries: readonly DisclosedEntry[],
  mode: Mode,
): Promise<readonly Uint8Array[]> {
  const once = isFamiliar(view) ? null : await entriesOnce(context, view, entries, mode);
  if (once !== null) return once;
  const known = entries.map((entry) => readyEntry(context, view, entry, mode));
  const missing = entries.filter((_, index) => known[index] === undefined);
  if (missing.length === 0) return known.filter((each) => each !== undefined);
  const forms = await entryForms(context, view, missing);
  const written = missing.map((entry, index) => write(context, view, entry, forms[index], mode));
  let next = 0;
  return known.map((each) => each ?? written[next++] ?? new Uint8Array());
}

function readyEntry(
  context: Context,
  view: DisclosedRecord,
  entry: DisclosedEntry,
  mode: Mode,
): Uint8Array | undefined {
  const presented = presentedReady(context, view, entry);
  if (presented === undefined) return undefined;
  if (presented.match === null) return READY.get(context)?.get(entry)?.[mode];
  return mode === 'match' ? presented.match : undefined;
}

function write(
  context: Context,
  view: DisclosedRecord,
  entry: DisclosedEntry,
  form: EntryForm | undefined,
  mode: Mode,
): Uint8Array {
  const { text: resource, match } = form ?? NOTHING;
  if (match !== null && mode === 'match') return match;
  const fullUrl = `${context.baseUrl}/${entry.type}/${entry.id}`;
  const written = searchsetEntry({ fullUrl, resource, mode });
  const isKept = isFamiliar(view) && match === null && written.length <= READY_BYTES_MAX;
  if (isKept) keep(context, entry, mode, written);
  return written;
}

const NOTHING: EntryForm = { text: new Uint8Array(), match: null };

function keep(context: Context, entry: DisclosedEntry, mode: Mode, written: Uint8Array): void {
  const ready = READY.get(context) ?? new WeakMap<DisclosedEntry, Ready>();
  READY.set(context, ready.set(entry, { ...ready.get(entry), [mode]: written }));
}
