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
 * Writes a searchset Bundle (http://hl7.org/fhir/R4/bundle.html#searchset) in pieces of UTF-8: stored
 * texts are passed on, not parsed. It has no id and no timestamp, so that equal answers are equal bytes.
 */
export function writeSearchset(set: Searchset): readonly Uint8Array[] {
  const total = set.total === null ? '' : `,"total":${set.total}`;
  const link = set.links.length === 0 ? '' : `,"link":${JSON.stringify(set.links)}`;
  const head = `{"resourceType":"Bundle","type":"searchset"${total}${link}`;
  // FHIR allows no empty lists: without entries there is no such element.
  if (set.entries.length === 0) return [ENCODER.encode(`${head}}`)];
  const between: string[] = [];
  let last = `${head},"entry":[`;
  for (const { fullUrl, mode } of set.entries) {
    between.push(`${last}{"fullUrl":${JSON.stringify(fullUrl)},"resource":`);
    last = `,"search":{"mode":"${mode}"}},`;
  }
  const texts = encodeAll([...between, `${last.slice(0, -1)}]}`]);
  return texts.flatMap((text, at) => {
    const resource = set.entries[at]?.resource;
    return resource === undefined ? [text] : [text, resource];
  });
}

/** Encodes texts all at once, which costs as much as encoding one of them. */
function encodeAll(texts: readonly string[]): readonly Uint8Array[] {
  const bytes = ENCODER.encode(texts.join(''));
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  // Where a character is more than a byte, the places in the text are not those in the bytes.
  if (bytes.length !== length) return texts.map((text) => ENCODER.encode(text));
  let end = 0;
  return texts.map((text) => {
    end += text.length;
    return bytes.subarray(end - text.length, end);
  });
}

const ENCODER = new TextEncoder();

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
 * Writes a history Bundle (http://hl7.org/fhir/R4/http.html#history). Every version but a withdrawal
 * is a PUT: telling a first version from a later one would betray versions that are hidden.
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

/** A document Bundle: the Composition first. */
export interface DocumentParts {
  readonly identifier: string;
  readonly timestamp: string;
  readonly entries: readonly { readonly fullUrl: string; readonly resource: Uint8Array }[];
}

/** Writes a document Bundle (http://hl7.org/fhir/R4/documents.html) in pieces of UTF-8. */
export function writeDocument({
  identifier,
  timestamp,
  entries,
}: DocumentParts): readonly Uint8Array[] {
  const named = { system: 'https://scr.example/fhir/id/document', value: identifier };
  let between =
    `{"resourceType":"Bundle","id":"${identifier}","identifier":${JSON.stringify(named)},` +
    `"type":"document","timestamp":"${timestamp}","entry":[`;
  const pieces: Uint8Array[] = [];
  for (const { fullUrl, resource } of entries) {
    pieces.push(
      ENCODER.encode(`${between}{"fullUrl":${JSON.stringify(fullUrl)},"resource":`),
      resource,
    );
    between = '},';
  }
  pieces.push(ENCODER.encode('}]}'));
  return pieces;
}
