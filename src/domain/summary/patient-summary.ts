import type { Instant } from '../fhir/instant.ts';
import type { Json, JsonObject } from '../fhir/json.ts';
import { ODS_CODE } from '../fhir/systems.ts';
import { escapeXhtml, narrative, table, tableCells } from './narrative.ts';
import { reachable } from './reachable.ts';
import type { Absent, Section } from './section.ts';
import type { SummaryEntry } from './summary-entry.ts';
import { bySection, type SummaryPart } from './summary-part.ts';

/** What a summary is made from. Nothing that was not disclosed is among it. */
export interface SummarySource {
  /** The Patient's URL. */
  readonly patient: string;
  readonly parts: readonly SummaryPart[];
  /** The registered practice's ODS code; null until there is one. */
  readonly practice: string | null;
  /** The moment of the summary. */
  readonly at: Instant;
}

/** What a summary document holds. */
export interface PatientSummary {
  readonly composition: SummaryEntry;
  /** The parts that the Composition leads to, in the order given. */
  readonly parts: readonly SummaryPart[];
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
  const names = new Map(source.parts.map(({ fullUrl, name }) => [fullUrl, name]));
  const made: Made[] = [];
  for (const [section, parts] of bySection(source.parts)) {
    if (parts.length > 0) made.push(filledSection(section, parts, names));
    else if (section.absent !== null)
      made.push(emptySection(section, section.absent, source, partId));
  }
  const sections = made.map((each) => each.section);
  const composition = transient(compose(source, sections, partId('composition')));
  const listed = [source.patient, ...made.flatMap((each) => each.listed)];
  const parts = reachable(listed, source.parts);
  return { composition, parts, absent: made.flatMap((each) => each.absent) };
}

function compose(source: SummarySource, section: Json[], id: string): JsonObject & HasId {
  const author = authorOf(source.practice);
  return {
    resourceType: 'Composition',
    id,
    text: narrative(`<p>${escapeXhtml(MAY_BE_INCOMPLETE)}</p>`),
    status: 'final',
    type: concept('http://loinc.org', '60591-5', 'Patient summary Document'),
    subject: { reference: source.patient },
    date: source.at,
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
  /** URLs of what the section lists. */
  readonly listed: readonly string[];
  readonly absent: readonly SummaryEntry[];
}

function filledSection(
  section: Section,
  parts: readonly SummaryPart[],
  names: ReadonlyMap<string, string>,
): Made {
  const rows = parts.map((part) => tableCells([nameOf(part, names)]) + part.cells);
  const listed = parts.map(({ fullUrl }) => fullUrl);
  return { section: written(section, table(section.headings, rows), listed), listed, absent: [] };
}

/** What another disclosed resource calls it, where it is that one's to say. */
function nameOf({ name, namedBy }: SummaryPart, names: ReadonlyMap<string, string>): string {
  const other = namedBy === null ? undefined : names.get(namedBy);
  return other === undefined || other === '' ? name : other;
}

function emptySection(
  section: Section,
  absent: Absent,
  source: SummarySource,
  partId: PartId,
): Made {
  const entry = absentEntry(section, absent, source, partId);
  const text = `<p>${escapeXhtml(absent.display)}</p>`;
  return { section: written(section, text, [entry.fullUrl]), listed: [], absent: [entry] };
}

function written({ title, code }: Section, text: string, listed: readonly string[]): JsonObject {
  return {
    title,
    // Without a display: LOINC renames its codes, and the title says it.
    code: { coding: [{ system: 'http://loinc.org', code }] },
    text: narrative(`${text}<p>${escapeXhtml(MAY_BE_INCOMPLETE)}</p>`),
    entry: listed.map((reference): Json => ({ reference })),
  };
}

/** An entry that says that nothing is known: IPS wants one in each mandatory section. */
function absentEntry(
  { type }: Section,
  absent: Absent,
  source: SummarySource,
  partId: PartId,
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
  return transient({ resourceType: type, id: partId(absent.code), ...resource });
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
