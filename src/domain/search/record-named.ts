import { type PatientNaming, patientIdOf, recordIdOfToken } from '../fhir/patient-reference.ts';
import { recordIdOf } from '../fhir/record-id.ts';
import { NHS_NUMBER } from '../fhir/systems.ts';
import type { Issue } from '../problem.ts';
import { parameterOf } from './parameters.ts';
import type { SearchType } from './search-types.ts';

/** Whose record the parameters of a search mean. */
export interface RecordNamed {
  /** The record searched; null when what was asked for can be in none. */
  readonly recordId: string | null;
  /** Whether the patient was named by NHS number. */
  readonly byNhsNumber: boolean;
  readonly issues: readonly Issue[];
}

/**
 * Whether a search parameter of a type leads from a resource to the patient whose record it is in.
 */
export function namesRecord(type: SearchType, name: string): boolean {
  if (name !== 'patient' && name !== 'subject') return false;
  return parameterOf(type, name)?.targets.includes('Patient') ?? false;
}

/** Whether a parameter says whose record is meant: an answer about nobody does not repeat it. */
export function namesPatient(
  type: SearchType,
  [name, value]: readonly [string, string],
  naming: PatientNaming,
): boolean {
  if (/^(patient|subject|identifier|_id|_has)([.:]|$)/.test(name)) return true;
  return recordsReferred(type, name, value, naming).length > 0;
}

/**
 * Finds whose record a search means: by `patient` or `subject`, by `_id` (an entry's id carries its
 * record's), for a Patient by `identifier`, and for what nothing else leads to its patient by
 * `_has:[type]:[reference]:patient`. Where nothing of that is said, by what it refers to: an
 * entry's id, or a chain to its patient. All that say so must agree; a search that names no
 * patient, or several, is a fault: every clinical question is about one patient.
 */
export function recordNamed(
  type: SearchType,
  parameters: Iterable<readonly [string, string]>,
  naming: PatientNaming,
): RecordNamed {
  let records: readonly string[] | null = null;
  let referred: readonly string[] | null = null;
  let byNhsNumber = false;
  let isNamed = false;
  for (const [name, value] of parameters) {
    if (value === '') continue;
    const means = meaningOf(type, name);
    if (means === null) {
      const ids = recordsReferred(type, name, value, naming);
      if (ids.length > 0) referred = inBoth(referred, ids);
      continue;
    }
    isNamed = true;
    // Other identifiers are searched for in the record that something else names.
    if (means === 'nhs-number' && !holdsNhsNumber(value)) continue;
    byNhsNumber ||= means === 'nhs-number';
    records = inBoth(records, idsIn(means, value, naming));
  }
  const used = (isNamed ? records : referred) ?? [];
  const [recordId = null] = used;
  const issues = faults(type, isNamed || referred !== null, used);
  return { recordId, byNhsNumber, issues };
}

function idsIn(means: Meaning, value: string, naming: PatientNaming): readonly string[] {
  if (!value.includes(',')) return idsOf(means, value, naming);
  return value.split(',').flatMap((each) => idsOf(means, each, naming));
}

function inBoth(records: readonly string[] | null, ids: readonly string[]): readonly string[] {
  if (records === null) return ids;
  const wanted = new Set(ids);
  return records.filter((id) => wanted.has(id));
}

/** Whether a parameter only says whose record is searched, which holds for all that is in it. */
export function isObeyedByRecord(type: SearchType, name: string, value: string): boolean {
  // The patient of a Provenance is one of its targets, and not of every one in the record.
  if (type === 'Provenance' || name === 'identifier') return false;
  const means = meaningOf(type, name);
  return means === 'patient' || (means === 'nhs-number' && holdsNhsNumber(value));
}

/** Whether one of the identifiers asked for is an NHS number; without a system by its digits. */
function holdsNhsNumber(value: string): boolean {
  const tokens = value.split(',');
  return tokens.some((token) => token.startsWith(`${NHS_NUMBER}|`) || /^\d{10}$/.test(token));
}

type Meaning = 'patient' | 'nhs-number' | 'entry' | 'has';

function meaningOf(type: SearchType, name: string): Meaning | null {
  if (name === '_id') return 'entry';
  if (type === 'Patient') return name === 'identifier' ? 'nhs-number' : null;
  // By far the most common, and nothing to take apart.
  if (!/[.:]/.test(name)) return namesRecord(type, name) ? 'patient' : null;
  const [, parameter = '', form = ''] = /^([a-z]+)([.:]identifier|:Patient)?$/.exec(name) ?? [];
  if (namesRecord(type, parameter)) {
    return form.endsWith('identifier') ? 'nhs-number' : 'patient';
  }
  const [, last] = /^(?:_has:[A-Za-z]+:[a-z-]+:)+(patient|subject|_id)$/.exec(name) ?? [];
  if (last === undefined) return null;
  return last === '_id' ? 'entry' : 'has';
}

/** The records of what a parameter refers to by ids of ours, or by a chain to the patient. */
export function recordsReferred(
  type: SearchType,
  name: string,
  value: string,
  naming: PatientNaming,
): readonly string[] {
  const [, reference = '', , chain] = /^([a-z-]+)(:[A-Z][A-Za-z]+)?(?:\.(.+))?$/.exec(name) ?? [];
  if (parameterOf(type, reference)?.type !== 'reference') return [];
  const values = value.split(',');
  if (chain === undefined) {
    return values.map((each) => OUR_ID.exec(each)?.[1]).filter((id) => id !== undefined);
  }
  const toPatient = /^(?:patient|subject)([.:]identifier|:Patient)?$/.exec(chain);
  if (toPatient === null) return [];
  const means = toPatient[1]?.endsWith('identifier') ? 'nhs-number' : 'patient';
  return values.flatMap((each) => idsOf(means, each, naming));
}

/** The record's part of an id that this server gives out, at the end of a reference. */
const OUR_ID = /(?:^|\/)([0-9a-f]{24})(?:-[0-9a-f]{24})?$/;

function idsOf(means: Meaning, value: string, naming: PatientNaming): readonly string[] {
  if (means === 'entry') return [recordIdOf(value)];
  const id = means === 'nhs-number' ? recordIdOfToken(value, naming) : patientIdOf(value, naming);
  return id === null ? [] : [id];
}

function faults(type: SearchType, isNamed: boolean, records: readonly string[]): readonly Issue[] {
  if (!isNamed) {
    const diagnostics = neededFor(type);
    return [{ code: 'required', diagnostics }];
  }
  if (records.length < 2 || new Set(records).size < 2) return [];
  return [{ code: 'too-costly', diagnostics: 'A search is about one patient at a time.' }];
}

function neededFor(type: SearchType): string {
  if (type === 'Patient') return 'A search for a Patient needs identifier (an NHS number) or _id.';
  if (namesRecord(type, 'patient') || namesRecord(type, 'subject')) {
    return 'A search needs a patient: patient=[id] or patient.identifier=[system]|[number].';
  }
  return `A search for ${type} needs _id, or what refers to it: _has:[type]:[reference]:patient=[id].`;
}
