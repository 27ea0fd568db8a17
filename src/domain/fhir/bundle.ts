import type { Instant } from './instant.ts';

/** One entry of a searchset, its resource as stored text. */
export interface BundleEntry {
  readonly fullUrl: string;
  readonly resource: Uint8Array;
  readonly mode: 'match' | 'include' | 'outcome';
}

/**
 * The `fullUrl` of an OperationOutcome in a searchset, which has no address: every entry needs one
 * (http://hl7.org/fhir/R4/bundle.html#bundle-unique), and equal answers are equal bytes.
 */
export const OUTCOME_URL = 'urn:uuid:0f6c2b5e-6d0c-4f6e-9a53-1d6f1f0c7a42';

/** What a searchset says beside its entries. */
export interface Searchset {
  /** Matches in all; null where it is not counted. */
  readonly total: number | null;
  readonly links: readonly { readonly relation: string; readonly url: string }[];
  readonly entries: readonly BundleEntry[];
}

/**
 * Writes a searchset Bundle (http://hl7.org/fhir/R4/bundle.html#searchset) in pieces of UTF-8:
 * stored texts are passed on, not parsed. It has no id and no timestamp, so that equal answers are
 * equal bytes.
 */
export function writeSearchset(set: Searchset): readonly Uint8Array[] {
  return assembleSearchset(set, set.entries.map(searchsetEntry));
}

/** As `writeSearchset`, of entries that were written before (by `searchsetEntry`). */
export function assembleSearchset(
  { total, links }: Omit<Searchset, 'entries'>,
  entries: readonly Uint8Array[],
): readonly Uint8Array[] {
  const counted = total === null ? '' : `,"total":${total}`;
  const link = links.length === 0 ? '' : `,"link":${JSON.stringify(links)}`;
  const head = `{"resourceType":"Bundle","type":"searchset"${counted}${link}`;
  const [first, ...rest] = entries;
  // FHIR allows no empty lists: without entries there is no such element.
  if (first === undefined) return [ENCODER.encode(`${head}}`)];
  return [ENCODER.encode(`${head},"entry":[`), first.subarray(1), ...rest, LIST_END];
}

/** One entry of a searchset with a comma before it, which the first does without. */
export function searchsetEntry({ fullUrl, resource, mode }: BundleEntry): Uint8Array {
  return writtenEntry(fullUrl, resource, AFTER[mode]);
}

function writtenEntry(fullUrl: string, resource: Uint8Array, after: Uint8Array): Uint8Array {
  const before = ENCODER.encode(`,{"fullUrl":${JSON.stringify(fullUrl)},"resource":`);
  const entry = new Uint8Array(before.length + resource.length + after.length);
  entry.set(before);
  entry.set(resource, before.length);
  entry.set(after, before.length + resource.length);
  return entry;
}

/** The resource, of this many bytes, in what `searchsetEntry` wrote of a match: not a copy. */
export function matchedResource(entry: Uint8Array, length: number): Uint8Array {
  const end = entry.length - AFTER.match.length;
  return entry.subarray(end - length, end);
}

const ENCODER = new TextEncoder();
const LIST_END = ENCODER.encode(']}');
const ENTRY_END = ENCODER.encode('}');
const AFTER = {
  match: ENCODER.encode(',"search":{"mode":"match"}}'),
  include: ENCODER.encode(',"search":{"mode":"include"}}'),
  outcome: ENCODER.encode(',"search":{"mode":"outcome"}}'),
};

/** One version in a history Bundle; `resource` null for a withdrawal. */
export interface HistoryEntry {
  readonly fullUrl: string;
  readonly resource: Uint8Array | null;
  /** `Type/id`. */
  readonly path: string;
  readonly versionId: string;
  readonly lastUpdated: string;
}

/**
 * Writes a history Bundle (http://hl7.org/fhir/R4/http.html#history). Every version but a
 * withdrawal is a PUT: telling a first version from a later one would betray versions that are
 * hidden.
 */
export function writeHistory(
  set: Omit<Searchset, 'entries'> & { readonly entries: readonly HistoryEntry[] },
): readonly Uint8Array[] {
  const link = `,"link":${JSON.stringify(set.links)}`;
  const head = `{"resourceType":"Bundle","type":"history","total":${set.total}${link}`;
  if (set.entries.length === 0) return [ENCODER.encode(`${head}}`)];
  const pieces: Uint8Array[] = [];
  let between = `${head},"entry":[`;
  for (const entry of set.entries) {
    const opening = `${between}{"fullUrl":${JSON.stringify(entry.fullUrl)}`;
    if (entry.resource === null) pieces.push(ENCODER.encode(opening));
    else pieces.push(ENCODER.encode(`${opening},"resource":`), entry.resource);
    between = `,${historyParts(entry)}},`;
  }
  pieces.push(ENCODER.encode(`${between.slice(0, -1)}]}`));
  return pieces;
}

function historyParts({ resource, path, versionId, lastUpdated }: HistoryEntry): string {
  const method = resource === null ? 'DELETE' : 'PUT';
  const status = resource === null ? '204' : '200';
  const request = { method, url: path };
  const response = { status, etag: `W/"${versionId}"`, lastModified: lastUpdated };
  return `"request":${JSON.stringify(request)},"response":${JSON.stringify(response)}`;
}

/** What a document says of itself. */
export interface DocumentHead {
  /** The Bundle's id, and the value of its identifier. */
  readonly id: string;
  readonly timestamp: Instant;
}

/**
 * Writes a document Bundle (http://hl7.org/fhir/R4/documents.html) in pieces of UTF-8: the
 * Composition, and entries that were written before (by `documentEntry`).
 */
export function writeDocument(
  { id, timestamp }: DocumentHead,
  { fullUrl, text }: { readonly fullUrl: string; readonly text: readonly Uint8Array[] },
  entries: readonly Uint8Array[],
): readonly Uint8Array[] {
  const meta = { versionId: '1', lastUpdated: timestamp };
  const named = { system: 'https://scr.example/fhir/id/document', value: id };
  const head =
    `{"resourceType":"Bundle","id":"${id}","meta":${JSON.stringify(meta)},` +
    `"identifier":${JSON.stringify(named)},"type":"document","timestamp":"${timestamp}",` +
    `"entry":[{"fullUrl":${JSON.stringify(fullUrl)},"resource":`;
  return [ENCODER.encode(head), ...text, ENTRY_END, ...entries, LIST_END];
}

/** One entry of a document, with a comma before it. */
export function documentEntry({ fullUrl, resource }: Omit<BundleEntry, 'mode'>): Uint8Array {
  return writtenEntry(fullUrl, resource, ENTRY_END);
}
