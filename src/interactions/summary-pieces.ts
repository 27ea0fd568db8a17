import {
  type DisclosedEntry,
  type DisclosedRecord,
  isFamiliar,
} from '../domain/consent/disclosed.ts';
import { documentEntry } from '../domain/fhir/bundle.ts';
import { outline, type SummaryOutline } from '../domain/summary/outline.ts';
import { type SummaryPart, summaryPart } from '../domain/summary/summary-part.ts';
import type { Context } from './context.ts';
import { entryTexts } from './entry-texts.ts';
import { type PresentedEntry, presentedReady } from './presented-entry.ts';
import { resourceOf } from './stored-texts.ts';

/** A disclosed entry, ready to go into a document. */
export interface SummaryPiece {
  readonly entry: DisclosedEntry;
  /** What the Composition takes from it. */
  readonly part: SummaryPart;
  /** The entry of the Bundle. */
  readonly written: Uint8Array;
}

/** Longer ones are read anew each time: they cost more memory than they save time. */
const READY_BYTES_MAX = 4 * 1024;

/**
 * Pieces as they were last made, by what was written: the entry version, which never changes, or
 * its presented form. They go when the record's head leaves the store's cache, and so are as many
 * as that allows.
 */
const READY = new WeakMap<Context, WeakMap<Written, SummaryPiece>>();
type Written = DisclosedEntry | PresentedEntry;

/**
 * Disclosed entries as pieces of a summary document, in their order. Takes nothing but what passed
 * the door: that a piece is ready says nothing about who may have it.
 */
export async function summaryPieces(
  context: Context,
  view: DisclosedRecord,
  entries: readonly DisclosedEntry[],
): Promise<readonly SummaryPiece[]> {
  const ready = readyIn(context);
  const written = (entry: DisclosedEntry): Written | undefined => {
    const presented = presentedReady(context, view, entry);
    return presented?.text === null ? entry : presented;
  };
  const pieceReady = (key: Written | undefined) => (key === undefined ? undefined : ready.get(key));
  const known = entries.map((entry) => pieceReady(written(entry)));
  const missing = entries.filter((_, index) => known[index] === undefined);
  const texts = await entryTexts(context, view, missing);
  const made = missing.map((entry, index) => pieceOf(context, entry, texts[index]));
  for (const piece of made) {
    const key = written(piece.entry);
    if (key === undefined || !isFamiliar(view)) continue;
    if (piece.written.length <= READY_BYTES_MAX) ready.set(key, piece);
  }
  let next = 0;
  return known.map((each) => each ?? made[next++]).filter((each) => each !== undefined);
}

function readyIn(context: Context): WeakMap<Written, SummaryPiece> {
  const known = READY.get(context);
  if (known !== undefined) return known;
  const ready = new WeakMap<Written, SummaryPiece>();
  READY.set(context, ready);
  return ready;
}

function pieceOf(
  { baseUrl }: Context,
  entry: DisclosedEntry,
  text: Uint8Array = new Uint8Array(),
): SummaryPiece {
  const fullUrl = `${baseUrl}/${entry.type}/${entry.id}`;
  const part = summaryPart({ fullUrl, resource: resourceOf(text) }, baseUrl);
  return { entry, part, written: documentEntry({ fullUrl, resource: text }) };
}

/** What a summary holds of some pieces: what its sections say, and those that they lead to. */
export interface Outlined {
  readonly outline: SummaryOutline;
  readonly pieces: readonly SummaryPiece[];
}

/** What was last outlined by a Patient's piece, and of which pieces. */
const OUTLINED = new WeakMap<SummaryPiece, Outlined & { readonly of: readonly SummaryPiece[] }>();

/**
 * The outline of pieces, the Patient's among them. It comes from them alone, so that the last one
 * is kept, and given again for the very same pieces: which they are was decided anew.
 */
export function outlined(patient: SummaryPiece, of: readonly SummaryPiece[]): Outlined {
  const last = OUTLINED.get(patient);
  if (last !== undefined && areSame(last.of, of)) return last;
  const parts = of.map(({ part }) => part);
  const made = outline(patient.part.fullUrl, parts);
  const kept = new Set(made.parts);
  const found = { of, outline: made, pieces: of.filter(({ part }) => kept.has(part)) };
  OUTLINED.set(patient, found);
  return found;
}

function areSame(some: readonly SummaryPiece[], others: readonly SummaryPiece[]): boolean {
  return some.length === others.length && some.every((each, index) => each === others[index]);
}
