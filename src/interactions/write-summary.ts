import {
  type DisclosedEntry,
  type DisclosedRecord,
  viewWithin,
} from '../domain/consent/disclosed.ts';
import { documentEntry, writeDocument } from '../domain/fhir/bundle.ts';
import type { Instant } from '../domain/fhir/instant.ts';
import { writeJson } from '../domain/fhir/json.ts';
import type { OdsCode } from '../domain/record/ods-code.ts';
import { summarise } from '../domain/summary/patient-summary.ts';
import type { SummaryEntry } from '../domain/summary/summary-entry.ts';
import type { Context } from './context.ts';
import { outlined, summaryPieces } from './summary-pieces.ts';

/** Which summary is written: equal ones are equal bytes, whenever they are written. */
export interface SummaryAsked {
  /** The id of the document. */
  readonly id: string;
  readonly at: Instant;
  /** The practice that was registered then. */
  readonly practice: OdsCode | null;
  /** What was disclosed then, in order; the Patient is among it. */
  readonly entries: readonly DisclosedEntry[];
}

/** A summary document, and the entries that are in it. */
export interface WrittenSummary {
  readonly body: readonly Uint8Array[];
  readonly entries: readonly DisclosedEntry[];
}

/** Writes a document from disclosed entries alone; what nothing in it leads to is left out. */
export async function writeSummary(
  context: Context,
  view: DisclosedRecord,
  { id, at, practice, entries }: SummaryAsked,
): Promise<WrittenSummary> {
  // A document says what its own entries say together, whatever has changed since.
  const all = await summaryPieces(context, viewWithin(view, entries), entries);
  const patient = all.find(({ entry }) => entry.type === 'Patient');
  if (patient === undefined) throw new Error('INVARIANT: a disclosed record has its Patient');
  const { outline, pieces } = outlined(patient, all);
  const { composition, absent } = summarise(
    outline,
    { patient: patient.part.fullUrl, practice, at },
    (part) => uuidOf(context, `summary|${id}|${part}`),
  );
  const body = writeDocument({ id, timestamp: at }, composition, [
    ...pieces.map(({ written }) => written),
    ...absent.map(encoded),
  ]);
  return { body, entries: pieces.map(({ entry }) => entry) };
}

/** A UUID made from a name: version 8 (RFC 9562, section 5.8). */
function uuidOf({ names }: Context, name: string): string {
  const digits = names.digest(name);
  const part = (start: number, end: number) => digits.slice(start, end);
  return `${part(0, 8)}-${part(8, 12)}-8${part(13, 16)}-8${part(17, 20)}-${part(20, 32)}`;
}

function encoded({ fullUrl, resource }: SummaryEntry): Uint8Array {
  return documentEntry({ fullUrl, resource: new TextEncoder().encode(writeJson(resource)) });
}
