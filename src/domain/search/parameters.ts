import { type Parameter, readRow, type TypeRows } from './definition.ts';
import { isSearchType, SEARCH_TYPES, type SearchType } from './search-types.ts';
import { ALLERGY_INTOLERANCE } from './table/allergy-intolerance.ts';
import { AUDIT_EVENT } from './table/audit-event.ts';
import { CONDITION } from './table/condition.ts';
import { CONSENT } from './table/consent.ts';
import { DOCUMENT_REFERENCE } from './table/document-reference.ts';
import { IMMUNIZATION } from './table/immunization.ts';
import { MEDICATION } from './table/medication.ts';
import { MEDICATION_REQUEST } from './table/medication-request.ts';
import { MEDICATION_STATEMENT } from './table/medication-statement.ts';
import { OBSERVATION } from './table/observation.ts';
import { ORGANIZATION } from './table/organization.ts';
import { PATIENT } from './table/patient.ts';
import { PRACTITIONER } from './table/practitioner.ts';
import { PRACTITIONER_ROLE } from './table/practitioner-role.ts';
import { PROCEDURE } from './table/procedure.ts';
import { PROVENANCE } from './table/provenance.ts';
import { RESOURCE } from './table/resource.ts';

/** The generated rows of every type that can be searched. */
export const ROWS: Readonly<Record<SearchType, TypeRows>> = {
  Patient: PATIENT,
  MedicationStatement: MEDICATION_STATEMENT,
  AllergyIntolerance: ALLERGY_INTOLERANCE,
  Consent: CONSENT,
  Condition: CONDITION,
  Procedure: PROCEDURE,
  Immunization: IMMUNIZATION,
  Observation: OBSERVATION,
  AuditEvent: AUDIT_EVENT,
  DocumentReference: DOCUMENT_REFERENCE,
  Provenance: PROVENANCE,
  Organization: ORGANIZATION,
  Practitioner: PRACTITIONER,
  PractitionerRole: PRACTITIONER_ROLE,
  Medication: MEDICATION,
  MedicationRequest: MEDICATION_REQUEST,
};

const COMMON = RESOURCE.parameters.map(readRow);

const BY_TYPE: ReadonlyMap<string, ReadonlyMap<string, Parameter>> = new Map(
  SEARCH_TYPES.map((type) => {
    const all = [...COMMON, ...ROWS[type].parameters.map(readRow)];
    return [type, new Map(all.map((each) => [each.name, each]))];
  }),
);

/** The search parameters of a type, those that all types share first. */
export function parametersOf(type: SearchType): readonly Parameter[] {
  return [...(BY_TYPE.get(type)?.values() ?? [])];
}

/** The search parameter of this name; null where the type has none, or cannot be searched. */
export function parameterOf(type: string, name: string): Parameter | null {
  return BY_TYPE.get(type)?.get(name) ?? null;
}

/** The types that can be searched among those that a reference parameter leads to. */
export function searchableTargets(parameter: Parameter): readonly SearchType[] {
  if (parameter.targets.includes('*')) return SEARCH_TYPES;
  return parameter.targets.filter(isSearchType);
}

/** What `_include` takes in a search of a type, as `[type]:[parameter]`. */
export function includesOf(type: SearchType): readonly string[] {
  return parametersOf(type)
    .filter((each) => each.type === 'reference')
    .map(({ name }) => `${type}:${name}`);
}

/** What `_revinclude` takes in a search of a type: the parameters that may lead to it. */
export function revincludesOf(type: SearchType): readonly string[] {
  return SEARCH_TYPES.flatMap((source) =>
    parametersOf(source)
      .filter((each) => searchableTargets(each).includes(type))
      .map(({ name }) => `${source}:${name}`),
  );
}
