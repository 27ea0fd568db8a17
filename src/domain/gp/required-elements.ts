import type { JsonObject } from '../fhir/json.ts';
import type { RecordType } from '../fhir/resource-types.ts';
import type { Issue } from '../problem.ts';

/** What R4 requires of each type, as far as the record depends on it; `[x]` stands for any choice. */
const REQUIRED: Readonly<Record<RecordType, readonly string[]>> = {
  Patient: ['identifier'],
  MedicationStatement: ['status', 'subject', 'medication[x]'],
  AllergyIntolerance: ['patient', 'code'],
  Condition: ['subject', 'code'],
  Procedure: ['status', 'subject', 'code'],
  Immunization: ['status', 'vaccineCode', 'patient', 'occurrence[x]'],
  Observation: ['status', 'code', 'subject'],
  Medication: [],
  MedicationRequest: ['status', 'intent', 'subject', 'medication[x]'],
  Practitioner: [],
  PractitionerRole: [],
  Organization: [],
  Consent: ['status', 'scope', 'category', 'patient', 'dateTime', 'performer', 'organization'],
};

/** Every required element that a resource lacks. */
export function missingElements(
  resource: JsonObject,
  type: RecordType,
  at: string,
): readonly Issue[] {
  // A primitive may be absent for a stated reason: then its extensions alone are there (`_status`).
  const present = Object.keys(resource)
    .filter((name) => resource[name] !== null)
    .map((name) => name.replace(/^_/, ''));
  return REQUIRED[type]
    .filter((name) => !present.some((each) => isElement(each, name)))
    .map((name) => ({
      code: 'required',
      diagnostics: `${type}.${name} is required.`,
      expression: `${at}.${name.replace('[x]', '')}`,
    }));
}

function isElement(present: string, name: string): boolean {
  return name.endsWith('[x]') ? present.startsWith(name.slice(0, -3)) : present === name;
}
