import type { Json, JsonObject } from '../fhir/json.ts';
import { ODS_CODE } from '../fhir/systems.ts';
import { escapeXhtml, narrative, table } from './narrative.ts';
import { type Resolve, SECTIONS, type Section } from './section.ts';

/** A disclosed resource with the URL it is known by in the document. */
export interface SummaryEntry {
  readonly fullUrl: string;
  readonly resource: JsonObject;
}

/** What a summary is made from. Nothing that was not disclosed is among it. */
export interface SummarySource {
  readonly patient: SummaryEntry;
  readonly entries: readonly SummaryEntry[];
  readonly baseUrl: string;
  /** The registered practice's ODS code; null until there is one. */
  readonly practice: string | null;
  /** The moment of the summary, as an instant. */
  readonly now: string;
}

/** The parts of a summary that are not stored: its Composition, and entries that say "nothing known". */
export interface PatientSummary {
  readonly composition: JsonObject;
  readonly absent: readonly SummaryEntry[];
}

/** Said on every summary, whether or not anything was withheld: it must not tell which. */
export const MAY_BE_INCOMPLETE =
  'This summary may be incomplete: entries may have been withheld at the patient’s wish or under ' +
  'the rules of the Summary Care Record. Check with the patient and their practice.';

/**
 * Composes an International Patient Summary (https://hl7.org/fhir/uv/ips/): the mandatory sections
 * always, each with a narrative, and with an absent-unknown entry where there is none.
 */
export function summarise(source: SummarySource, id: string): PatientSummary {
  const made = SECTIONS.map((section) => makeSection(section, source)).filter(
    (each) => each !== null,
  );
  const author = authorOf(source.practice);
  const composition: JsonObject = {
    resourceType: 'Composition',
    id,
    text: narrative(`<p>${escapeXhtml(MAY_BE_INCOMPLETE)}</p>`),
    status: 'final',
    type: concept('http://loinc.org', '60591-5', 'Patient summary Document'),
    subject: { reference: source.patient.fullUrl },
    date: source.now,
    author: [author],
    title: 'Patient summary',
    confidentiality: 'N',
    custodian: author,
    section: made.map((each) => each.section),
  };
  return { composition, absent: made.flatMap((each) => each.absent) };
}

interface Made {
  readonly section: JsonObject;
  readonly absent: readonly SummaryEntry[];
}

function makeSection(section: Section, source: SummarySource): Made | null {
  const entries = source.entries.filter(({ resource }) => resource.resourceType === section.type);
  if (entries.length === 0 && section.absent === null) return null;
  const absent = entries.length === 0 ? [absentEntry(section, source)] : [];
  const resolve = resolverOf(source);
  const rows = entries.map(({ resource }) => section.row(resource, resolve));
  const text =
    entries.length === 0
      ? `<p>${escapeXhtml(section.absent?.display ?? '')}</p>`
      : table(section.headings, rows);
  const listed: Json[] = [...entries, ...absent].map(({ fullUrl }) => ({ reference: fullUrl }));
  return {
    section: {
      title: section.title,
      code: concept('http://loinc.org', section.code, section.title),
      text: narrative(`${text}<p>${escapeXhtml(MAY_BE_INCOMPLETE)}</p>`),
      entry: listed,
    },
    absent,
  };
}

function resolverOf({ entries, baseUrl }: SummarySource): Resolve {
  return (reference) =>
    entries.find((each) => each.fullUrl === `${baseUrl}/${reference}`)?.resource ?? null;
}

/** An entry that says that nothing is known: IPS wants one in each mandatory section. */
function absentEntry({ type, absent }: Section, source: SummarySource): SummaryEntry {
  const patient = { reference: source.patient.fullUrl };
  const code = concept(
    'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips',
    absent?.code ?? '',
    absent?.display ?? '',
  );
  const resource: JsonObject =
    type === 'MedicationStatement'
      ? { status: 'unknown', medicationCodeableConcept: code, subject: patient }
      : type === 'AllergyIntolerance'
        ? { clinicalStatus: clinicallyActive('allergyintolerance'), code, patient }
        : { clinicalStatus: clinicallyActive('condition'), code, subject: patient };
  const id = `${absent?.code ?? ''}`;
  return {
    fullUrl: `urn:scr:absent-unknown:${id}`,
    resource: { resourceType: type, id, ...resource },
  };
}

function clinicallyActive(kind: 'allergyintolerance' | 'condition'): JsonObject {
  return concept(`http://terminology.hl7.org/CodeSystem/${kind}-clinical`, 'active', 'Active');
}

function authorOf(practice: string | null): JsonObject {
  if (practice === null) return { display: 'Summary Care Record' };
  return {
    identifier: { system: ODS_CODE, value: practice },
    display: `Summary Care Record, registered practice ${practice}`,
  };
}

function concept(system: string, code: string, display: string): JsonObject {
  return { coding: [{ system, code, display }] };
}
