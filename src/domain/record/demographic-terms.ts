import { objectsAt, textAt, tokenOf } from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';

/** A stretch of the demographic index: terms from `from` (inclusive) to `to` (exclusive). */
export interface TermRange {
  readonly from: string;
  readonly to: string;
  /** The last hit of the page before; null for the first page. */
  readonly after: TermHit | null;
  readonly limit: number;
}

/** One posting of the demographic index. */
export interface TermHit {
  readonly term: string;
  readonly recordId: string;
}

/** A page of hits in order of (term, record id); `more` says whether another follows. */
export interface TermPage {
  readonly hits: readonly TermHit[];
  readonly more: boolean;
}

/** The terms that a Patient is found by across patients, each as `parameter|value`. */
export function demographicTerms(patient: JsonObject): readonly string[] {
  const terms = new Set<string>();
  for (const identifier of objectsAt(patient, 'identifier')) {
    const token = tokenOf(identifier, 'value');
    if (token !== null) terms.add(`identifier|${token}`);
  }
  for (const name of objectsAt(patient, 'name')) {
    for (const part of nameParts(name)) terms.add(`name|${foldName(part)}`);
  }
  const birthDate = textAt(patient, 'birthDate');
  if (birthDate !== null) terms.add(`birthdate|${birthDate}`);
  for (const address of objectsAt(patient, 'address')) {
    const postalCode = textAt(address, 'postalCode');
    if (postalCode !== null) terms.add(`postcode|${foldName(postalCode)}`);
  }
  return [...terms];
}

/** A name as it is compared: without accents and case (R4, search type `string`). */
export function foldName(text: string): string {
  const plain = ASCII.test(text) ? text : text.normalize('NFKD').replace(/\p{M}/gu, '');
  return plain.toLowerCase().trim();
}

/** What has neither accents nor other forms. */
const ASCII = /^[\x20-\x7e]*$/;

function nameParts(name: JsonObject): readonly string[] {
  const given = name.given;
  const family = textAt(name, 'family');
  const parts = Array.isArray(given) ? given.filter((each) => typeof each === 'string') : [];
  return family === null ? parts : [...parts, family];
}
