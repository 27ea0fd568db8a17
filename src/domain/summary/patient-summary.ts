import type { Instant } from '../fhir/instant.ts';
import { type JsonObject, writeJson } from '../fhir/json.ts';
import { ODS_CODE } from '../fhir/systems.ts';
import { escapeXhtml, MAY_BE_INCOMPLETE, narrative } from './narrative.ts';
import { type EmptySection, type SummaryOutline, sectionText } from './outline.ts';
import type { SummaryEntry } from './summary-entry.ts';

/** What a summary says beside its outline. */
export interface SummarySource {
  /** The Patient's URL. */
  readonly patient: string;
  /** The registered practice's ODS code; null until there is one. */
  readonly practice: string | null;
  /** The moment of the summary. */
  readonly at: Instant;
}

/** What of a summary document is not stored. */
export interface PatientSummary {
  /** The Composition's URL, and its JSON in pieces of UTF-8. */
  readonly composition: { readonly fullUrl: string; readonly text: readonly Uint8Array[] };
  /** Entries that say that nothing is known. */
  readonly absent: readonly SummaryEntry[];
}

/** Makes the UUID of a part that is not stored, by its name; equal names give equal ids. */
export type PartId = (part: string) => string;

/**
 * Composes an International Patient Summary (https://hl7.org/fhir/uv/ips/) from its outline: each
 * section with a narrative, and with an absent-unknown entry where nothing is known.
 */
export function summarise(
  { sections }: SummaryOutline,
  source: SummarySource,
  partId: PartId,
): PatientSummary {
  const absent: SummaryEntry[] = [];
  const written = sections.map((section) => {
    if (section instanceof Uint8Array) return section;
    const entry = absentEntry(section, source, partId(section.absent.code));
    absent.push(entry);
    return sectionText(section, `<p>${escapeXhtml(section.absent.display)}</p>`, [entry.fullUrl]);
  });
  const id = partId('composition');
  return { composition: { fullUrl: urlOf(id), text: compose(source, written, id) }, absent };
}

function compose(
  source: SummarySource,
  sections: readonly Uint8Array[],
  id: string,
): readonly Uint8Array[] {
  const author = authorOf(source.practice);
  const head = {
    resourceType: 'Composition',
    id,
    text: narrative(MAY_BE_INCOMPLETE),
    status: 'final',
    type: concept('http://loinc.org', '60591-5', 'Patient summary Document'),
    subject: { reference: source.patient },
    date: source.at,
    author: [author],
    title: 'International Patient Summary',
    confidentiality: 'N',
    custodian: author,
  };
  const [first = new Uint8Array(), ...others] = sections;
  const opening = `${writeJson(head).slice(0, -1)},"section":[`;
  return [ENCODER.encode(opening), first.subarray(1), ...others, END];
}

const ENCODER = new TextEncoder();
const END = ENCODER.encode(']}');

/** How a resource is known that is not kept, and so has no address. */
function urlOf(id: string): string {
  return `urn:uuid:${id}`;
}

/** An entry that says that nothing is known: IPS wants one in each mandatory section. */
function absentEntry(
  { type, absent }: EmptySection,
  source: SummarySource,
  id: string,
): SummaryEntry {
  const patient = { reference: source.patient };
  const code = concept(ABSENT_CODES, absent.code, absent.display);
  const resource: JsonObject =
    type === 'MedicationStatement'
      ? {
          status: 'unknown',
          medicationCodeableConcept: code,
          subject: patient,
          // IPS asks for a date, or for the reason why there is none.
          _effectiveDateTime: { extension: [UNKNOWN] },
        }
      : type === 'AllergyIntolerance'
        ? { clinicalStatus: clinicallyActive('allergyintolerance'), code, patient }
        : { clinicalStatus: clinicallyActive('condition'), code, subject: patient };
  return { fullUrl: urlOf(id), resource: { resourceType: type, id, ...resource } };
}

const ABSENT_CODES = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips';

const UNKNOWN: JsonObject = {
  url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
  valueCode: 'unknown',
};

function clinicallyActive(kind: 'allergyintolerance' | 'condition'): JsonObject {
  return concept(`http://terminology.hl7.org/CodeSystem/${kind}-clinical`, 'active', 'Active');
}

function authorOf(practice: string | null): JsonObject {
  if (practice === null) return { display: 'Summary Care Record' };
  return {
    type: 'Organization',
    identifier: { system: ODS_CODE, value: practice },
    display: `Summary Care Record, registered practice ${practice}`,
  };
}

function concept(system: string, code: string, display: string): JsonObject {
  return { coding: [{ system, code, display }] };
}
