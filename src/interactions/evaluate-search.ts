import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import { searchsetEntry } from '../domain/fhir/bundle.ts';
import { type JsonObject, writeJson } from '../domain/fhir/json.ts';
import { cursorOf } from '../domain/search/cursor.ts';
import type { RecordSearch } from '../domain/search/record-search.ts';
import { containedWithId } from '../domain/search/references.ts';
import { isCut, runSearch, shown } from '../domain/search/run-search.ts';
import { worldOf } from '../domain/search/world.ts';
import type { Context } from './context.ts';
import { type AuditedEntries, auditedEntries, entryTexts } from './entry-texts.ts';
import { searchsetEntries } from './searchset-entries.ts';
import { resourceOf, storedTexts } from './stored-texts.ts';

/** One page of a search, ready to be put into a Bundle. */
export interface FoundPage {
  /** Entries of a searchset, in pieces that follow each other. */
  readonly entries: readonly Uint8Array[];
  /** What the audit entry names of it. */
  readonly audited: AuditedEntries;
  readonly total: number | null;
  /** Where the next page begins; null on the last one. */
  readonly cursor: string | null;
}

/**
 * Evaluates a search over the disclosed entries of a record as they are stored, and nothing else:
 * to a chain, a `_has`, an include or a sort, what is hidden does not exist. A page link is
 * evaluated anew.
 */
export async function evaluateSearch(
  context: Context,
  view: DisclosedRecord,
  { search, after }: RecordSearch,
): Promise<FoundPage> {
  const texts = await storedTexts(context, view, view.entries);
  const entryOf = new Map(
    view.entries.map((entry, index): [JsonObject, DisclosedEntry] => [
      resourceOf(texts[index]),
      entry,
    ]),
  );
  const resources = [...entryOf.keys()];
  const page = runSearch(search, resources, worldOf(resources, context.baseUrl), after);
  const matches = page.matches.map(({ resource, fragment }) => ({
    entry: found(entryOf, resource),
    fragment,
  }));
  const included = page.included.map((resource) => found(entryOf, resource));
  const beside = included.map((entry) => ({ entry, fragment: null }));
  return {
    entries: [
      ...(await writtenEntries(context, view, search, matches, 'match')),
      ...(await writtenEntries(context, view, search, beside, 'include')),
    ],
    // A container may be shown more than once.
    audited: auditedEntries(view, [
      ...new Set([...matches.map(({ entry }) => entry), ...included]),
    ]),
    total: page.total,
    cursor:
      page.next === null
        ? null
        : cursorOf(search.type, { parameters: search.used, after: page.next }, (text) =>
            context.names.sign(text),
          ),
  };
}

/** An entry to be shown, or one of the resources that it contains. */
interface Shown {
  readonly entry: DisclosedEntry;
  /** The id of the contained resource; null for the entry itself. */
  readonly fragment: string | null;
}

function found(
  entryOf: ReadonlyMap<JsonObject, DisclosedEntry>,
  resource: JsonObject,
): DisclosedEntry {
  const entry = entryOf.get(resource);
  if (entry === undefined) throw new Error('INVARIANT: a search finds what it was given');
  return entry;
}

/** In the form in which this viewer gets them; a summary or `_elements` is cut out of that. */
async function writtenEntries(
  context: Context,
  view: DisclosedRecord,
  search: RecordSearch['search'],
  all: readonly Shown[],
  mode: 'match' | 'include',
): Promise<readonly Uint8Array[]> {
  const entries = all.map(({ entry }) => entry);
  const isWhole = all.every(({ fragment }) => fragment === null);
  if (isWhole && !isCut(search, mode)) return searchsetEntries(context, view, entries, mode);
  const resources = await presentedResources(context, view, entries);
  return all.map(({ entry, fragment }) => {
    const container = resources.get(entry) ?? NONE;
    const whole = fragment === null ? container : containedAs(container, fragment);
    const resource = ENCODER.encode(writeJson(shown(search, whole, mode)));
    const inside = fragment === null ? '' : `#${fragment}`;
    const fullUrl = `${context.baseUrl}/${entry.type}/${entry.id}${inside}`;
    return searchsetEntry({ fullUrl, resource, mode });
  });
}

/** Each entry once, however often it is shown. */
async function presentedResources(
  context: Context,
  view: DisclosedRecord,
  entries: readonly DisclosedEntry[],
): Promise<ReadonlyMap<DisclosedEntry, JsonObject>> {
  const each = [...new Set(entries)];
  const texts = await entryTexts(context, view, each);
  return new Map(each.map((entry, index) => [entry, resourceOf(texts[index])]));
}

function containedAs(container: JsonObject, fragment: string): JsonObject {
  const found = containedWithId(container, fragment);
  if (found === null) throw new Error('INVARIANT: an entry contains what was found in it');
  return found;
}

const NONE: JsonObject = {};
const ENCODER = new TextEncoder();
