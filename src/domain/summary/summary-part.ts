import { objectAt, textAt, walkObjects } from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';
import { unversioned } from '../fhir/references.ts';
import { conceptText, tableCells } from './narrative.ts';
import { type Section, sectionFor } from './section.ts';
import type { SummaryEntry } from './summary-entry.ts';

/**
 * What a summary takes from one entry version. It comes from that version alone, which never
 * changes: it is found once, and says nothing about who may see it.
 */
export interface SummaryPart {
  readonly fullUrl: string;
  /** Where it is listed; null for what is only referred to. */
  readonly section: Section | null;
  /** What it is called; empty where it does not say. */
  readonly name: string;
  /** The URL of what says how it is called, where that is another resource. */
  readonly namedBy: string | null;
  /** The rest of its row in the narrative, as XHTML. */
  readonly cells: string;
  /** The URLs of everything that it refers to, absolute and without versions. */
  readonly references: readonly string[];
}

/** Finds what a summary takes from a resource; relative references start from `baseUrl`. */
export function summaryPart({ fullUrl, resource }: SummaryEntry, baseUrl: string): SummaryPart {
  const section = sectionFor(resource);
  const absolute = (reference: string): string =>
    unversioned(reference.includes(':') ? reference : `${baseUrl}/${reference}`);
  const stated = conceptText(objectAt(resource, section?.named ?? 'code'));
  const medicine = stated === '' ? objectAt(resource, 'medicationReference') : null;
  const reference = medicine === null ? null : textAt(medicine, 'reference');
  return {
    fullUrl,
    section,
    name: medicine === null ? stated : (textAt(medicine, 'display') ?? ''),
    namedBy: reference === null ? null : absolute(reference),
    cells: section === null ? '' : tableCells(section.cells(resource)),
    references: [...new Set(referencesIn(resource).map(absolute))],
  };
}

function referencesIn(resource: JsonObject): readonly string[] {
  const found: string[] = [];
  walkObjects(resource, ({ reference }) => {
    if (typeof reference === 'string') found.push(reference);
  });
  return found;
}
