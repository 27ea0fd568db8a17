const OURS = 'https://scr.example/fhir/StructureDefinition/';

/** The profile that the server asks of each type, whoever sends it; of other types R4 alone. */
const PROFILES: ReadonlyMap<string, string> = new Map(
  [
    'Patient',
    'MedicationStatement',
    'AllergyIntolerance',
    'Consent',
    'Condition',
    'Procedure',
    'Immunization',
    'Observation',
    'DocumentReference',
    'Provenance',
  ].map((type) => [type, `${OURS}scr-${type}`]),
);

/** The canonical URL of the profile that the server asks of a type; null where it asks none. */
export function profileFor(type: string): string | null {
  return PROFILES.get(type) ?? null;
}
