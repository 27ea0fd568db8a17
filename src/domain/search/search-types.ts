/** The resource types that can be searched. */
export const SEARCH_TYPES = [
  'Patient',
  'MedicationStatement',
  'AllergyIntolerance',
  'Consent',
  'Condition',
  'Procedure',
  'Immunization',
  'Observation',
  'AuditEvent',
  'DocumentReference',
  'Provenance',
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Medication',
  'MedicationRequest',
] as const;

/** A resource type that can be searched. */
export type SearchType = (typeof SEARCH_TYPES)[number];

/** Whether a name is that of a type that can be searched. */
export function isSearchType(name: string): name is SearchType {
  return SEARCH_TYPES.some((each) => each === name);
}
