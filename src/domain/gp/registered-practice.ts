import {
  identifierCodeOf,
  identifierValue,
  objectAt,
  objectsAt,
  textAt,
} from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';
import { unversioned } from '../fhir/references.ts';
import { ODS_CODE } from '../fhir/systems.ts';
import type { OdsCode } from '../record/ods-code.ts';
import type { ArrivingResource } from './submission.ts';

/**
 * The practice that a Patient names as registered: `generalPractitioner` where that is an
 * organisation, else `managingOrganization` (contract, section 3, "Identification").
 */
export function registeredPractice(
  patient: ArrivingResource,
  resources: readonly ArrivingResource[],
): OdsCode | null {
  const managing = objectAt(patient.resource, 'managingOrganization');
  const candidates = [
    ...objectsAt(patient.resource, 'generalPractitioner'),
    ...(managing === null ? [] : [managing]),
  ];
  for (const candidate of candidates) {
    const code = odsCodeOf(candidate, resources);
    if (code !== null) return code;
  }
  return null;
}

/**
 * The ODS code that a Reference to an organisation carries, itself or by the resource it leads to.
 */
export function odsCodeOf(
  reference: JsonObject,
  resources: readonly ArrivingResource[],
): OdsCode | null {
  const logical = identifierCodeOf(reference, ODS_CODE);
  if (logical !== null) return logical;
  const literal = textAt(reference, 'reference');
  if (literal === null) return null;
  const target = resources.find(
    (each) => each.type === 'Organization' && each.references.includes(unversioned(literal)),
  );
  return target === undefined ? null : identifierValue(target.resource, ODS_CODE);
}
