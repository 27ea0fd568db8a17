import { writeJson } from '../fhir/json.ts';
import { MAY_BE_INCOMPLETE, narrative, table, tableCells } from './narrative.ts';
import { reachable } from './reachable.ts';
import { type Absent, SECTIONS, type Section } from './section.ts';
import type { SummaryPart } from './summary-part.ts';

/** A section of which nothing is known. */
export type EmptySection = Section & { readonly absent: Absent };

/**
 * What of a summary comes from its parts alone: equal parts have equal outlines, whoever asks and
 * whenever.
 */
export interface SummaryOutline {
  /** The sections in order: as JSON in UTF-8 with a comma before it, or those without entries. */
  readonly sections: readonly (Uint8Array | EmptySection)[];
  /** The parts that the sections and the Patient lead to, in the order given. */
  readonly parts: readonly SummaryPart[];
}

/**
 * Outlines an International Patient Summary (https://hl7.org/fhir/uv/ips/): the mandatory sections
 * always, the others where there is something to list. `patient` is the Patient's URL.
 */
export function outline(patient: string, parts: readonly SummaryPart[]): SummaryOutline {
  const names = new Map(parts.map(({ fullUrl, name }) => [fullUrl, name]));
  const sections = SECTIONS.flatMap((section): readonly (Uint8Array | EmptySection)[] => {
    const listed = parts.filter((part) => part.section === section);
    if (listed.length > 0) return [filledSection(section, listed, names)];
    return isMandatory(section) ? [section] : [];
  });
  const listed = parts.filter(({ section }) => section !== null).map(({ fullUrl }) => fullUrl);
  return { sections, parts: reachable([patient, ...listed], parts) };
}

function isMandatory(section: Section): section is EmptySection {
  return section.absent !== null;
}

function filledSection(
  section: Section,
  parts: readonly SummaryPart[],
  names: ReadonlyMap<string, string>,
): Uint8Array {
  const rows = parts.map((part) => tableCells([nameOf(part, names)]) + part.cells);
  const listed = parts.map(({ fullUrl }) => fullUrl);
  return sectionText(section, table(section.headings, rows), listed);
}

/** What another disclosed resource calls it, where it is that one's to say. */
function nameOf({ name, namedBy }: SummaryPart, names: ReadonlyMap<string, string>): string {
  const other = namedBy === null ? undefined : names.get(namedBy);
  return other === undefined || other === '' ? name : other;
}

/** A section as JSON in UTF-8, with a comma before it: its narrative and what it lists. */
export function sectionText(
  { title, code }: Section,
  xhtml: string,
  listed: readonly string[],
): Uint8Array {
  const section = {
    title,
    // Without a display: LOINC renames its codes, and the title says it.
    code: { coding: [{ system: 'http://loinc.org', code }] },
    text: narrative(`${xhtml}${MAY_BE_INCOMPLETE}`),
    entry: listed.map((reference) => ({ reference })),
  };
  return ENCODER.encode(`,${writeJson(section)}`);
}

const ENCODER = new TextEncoder();
