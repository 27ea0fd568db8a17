import type { Instant } from './instant.ts';
import { bytesOf, utf8ToSend } from './utf8.ts';

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

/**
 * As `writeSearchset`, of entries that were written before (by `searchsetEntry`), whole or in
 * pieces that follow each other.
 */
export function assembleSearchset(
  { total, links }: Omit<Searchset, 'entries'>,
  entries: readonly Uint8Array[],
): readonly Uint8Array[] {
  const counted = total === null ? '' : `,"total":${total}`;
  const link = links.length === 0 ? '' : `,"link":[${links.map(linkText).join(',')}]`;
  const head = `{"resourceType":"Bundle","type":"searchset"${counted}${link}`;
  const [first] = entries;
  // FHIR allows no empty lists: without entries there is no such element.
  if (first === undefined) return [utf8ToSend(`${head}}`)];
  const pieces = [utf8ToSend(`${head},"entry":[`), ...entries, LIST_END];
  pieces[1] = first.subarray(1);
  return pieces;
}

/** The JSON of a link, of which the URL alone may have something to escape. */
function linkText({ relation, url }: Searchset['links'][number]): string {
  return `{"relation":"${relation}","url":${JSON.stringify(url)}}`;
}

/** One entry of a searchset with a comma before it, which the first does without. */
export function searchsetEntry({ fullUrl, resource, mode }: BundleEntry): Uint8Array {
  return writtenEntry({ fullUrl, pieces: [resource] }, AFTER[mode]).entry;
}

/**
 * Entries as `searchsetEntry` writes them, end to end in pieces that the texts of the resources are
 * among: nothing of these is copied. For an answer that is written once.
 */
export function searchsetPieces(
  resources: readonly PiecedResource[],
  mode: BundleEntry['mode'],
): readonly Uint8Array[] {
  // Asked of all at once: as long in bytes as in characters, and nothing to escape.
  const isPlain = IS_PLAIN.test(resources.map(({ fullUrl }) => fullUrl).join(''));
  const opening = isPlain ? plainBefore : before;
  const between = resources.map(
    ({ fullUrl }, n) => (n === 0 ? '' : TEXT_AFTER[mode]) + opening(fullUrl),
  );
  const written = ENCODER.encode(between.join(''));
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const [n, text] of between.entries()) {
    const start = at;
    at += isPlain ? text.length : bytesOf(text);
    pieces.push(written.subarray(start, at), ...(resources[n]?.pieces ?? []));
  }
  if (pieces.length > 0) pieces.push(AFTER[mode]);
  return pieces;
}

/** Of printable ASCII, without quotes and backslashes. */
const IS_PLAIN = /^[ !#-[\]-~]*$/;

function plainBefore(fullUrl: string): string {
  return `,{"fullUrl":"${fullUrl}","resource":`;
}

/** A resource whose text is in pieces. */
export interface PiecedResource {
  readonly fullUrl: string;
  readonly pieces: readonly Uint8Array[];
}

/** An entry of a Bundle, and the resource in it: not a copy. */
export type WrittenEntry = Readonly<Record<'entry' | 'resource', Uint8Array>>;

/**
 * Matches, as `searchsetEntry` writes them. They share one piece of memory: an allocation for each
 * would cost more than writing it.
 */
export function matchesOf(resources: readonly PiecedResource[]): readonly WrittenEntry[] {
  const parts = resources.map((each) => partsOf(each, AFTER.match));
  const memory = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  return parts.map((each) => {
    at += each.length;
    return writeEntry(memory.subarray(at - each.length, at), each);
  });
}

function writtenEntry(resource: PiecedResource, after: Uint8Array): WrittenEntry {
  const parts = partsOf(resource, after);
  return writeEntry(new Uint8Array(parts.length), parts);
}

/** What an entry consists of, and how many bytes that is. */
interface EntryParts {
  readonly before: string;
  readonly pieces: readonly Uint8Array[];
  readonly after: Uint8Array;
  readonly length: number;
}

function partsOf({ fullUrl, pieces }: PiecedResource, after: Uint8Array): EntryParts {
  const opening = before(fullUrl);
  let length = bytesOf(opening) + after.length;
  for (const piece of pieces) length += piece.length;
  return { before: opening, pieces, after, length };
}

function before(fullUrl: string): string {
  return `,{"fullUrl":${JSON.stringify(fullUrl)},"resource":`;
}

/** Fills an entry, which is as long as it has to be. */
function writeEntry(entry: Uint8Array, { before, pieces, after }: EntryParts): WrittenEntry {
  const start = ENCODER.encodeInto(before, entry).written;
  let at = start;
  for (const piece of pieces) {
    entry.set(piece, at);
    at += piece.length;
  }
  entry.set(after, at);
  return { entry, resource: entry.subarray(start, at) };
}

const ENCODER = new TextEncoder();
const LIST_END = ENCODER.encode(']}');
const ENTRY_END = ENCODER.encode('}');
const TEXT_AFTER = {
  match: ',"search":{"mode":"match"}}',
  include: ',"search":{"mode":"include"}}',
  outcome: ',"search":{"mode":"outcome"}}',
};
const AFTER = {
  match: ENCODER.encode(TEXT_AFTER.match),
  include: ENCODER.encode(TEXT_AFTER.include),
  outcome: ENCODER.encode(TEXT_AFTER.outcome),
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
  if (set.entries.length === 0) return [utf8ToSend(`${head}}`)];
  const pieces: Uint8Array[] = [];
  let between = `${head},"entry":[`;
  for (const entry of set.entries) {
    const opening = `${between}{"fullUrl":${JSON.stringify(entry.fullUrl)}`;
    if (entry.resource === null) pieces.push(utf8ToSend(opening));
    else pieces.push(utf8ToSend(`${opening},"resource":`), entry.resource);
    between = `,${historyParts(entry)}},`;
  }
  pieces.push(utf8ToSend(`${between.slice(0, -1)}]}`));
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
  return [utf8ToSend(head), ...text, ENTRY_END, ...entries, LIST_END];
}

/** One entry of a document, with a comma before it. */
export function documentEntry({ fullUrl, resource }: Omit<BundleEntry, 'mode'>): Uint8Array {
  return writtenEntry({ fullUrl, pieces: [resource] }, ENTRY_END).entry;
}
