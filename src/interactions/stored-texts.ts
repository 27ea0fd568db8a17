import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import { isObject, type JsonObject, parseJson } from '../domain/fhir/json.ts';
import type { TextLocation } from '../domain/record/care-record.ts';
import type { Context } from './context.ts';

/**
 * The stored texts of disclosed entries, in their order: what was sent, for searches and edits to
 * work on. What leaves is for `entry-texts.ts` to say. Takes nothing but what passed the door. A
 * text that is not where the record says is a bug, and rejects.
 */
export async function storedTexts(
  context: Context,
  view: DisclosedRecord,
  entries: readonly DisclosedEntry[],
): Promise<readonly Uint8Array[]> {
  return textsAt(
    context,
    view,
    entries.map(({ text }) => text),
  );
}

/** The texts that stand at places which disclosed entries name, in the order of these. */
export async function textsAt(
  context: Context,
  view: DisclosedRecord,
  places: readonly TextLocation[],
): Promise<readonly Uint8Array[]> {
  if (places.length === 0) return [];
  const ids = [...new Set(places.map(({ fragment }) => fragment))];
  const fragments = await context.store.fragments(view.patientId, ids);
  return places.map(({ fragment, start, end }) => {
    const bytes = fragments.get(fragment)?.subarray(start, end);
    if (bytes === undefined) throw new Error('INVARIANT: a record’s fragments are in the store');
    return bytes;
  });
}

/** The resource that a stored or presented text is. */
export function resourceOf(text: Uint8Array | undefined): JsonObject {
  const read = parseJson(DECODER.decode(text));
  if (!read.ok || !isObject(read.value)) throw new Error('INVARIANT: stored text is a resource');
  return read.value;
}

const DECODER = new TextDecoder();
