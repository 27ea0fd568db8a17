import { identifierCodeOf, objectAt, objectsAt, textAt } from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';
import { isNhsNumber } from '../fhir/nhs-number.ts';
import { unversioned } from '../fhir/references.ts';
import type { RecordType } from '../fhir/resource-types.ts';
import { NHS_NUMBER } from '../fhir/systems.ts';
import type { Issue } from '../problem.ts';
import type { ArrivingResource, SubmittedResource } from './submission.ts';

/**
 * The element of each type that says whose it is; supporting resources without one are left out,
 * and Provenances, which are about whom their targets are about.
 */
export const SUBJECT_ELEMENT: Readonly<Partial<Record<RecordType, 'subject' | 'patient'>>> = {
  MedicationStatement: 'subject',
  AllergyIntolerance: 'patient',
  Condition: 'subject',
  Procedure: 'subject',
  Immunization: 'patient',
  Observation: 'subject',
  DocumentReference: 'subject',
  MedicationRequest: 'subject',
  Consent: 'patient',
};

/** The NHS number of a submitted Patient: exactly one, Modulus 11, no spaces. */
export function readNhsNumber(patient: ArrivingResource): {
  readonly value: string | null;
  readonly issues: readonly Issue[];
} {
  const numbers = objectsAt(patient.resource, 'identifier')
    .filter((each) => textAt(each, 'system') === NHS_NUMBER)
    .map((each) => textAt(each, 'value') ?? '');
  const [value] = numbers;
  if (numbers.length === 1 && value !== undefined && isNhsNumber(value)) {
    return { value, issues: [] };
  }
  // One whose check digit is wrong was named with the other faults of the content.
  if (numbers.length === 1 && value !== '') return { value: null, issues: [] };
  const diagnostics = `There must be exactly one identifier of the system ${NHS_NUMBER}.`;
  const expression = `${patient.at}.identifier`;
  return { value: null, issues: [{ code: 'business-rule', diagnostics, expression }] };
}

/** A fault for each resource that is about anybody but the Bundle's patient. */
export function checkSubjects(
  resources: readonly SubmittedResource[],
  patient: SubmittedResource,
  nhsNumber: string | null,
): readonly Issue[] {
  return resources.flatMap((each) => {
    if (each.type === 'Provenance') return checkTold(each, patient, nhsNumber);
    const element = SUBJECT_ELEMENT[each.type];
    if (!element || each.resource[element] === undefined) return [];
    const reference = objectAt(each.resource, element);
    if (reference !== null && refersTo(reference, patient, nhsNumber)) return [];
    return [otherPatient(`${each.at}.${element}`)];
  });
}

/** What a Provenance tells of, each with where: its targets and its entities. */
export function toldBy(
  provenance: JsonObject,
): readonly { readonly reference: JsonObject; readonly at: string }[] {
  const entities = objectsAt(provenance, 'entity').map((each) => objectAt(each, 'what') ?? {});
  return [
    ...objectsAt(provenance, 'target').map((reference, index) => ({
      reference,
      at: `target[${index}]`,
    })),
    ...entities.map((reference, index) => ({ reference, at: `entity[${index}].what` })),
  ];
}

/** Nothing that a Provenance tells of may be anybody but the Bundle's patient. */
function checkTold(
  { resource, at }: SubmittedResource,
  patient: SubmittedResource,
  nhsNumber: string | null,
): readonly Issue[] {
  return toldBy(resource)
    .filter((told) => isPatient(told.reference) && !refersTo(told.reference, patient, nhsNumber))
    .map((told) => otherPatient(`${at}.${told.at}`));
}

function isPatient(reference: JsonObject): boolean {
  const literal = textAt(reference, 'reference');
  if (literal !== null) return /(?:^|\/)Patient\//.test(literal);
  return identifierCodeOf(reference, NHS_NUMBER) !== null;
}

function otherPatient(expression: string): Issue {
  const diagnostics = 'This must refer to the Patient of the same Bundle.';
  return { code: 'invariant', diagnostics, expression };
}

function refersTo(
  reference: JsonObject,
  patient: SubmittedResource,
  nhsNumber: string | null,
): boolean {
  const literal = textAt(reference, 'reference');
  if (literal !== null) return patient.references.includes(unversioned(literal));
  return nhsNumber !== null && identifierCodeOf(reference, NHS_NUMBER) === nhsNumber;
}
