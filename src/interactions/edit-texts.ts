import type { DisclosedRecord } from '../domain/consent/disclosed.ts';
import type { JsonObject } from '../domain/fhir/json.ts';
import type { Entry, Fragment } from '../domain/record/care-record.ts';
import type { Context } from './context.ts';
import { resourceOf, storedTexts } from './stored-texts.ts';

/** The resources of those entries of a view that are needed to change it, by entry id. */
export async function storedResources(
  context: Context,
  view: DisclosedRecord | null,
  isNeeded: (entry: Entry) => boolean,
): Promise<ReadonlyMap<string, JsonObject>> {
  if (view === null) return new Map();
  const entries = view.entries.filter(isNeeded);
  const texts = await storedTexts(context, view, entries);
  return new Map(entries.map((entry, index) => [entry.id, resourceOf(texts[index])]));
}

/** The texts of entries that were just written, or left as they were, by entry id. */
export async function textsOf(
  context: Context,
  recordId: string,
  entries: readonly Entry[],
  written: readonly Fragment[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const fragments = new Map(written.map(({ id, bytes }) => [id, bytes]));
  const others = entries.map(({ text }) => text.fragment).filter((id) => !fragments.has(id));
  const stored =
    others.length === 0 ? [] : await context.store.fragments(recordId, [...new Set(others)]);
  for (const [id, bytes] of stored) fragments.set(id, bytes);
  return new Map(
    entries.map(({ id, text }) => {
      const bytes = fragments.get(text.fragment)?.subarray(text.start, text.end);
      if (bytes === undefined) throw new Error('INVARIANT: an entry’s text is in its fragment');
      return [id, bytes];
    }),
  );
}
