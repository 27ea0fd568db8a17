import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import { type BundleEntry, searchsetPieces } from '../domain/fhir/bundle.ts';
import type { TextChange, TextLocation } from '../domain/record/care-record.ts';
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
  const changes = changesAtCommit(context, view, entries);
  if (changes === null) return null;
  const fragments = await context.store.fragments(view.patientId, fragmentsOf(entries, changes));
  const resources = entries.map(({ type, id, text }, n) => ({
    fullUrl: `${context.baseUrl}/${type}/${id}`,
    pieces: piecesOf(fragments, text, changes[n] ?? null),
  }));
  return searchsetPieces(resources, mode);
}

/** What is different of each entry as this viewer gets it; null where it has to be worked out. */
function changesAtCommit(
  context: Context,
  view: DisclosedRecord,
  entries: readonly DisclosedEntry[],
): readonly (TextChange | null)[] | null {
  const changes: (TextChange | null)[] = [];
  for (const entry of entries) {
    if (view.form === 'sent' || !isPresented(entry.type)) {
      changes.push(null);
      continue;
    }
    const known = presentedAtCommit(context, entry, presentedFrom(view, entry));
    if (known === null) return null;
    changes.push(known.change);
  }
  return changes;
}

function fragmentsOf(
  entries: readonly DisclosedEntry[],
  changes: readonly (TextChange | null)[],
): readonly string[] {
  const ids: string[] = [];
  const add = (id: string): void => {
    if (!ids.includes(id)) ids.push(id);
  };
  for (const { text } of entries) add(text.fragment);
  for (const change of changes) if (change !== null) add(change.by.fragment);
  return ids;
}

type Fragments = ReadonlyMap<string, Uint8Array>;

function piecesOf(
  fragments: Fragments,
  { fragment, start, end }: TextLocation,
  change: TextChange | null,
): readonly Uint8Array[] {
  const stored = bytesOf(fragments, fragment);
  if (change === null) return [stored.subarray(start, end)];
  const { from, to, by } = change;
  return [
    stored.subarray(start, start + from),
    bytesOf(fragments, by.fragment).subarray(by.start, by.end),
    stored.subarray(start + to, end),
  ];
}

function bytesOf(fragments: Fragments, id: string): Uint8Array {
  const bytes = fragments.get(id);
  if (bytes === undefined) throw new Error('INVARIANT: a record’s fragments are in the store');
  return bytes;
}
