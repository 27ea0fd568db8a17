import { objectAt, objectsAt, textAt, tokenOf } from '../../fhir/elements.ts';
import type { JsonObject } from '../../fhir/json.ts';
import { type PatientNaming, patientIdOf } from '../../fhir/patient-reference.ts';
import type { RecordType } from '../../fhir/resource-types.ts';
import { NHS_NUMBER } from '../../fhir/systems.ts';
import { SUBJECT_ELEMENT } from '../subject.ts';

/** What an entry must be like for a conditional interaction or reference. */
export interface Criteria {
  readonly type: RecordType;
  /** Identifiers, each as `system|value`, `value` for any system: the entry has one of each list. */
  readonly identifiers: readonly (readonly string[])[];
  /** Ids here, or null for any. */
  readonly ids: readonly string[] | null;
  /** The patient whose entry it is, as far as the criteria say. */
  readonly patients: readonly NamedPatient[];
}

/** A patient as they were named. */
export type NamedPatient =
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'number'; readonly nhsNumber: string };

/** What may stand in criteria, as it is said in refusals. */
export const CRITERIA_WORDS =
  'Criteria may have identifier, _id, and patient or subject (also by identifier); nothing else.';

const NHS_TOKEN = new RegExp(`^(?:${NHS_NUMBER}\\|)?(\\d{10})$`);

/**
 * Reads the criteria of a conditional interaction or reference (http://hl7.org/fhir/R4/http.html#ccreate):
 * the text behind the question mark. Null when it says anything that is not understood here: to pass
 * over a condition would widen what is changed.
 */
export function readCriteria(
  type: RecordType,
  query: string,
  naming: PatientNaming,
): Criteria | null {
  const criteria = {
    type,
    identifiers: [] as (readonly string[])[],
    ids: null as readonly string[] | null,
    patients: [] as NamedPatient[],
  };
  let understood = 0;
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === '_format' || name === '_pretty') continue;
    const { ids } = criteria;
    if (value === '') return null;
    if (name === 'identifier') criteria.identifiers.push(value.split(','));
    else if (name === '_id')
      criteria.ids = value.split(',').filter((id) => ids?.includes(id) ?? true);
    else {
      const patient = patientNamed(type, name, value, naming);
      if (patient === null) return null;
      criteria.patients.push(patient);
    }
    understood++;
  }
  return understood === 0 ? null : withPatientNumber(criteria);
}

/** A Patient's NHS number says whose record it is, as `patient` does elsewhere. */
function withPatientNumber(criteria: Criteria): Criteria {
  if (criteria.type !== 'Patient') return criteria;
  const numbers = criteria.identifiers.flatMap((each) => each.map((token) => numberIn(token)));
  const ids = criteria.ids ?? [];
  const patients = [
    ...numbers.filter((number) => number !== null).map(byNumber),
    ...ids.map((id) => ({ by: 'id', id }) as const),
  ];
  return { ...criteria, patients };
}

function patientNamed(
  type: RecordType,
  name: string,
  value: string,
  naming: PatientNaming,
): NamedPatient | null {
  const [, element, spelling] = /^(patient|subject)([.:]identifier)?$/.exec(name) ?? [];
  const own = SUBJECT_ELEMENT[type];
  if (own === undefined || (element !== 'patient' && element !== own)) return null;
  const number = spelling === undefined ? null : numberIn(value);
  if (spelling !== undefined) return number === null ? null : byNumber(number);
  const id = patientIdOf(value, naming);
  return id === null ? null : { by: 'id', id };
}

function numberIn(token: string): string | null {
  return NHS_TOKEN.exec(token)?.[1] ?? null;
}

function byNumber(nhsNumber: string): NamedPatient {
  return { by: 'number', nhsNumber };
}

/** Whether a resource, under its id here, is like the criteria; whose it is was settled before. */
export function meetsCriteria(resource: JsonObject, id: string, criteria: Criteria): boolean {
  if (resource.resourceType !== criteria.type) return false;
  if (criteria.ids !== null && !criteria.ids.includes(id)) return false;
  return criteria.identifiers.every((tokens) =>
    tokens.some((token) => isIdentified(resource, token)),
  );
}

function isIdentified(resource: JsonObject, token: string): boolean {
  const single = objectAt(resource, 'identifier');
  const all = single === null ? objectsAt(resource, 'identifier') : [single];
  return all.some((each) => {
    if (!token.includes('|')) return textAt(each, 'value') === token;
    if (token.startsWith('|')) return each.system === undefined && `|${each.value}` === token;
    return tokenOf(each, 'value') === token;
  });
}
