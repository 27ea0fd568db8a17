import {
  type DisclosedEntry,
  type DisclosedRecord,
  isFamiliar,
} from '../domain/consent/disclosed.ts';
import { matchesOf } from '../domain/fhir/bundle.ts';
import { writeJson } from '../domain/fhir/json.ts';
import type { PresentedText, TextChange, TextLocation } from '../domain/record/care-record.ts';
import { isPresented, type PresentedSource, present } from '../domain/record/present.ts';
import { isPresentedBy } from '../domain/record/write-presented.ts';
import type { Context } from './context.ts';
import { presentedFrom } from './presented-from.ts';
import { resourceOf } from './stored-texts.ts';

/** An entry in the form in which a viewer gets it. */
export interface PresentedEntry {
  /** The other entries that it takes from, each in the version of then. */
  readonly sources: readonly DisclosedEntry[];
  /** The resource; null where it is as it is stored. */
  readonly text: Uint8Array | null;
  /** The same as a match of a searchset. */
  readonly match: Uint8Array | null;
}

/** What is as it is stored. */
export const AS_STORED: PresentedEntry = { sources: [], text: null, match: null };

/** Longer ones are written anew each time: they cost more memory than they save time. */
const READY_BYTES_MAX = 4 * 1024;

/**
 * What was presented, by the entry version, which never changes; it holds as long as what it takes
 * from is the same. It goes when the record's head leaves the store's cache.
 */
const READY = new WeakMap<Context, WeakMap<DisclosedEntry, PresentedEntry>>();

/** An entry as this viewer gets it, where that is known already. */
export function presentedReady(
  context: Context,
  view: DisclosedRecord,
  entry: DisclosedEntry,
): PresentedEntry | undefined {
  if (view.form === 'sent' || !isPresented(entry.type)) return AS_STORED;
  const ready = READY.get(context)?.get(entry);
  if (ready === undefined || entry.stated === undefined) return ready;
  return isSame(ready.sources, presentedFrom(view, entry)) ? ready : undefined;
}

function isSame(one: readonly DisclosedEntry[], other: readonly DisclosedEntry[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}

/** Gives the stored text at a place. */
export type TextAt = (place: TextLocation) => Uint8Array;

/** Where the texts stand that it takes to present an entry to this viewer. */
export function placesToPresent(
  context: Context,
  view: DisclosedRecord,
  entry: DisclosedEntry,
): readonly TextLocation[] {
  const sources = presentedFrom(view, entry);
  const known = presentedAtCommit(context, entry, sources);
  if (known === null) return [entry.text, ...sources.map(({ text }) => text)];
  return known.change === null ? [entry.text] : [entry.text, known.change.by];
}

/** Works out how this viewer gets entries, from the texts at `placesToPresent`. */
export function presentEntries(
  context: Context,
  view: DisclosedRecord,
  entries: readonly DisclosedEntry[],
  textAt: TextAt,
): readonly PresentedEntry[] {
  const pieces = entries.map((entry) => piecesOf(context, view, entry, textAt));
  const different = entries.flatMap(({ type, id }, index) => {
    const found = pieces[index] ?? null;
    return found === null ? [] : [{ fullUrl: `${context.baseUrl}/${type}/${id}`, pieces: found }];
  });
  const matches = matchesOf(different).values();
  return entries.map((entry, index) => {
    const sources = presentedFrom(view, entry);
    const match = pieces[index] === null ? undefined : matches.next().value;
    const presented: PresentedEntry =
      match === undefined
        ? { ...AS_STORED, sources }
        : { sources, match: match.entry, text: match.resource };
    if (isFamiliar(view)) keep(context, entry, presented);
    return presented;
  });
}

function keep(context: Context, entry: DisclosedEntry, presented: PresentedEntry): void {
  if ((presented.match?.length ?? 0) <= READY_BYTES_MAX) readyIn(context).set(entry, presented);
}

/** The text of an entry as this viewer gets it, in pieces; null where it is as it is stored. */
function piecesOf(
  context: Context,
  view: DisclosedRecord,
  entry: DisclosedEntry,
  textAt: TextAt,
): readonly Uint8Array[] | null {
  const sources = presentedFrom(view, entry);
  const known = presentedAtCommit(context, entry, sources);
  if (known === null) return presentedAnew(context, entry, sources, textAt);
  return known.change && changed(textAt(entry.text), known.change, textAt);
}

/**
 * The form that was worked out when the entry was written, if it is by today's rules and takes from
 * these sources, as they are and no others: all that it holds is shown to this viewer anyway.
 */
export function presentedAtCommit(
  { presenting }: Context,
  { presented }: DisclosedEntry,
  sources: readonly DisclosedEntry[],
): PresentedText | null {
  return isPresentedBy(presented, presenting, sources) ? presented : null;
}

function changed(
  stored: Uint8Array,
  { from, to, by }: TextChange,
  textAt: TextAt,
): readonly Uint8Array[] {
  return [stored.subarray(0, from), textAt(by), stored.subarray(to)];
}

function presentedAnew(
  { baseUrl }: Context,
  entry: DisclosedEntry,
  sources: readonly DisclosedEntry[],
  textAt: TextAt,
): readonly Uint8Array[] | null {
  const resource = resourceOf(textAt(entry.text));
  const others = sources.map((each): PresentedSource => [each, resourceOf(textAt(each.text))]);
  const shown = present(entry.type, resource, others, (path) => path.replace(`${baseUrl}/`, ''));
  return shown === resource ? null : [ENCODER.encode(writeJson(shown))];
}

const ENCODER = new TextEncoder();

function readyIn(context: Context): WeakMap<DisclosedEntry, PresentedEntry> {
  const known = READY.get(context);
  if (known !== undefined) return known;
  const ready = new WeakMap<DisclosedEntry, PresentedEntry>();
  READY.set(context, ready);
  return ready;
}
