import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import { searchsetEntry } from '../domain/fhir/bundle.ts';
import { isObject, type JsonObject, parseJson, writeJson } from '../domain/fhir/json.ts';
import { cursorOf } from '../domain/search/cursor.ts';
import type { RecordSearch } from '../domain/search/record-search.ts';
import { runSearch, shown } from '../domain/search/run-search.ts';
import { worldOf } from '../domain/search/world.ts';
import type { Context } from './context.ts';
import { entryTexts } from './entry-texts.ts';

/** One page of a search, ready to be put into a Bundle. */
export interface FoundPage {
  readonly entries: readonly Uint8Array[];
  /** What is on the page, for the audit entry. */
  readonly disclosed: readonly DisclosedEntry[];
  readonly total: number | null;
  /** Where the next page begins; null on the last one. */
  readonly cursor: string | null;
}

/** A disclosed entry with what it says. */
interface Read {
  readonly entry: DisclosedEntry;
  readonly text: Uint8Array;
}

/**
 * Evaluates a search over the disclosed entries of a record, and nothing else: to a chain, a
 * `_has`, an include or a sort, what is hidden does not exist. A page link is evaluated anew.
 */
export async function evaluateSearch(
  context: Context,
  view: DisclosedRecord,
  { search, after }: RecordSearch,
): Promise<FoundPage> {
  const texts = await entryTexts(context, view, view.entries);
  const read = new Map<JsonObject, Read>(
    view.entries.map((entry, index) => {
      const text = texts[index] ?? new Uint8Array();
      return [parsed(text), { entry, text }];
    }),
  );
  const resources = [...read.keys()];
  const page = runSearch(search, resources, worldOf(resources, context.baseUrl), after);
  const written = (resource: JsonObject, mode: 'match' | 'include'): Uint8Array => {
    const { entry, text } = readOf(read, resource);
    const cut = shown(search, resource, mode);
    // Stored text is sent as it is stored, unless a summary or `_elements` leaves parts of it out.
    const whole = cut === resource ? text : new TextEncoder().encode(writeJson(cut));
    const fullUrl = `${context.baseUrl}/${entry.type}/${entry.id}`;
    return searchsetEntry({ fullUrl, resource: whole, mode });
  };
  const onPage = [...page.matches, ...page.included];
  return {
    entries: [
      ...page.matches.map((resource) => written(resource, 'match')),
      ...page.included.map((resource) => written(resource, 'include')),
    ],
    disclosed: onPage.map((resource) => readOf(read, resource).entry),
    total: page.total,
    cursor:
      page.next === null
        ? null
        : cursorOf(search.type, { parameters: search.used, after: page.next }, (text) =>
            context.names.sign(text),
          ),
  };
}

function readOf(read: ReadonlyMap<JsonObject, Read>, resource: JsonObject): Read {
  const found = read.get(resource);
  if (found === undefined) throw new Error('INVARIANT: a search finds what it was given');
  return found;
}

function parsed(text: Uint8Array): JsonObject {
  const value = parseJson(new TextDecoder().decode(text));
  if (!value.ok || !isObject(value.value)) throw new Error('INVARIANT: stored text is a resource');
  return value.value;
}
