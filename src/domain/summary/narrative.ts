import { objectAt, objectsAt, textAt } from '../fhir/elements.ts';
import { isObject, type JsonObject } from '../fhir/json.ts';

/** Text as it may stand in XHTML. */
export function escapeXhtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A Narrative (http://hl7.org/fhir/R4/narrative.html) around XHTML that is escaped already. */
export function narrative(xhtml: string): JsonObject {
  const div = `<div xmlns="http://www.w3.org/1999/xhtml">${xhtml}</div>`;
  return { status: 'generated', div };
}

/** Plain texts as cells of a table, in XHTML. */
export function tableCells(texts: readonly string[]): string {
  return texts.map((text) => `<td>${escapeXhtml(text)}</td>`).join('');
}

/** A table of plain headings, and of rows whose cells are XHTML already. */
export function table(headings: readonly string[], rows: readonly string[]): string {
  const head = headings.map((text) => `<th>${escapeXhtml(text)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells}</tr>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

/** A CodeableConcept in words: its text, else a display, else a code. */
export function conceptText(concept: JsonObject | null): string {
  if (concept === null) return '';
  const codings = objectsAt(concept, 'coding');
  const display = codings.map((coding) => textAt(coding, 'display')).find((each) => each !== null);
  const code = codings.map((coding) => textAt(coding, 'code')).find((each) => each !== null);
  return textAt(concept, 'text') ?? display ?? code ?? '';
}

/** The first of the elements that says a date, as it was written; a Period as both its ends. */
export function dateText(resource: JsonObject, ...names: readonly string[]): string {
  for (const name of names) {
    const value = resource[name];
    if (typeof value === 'string') return value.slice(0, 10);
    if (isObject(value)) return periodText(value);
  }
  return '';
}

function periodText(period: JsonObject): string {
  const start = textAt(period, 'start')?.slice(0, 10) ?? '';
  const end = textAt(period, 'end')?.slice(0, 10);
  return end === undefined ? start : `${start} – ${end}`;
}

/** The text of the objects of a list, joined. */
export function textsAt(resource: JsonObject, list: string, name: string): string {
  return objectsAt(resource, list)
    .map((each) => textAt(each, name) ?? conceptText(objectAt(each, name)))
    .filter((text) => text !== '')
    .join('; ');
}

/** Said on every summary, whether or not anything was withheld: it must not tell which. */
const INCOMPLETE =
  'This summary may be incomplete: entries may have been withheld at the patient’s wish or under ' +
  'the rules of the Summary Care Record. Check with the patient and their practice.';

/** The same as a paragraph of XHTML. */
export const MAY_BE_INCOMPLETE = `<p>${escapeXhtml(INCOMPLETE)}</p>`;
