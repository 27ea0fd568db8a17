import { parseCompact } from '../fhir/compact-json.ts';
import { objectsAt } from '../fhir/elements.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  KNOWN_LIST,
  parseJson,
  writeJson,
} from '../fhir/json.ts';
import type { ExtractText } from '../record/care-record.ts';
import { type Result, succeed } from '../result.ts';
import { recordBundle } from './read-submission.ts';

/** Parameters.parameter.resource.entry: within an object, in a list, in an object, in an object. */
const ENTRIES = { name: 'entry', depth: 4 };

/** A list of entries that may be met again. */
export type KnownText = Pick<ExtractText, 'digest' | 'length'>;

/** The body of `$submit-record` as JSON. */
export interface SubmissionBody {
  readonly json: Json;
  /** Whether the record's entries are the ones that are known; they were not read then. */
  readonly isKnown: boolean;
  /** The record's entries as text; null when there are none, or they are known. */
  readonly entriesText: string | null;
  /** Whether that text is the one that `writeJson` writes of them, for certain. */
  readonly isAsWritten: boolean;
}

/**
 * Parses the body of `$submit-record`. Where the entries are `known`, character by character, they
 * are left out: what is a list once is one wherever a list may stand, so that the body is JSON
 * exactly if it is without them. `malformed` as `parseJson` says.
 */
export function parseSubmission(
  text: string,
  known: KnownText | null,
  digest: (text: string) => string,
): Result<SubmissionBody> {
  const place = known === null ? null : knownPlace(text, known, digest);
  const whole = place === null ? compactBody(text) : null;
  return whole === null ? parseWatched(text, { known, place }, digest) : succeed(whole);
}

/** Where a list stands that is known. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** As most systems write a list of entries, and how one without entries is written. */
const ENTRIES_BEGIN = '"entry":[';
const NO_ENTRIES = '"entry":[]';

/** Where the first list of entries stands, if it is the one that is known. */
function knownPlace(
  text: string,
  known: KnownText,
  digest: (text: string) => string,
): Place | null {
  const start = text.indexOf(ENTRIES_BEGIN) + ENTRIES_BEGIN.length - 1;
  const end = endOfKnown(text, start, known, digest);
  return end === null ? null : { start, end };
}

/**
 * A body that is written as `JSON.stringify` writes it, read as a whole; null for any other, and
 * for one with several lists of entries.
 */
function compactBody(text: string): SubmissionBody | null {
  const json = parseCompact(text) as Json | undefined;
  if (json === undefined) return null;
  const entries = recordBundle(json)?.entry;
  const body = { json, isKnown: false, isAsWritten: true };
  if (!Array.isArray(entries)) return { ...body, entriesText: null };
  // What is written so is written piece by piece: the text is this one, but for the list.
  const around = writeJson(withoutEntries(json));
  const at = around.indexOf(NO_ENTRIES);
  if (at !== around.lastIndexOf(NO_ENTRIES) || !hasObjectsAlone(json)) return null;
  const behind = around.length - at - NO_ENTRIES.length;
  const entriesText = text.slice(at + ENTRIES_BEGIN.length - 1, text.length - behind);
  return { ...body, entriesText };
}

/** Whether `withoutEntries` leaves out nothing but the entries. */
function hasObjectsAlone(json: Json): boolean {
  return isObject(json) && Array.isArray(json.parameter) && json.parameter.every(isObject);
}

function parseWatched(
  text: string,
  { known, place }: { readonly known: KnownText | null; readonly place: Place | null },
  digest: (text: string) => string,
): Result<SubmissionBody> {
  const spans = new Map<Json, readonly [start: number, end: number]>();
  let candidate = known;
  let isLeftOut = false;
  const parsed = parseJson(text, {
    ...ENTRIES,
    endOf(_, start) {
      // One try: a body with many lists must not cost a digest for each.
      const isPlace = candidate !== null && place?.start === start;
      const tried = candidate;
      candidate = null;
      const end = isPlace ? place.end : tried && endOfKnown(text, start, tried, digest);
      isLeftOut ||= end !== null;
      return end;
    },
    read: (list, start, end) => void spans.set(list, [start, end]),
  });
  if (!parsed.ok) return parsed;
  const json = parsed.value;
  const entries = recordBundle(json)?.entry;
  // They stood in another place of the body than the record's.
  if (isLeftOut && entries !== KNOWN_LIST) return parseSubmission(text, null, digest);
  const span = entries === undefined ? undefined : spans.get(entries);
  const entriesText = span === undefined ? null : text.slice(...span);
  return succeed({ json, isKnown: entries === KNOWN_LIST, entriesText, isAsWritten: false });
}

function endOfKnown(
  text: string,
  start: number,
  known: KnownText,
  digest: (text: string) => string,
): number | null {
  const end = start + known.length;
  if (text[end - 1] !== ']') return null;
  return digest(text.slice(start, end)) === known.digest ? end : null;
}

/** What is kept of a body's entries to know them again, under the rules that `reading` names. */
export function extractTextOf(
  { json, entriesText, isAsWritten }: SubmissionBody,
  reading: string,
  digest: (text: string) => string,
): ExtractText | null {
  if (entriesText === null) return null;
  const bundle = recordBundle(json);
  const sent = digest(entriesText);
  const content = bundle?.identifier === undefined ? null : contentOf(bundle);
  return { digest: sent, length: entriesText.length, content, reading };

  /** Most systems send entries as they would be written, and then one digest is both. */
  function contentOf(bundle: JsonObject): string {
    return isAsWritten ? sent : digest(writeJson(bundle.entry ?? null));
  }
}

/**
 * The digest of what was sent, however it was spaced; `entries` is that of its entries. A body
 * whose entries are known has the same.
 */
export function contentDigest(
  { json }: SubmissionBody,
  entries: string,
  digest: (text: string) => string,
): string {
  return digest(`${writeJson(withoutEntries(json))} ${entries}`);
}

function withoutEntries(json: Json): Json {
  if (!isObject(json)) return json;
  const bundle = recordBundle(json);
  const parameter = objectsAt(json, 'parameter').map((each) =>
    each.resource === bundle ? { ...each, resource: { ...bundle, entry: KNOWN_LIST } } : each,
  );
  return { ...json, parameter };
}

/**
 * The NHS number that a body is about, by its looks: only good for looking up a record by which the
 * body may then be known for certain.
 */
export function likelyNhsNumber(text: string): string | null {
  const [, number = null] = NHS_IDENTIFIER.exec(text) ?? [];
  return number;
}

const NHS_IDENTIFIER =
  /"https:\/\/fhir\.nhs\.uk\/Id\/nhs-number"\s{0,40},\s{0,40}"value"\s{0,40}:\s{0,40}"(\d{10})"/;
