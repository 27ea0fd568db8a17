import type { Json, JsonObject } from '../fhir/json.ts';
import { ODS_CODE } from '../fhir/systems.ts';
import { escapeXhtml, narrative, table } from './narrative.ts';
import { reachable } from './reachable.ts';
import { belongsIn, type Resolve, SECTIONS, type Section } from './section.ts';
import type { SummaryEntry } from './summary-entry.ts';

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

/** What a summary document holds. */
export interface PatientSummary {
  readonly composition: SummaryEntry;
  /** The disclosed entries that the Composition leads to. */
  readonly entries: readonly SummaryEntry[];
  /** Entries that are not stored: they say that nothing is known. */
  readonly absent: readonly SummaryEntry[];
}

/** Makes the UUID of a part that is not stored, by its name; equal names give equal ids. */
export type PartId = (part: string) => string;

/** Said on every summary, whether or not anything was withheld: it must not tell which. */
const MAY_BE_INCOMPLETE =
  'This summary may be incomplete: entries may have been withheld at the patient’s wish or under ' +
  'the rules of the Summary Care Record. Check with the patient and their practice.';

/**
 * Composes an International Patient Summary (https://hl7.org/fhir/uv/ips/): the mandatory sections
 * always, each with a narrative, and with an absent-unknown entry where there is none.
 */
export function summarise(source: SummarySource, partId: PartId): PatientSummary {
  const made = SECTIONS.map((section) => makeSection(section, source, partId)).filter(
    (each) => each !== null,
  );
  const sections = made.map((each) => each.section);
  const composition = transient(compose(source, sections, partId('composition')));
  const entries = reachable(composition, source.entries, source.baseUrl);
  return { composition, entries, absent: made.flatMap((each) => each.absent) };
}

function compose(source: SummarySource, section: Json[], id: string): JsonObject & HasId {
  const author = authorOf(source.practice);
  return {
    resourceType: 'Composition',
    id,
    text: narrative(`<p>${escapeXhtml(MAY_BE_INCOMPLETE)}</p>`),
    status: 'final',
    type: concept('http://loinc.org', '60591-5', 'Patient summary Document'),
    subject: { reference: source.patient.fullUrl },
    date: source.now,
    author: [author],
    title: 'International Patient Summary',
    confidentiality: 'N',
    custodian: author,
    section,
  };
}

interface HasId {
  readonly id: string;
}

/** A resource that is not kept: it has no address, so it is known by its id alone. */
function transient(resource: JsonObject & HasId): SummaryEntry {
  return { fullUrl: `urn:uuid:${resource.id}`, resource };
}

interface Made {
  readonly section: JsonObject;
  readonly absent: readonly SummaryEntry[];
}

function makeSection(section: Section, source: SummarySource, partId: PartId): Made | null {
  const entries = source.entries.filter(({ resource }) => belongsIn(section, resource));
  if (entries.length === 0 && section.absent === null) return null;
  const absent = entries.length === 0 ? [absentEntry(section, source, partId)] : [];
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
      // Without a display: LOINC renames its codes, and the title says it.
      code: { coding: [{ system: 'http://loinc.org', code: section.code }] },
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
function absentEntry(
  { type, absent }: Section,
  source: SummarySource,
  partId: PartId,
): SummaryEntry {
  const patient = { reference: source.patient.fullUrl };
  const code = concept(
    'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips',
    absent?.code ?? '',
    absent?.display ?? '',
  );
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
  return transient({ resourceType: type, id: partId(absent?.code ?? ''), ...resource });
}

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
