import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import { type BundleEntry, searchsetPieces } from '../domain/fhir/bundle.ts';
import type { PresentedText, TextLocation } from '../domain/record/care-record.ts';
import { isPresented } from '../domain/record/present.ts';
import type { Context } from './context.ts';
import { presentedAtCommit } from './presented-entry.ts';
import { presentedFrom } from './presented-from.ts';

/**
 * Disclosed entries as entries of a searchset, end to end in pieces of their fragments, of a record
 * that is not likely to be shown again: nothing is kept of them, and nothing copied. Null where a
 * form was not written at commit, and has to be worked out. Takes nothing but what passed the door.
 */
export async function entriesOnce(
  context: Context,
  view: DisclosedRecord,
  entries: readonly DisclosedEntry[],
  mode: BundleEntry['mode'],
): Promise<readonly Uint8Array[] | null> {
  const placed: TextLocation[][] = [];
  for (const entry of entries) {
    const places = placesOf(context, view, entry);
    if (places === null) return null;
    placed.push(places);
  }
  const ids: string[] = [];
  for (const { fragment } of placed.flat()) if (!ids.includes(fragment)) ids.push(fragment);
  const fragments = await context.store.fragments(view.patientId, ids);
  const resources = entries.map(({ type, id }, n) => ({
    fullUrl: `${context.baseUrl}/${type}/${id}`,
    pieces: (placed[n] ?? []).map((place) => pieceAt(fragments, place)),
  }));
  return searchsetPieces(resources, mode);
}

/** Where an entry stands, as this viewer gets it; null where it has to be worked out. */
function placesOf(
  context: Context,
  view: DisclosedRecord,
  entry: DisclosedEntry,
): TextLocation[] | null {
  const { type, text } = entry;
  if (view.form === 'sent' || !isPresented(type)) return [text];
  const known = presentedAtCommit(context, entry, presentedFrom(view, entry));
  return known && changedPlaces(text, known);
}

function changedPlaces(text: TextLocation, { change }: PresentedText): TextLocation[] {
  if (change === null) return [text];
  const { fragment, start, end } = text;
  const before = { fragment, start, end: start + change.from };
  return [before, change.by, { fragment, start: start + change.to, end }];
}

function pieceAt(
  fragments: ReadonlyMap<string, Uint8Array>,
  { fragment, start, end }: TextLocation,
): Uint8Array {
  const bytes = fragments.get(fragment);
  if (bytes === undefined) throw new Error('INVARIANT: a record’s fragments are in the store');
  return bytes.subarray(start, end);
}
