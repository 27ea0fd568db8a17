import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import { matchedResource, searchsetEntry } from '../domain/fhir/bundle.ts';
import { type JsonObject, writeJson } from '../domain/fhir/json.ts';
import { unversioned } from '../domain/fhir/references.ts';
import { presentAllergy } from '../domain/record/present-allergy.ts';
import { presentStatement } from '../domain/record/present-statement.ts';
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

const AS_STORED: PresentedEntry = { sources: [], text: null, match: null };

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
  if (view.form === 'sent' || PRESENT[entry.type] === undefined) return AS_STORED;
  const ready = READY.get(context)?.get(entry);
  if (ready === undefined || entry.stated === undefined) return ready;
  return isSame(ready.sources, presentedFrom(view, entry)) ? ready : undefined;
}

function isSame(one: readonly DisclosedEntry[], other: readonly DisclosedEntry[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}

/** Works out how this viewer gets an entry; `stored` gives the stored texts that it takes. */
export function presentEntry(
  context: Context,
  view: DisclosedRecord,
  entry: DisclosedEntry,
  stored: (entry: DisclosedEntry) => Uint8Array,
): PresentedEntry {
  const sources = presentedFrom(view, entry);
  const resource = resourceOf(stored(entry));
  const others = sources.map((each): Source => [each, resourceOf(stored(each))]);
  const presented = PRESENT[entry.type]?.(resource, others, context) ?? resource;
  const done =
    presented === resource
      ? { ...AS_STORED, sources }
      : written(context, entry, presented, sources);
  if ((done.match?.length ?? 0) <= READY_BYTES_MAX) readyIn(context).set(entry, done);
  return done;
}

type Source = readonly [entry: DisclosedEntry, resource: JsonObject];
type Present = (resource: JsonObject, sources: readonly Source[], context: Context) => JsonObject;

const PRESENT: Readonly<Partial<Record<DisclosedEntry['type'], Present>>> = {
  AllergyIntolerance: presentAllergy,
  MedicationStatement: (statement, sources, { baseUrl }) =>
    presentStatement(statement, {
      medication: (reference) => {
        const path = unversioned(reference).replace(`${baseUrl}/`, '');
        const found = sources.find(([{ type, id }]) => `${type}/${id}` === path);
        return found?.[1] ?? null;
      },
      plan: sources.find(([{ type }]) => type === 'MedicationRequest')?.[1] ?? null,
    }),
};

function written(
  { baseUrl }: Context,
  { type, id }: DisclosedEntry,
  presented: JsonObject,
  sources: readonly DisclosedEntry[],
): PresentedEntry {
  const resource = ENCODER.encode(writeJson(presented));
  const fullUrl = `${baseUrl}/${type}/${id}`;
  const match = searchsetEntry({ fullUrl, resource, mode: 'match' });
  // One copy serves both.
  return { sources, match, text: matchedResource(match, resource.length) };
}

const ENCODER = new TextEncoder();

function readyIn(context: Context): WeakMap<DisclosedEntry, PresentedEntry> {
  const known = READY.get(context);
  if (known !== undefined) return known;
  const ready = new WeakMap<DisclosedEntry, PresentedEntry>();
  READY.set(context, ready);
  return ready;
}
