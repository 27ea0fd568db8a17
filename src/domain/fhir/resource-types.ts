/** What each resource type is to a Summary Care Record (contract, section 3). */
export type Section =
  | 'patient'
  | 'core'
  | 'additional'
  | 'supporting'
  /** What tells of other entries, and of whom they come from. */
  | 'provenance'
  | 'consent';

const SECTION_OF = {
  Patient: 'patient',
  MedicationStatement: 'core',
  AllergyIntolerance: 'core',
  Condition: 'additional',
  Procedure: 'additional',
  Immunization: 'additional',
  Observation: 'additional',
  DocumentReference: 'additional',
  Medication: 'supporting',
  MedicationRequest: 'supporting',
  Practitioner: 'supporting',
  PractitionerRole: 'supporting',
  Organization: 'supporting',
  Provenance: 'provenance',
  Consent: 'consent',
} as const satisfies Record<string, Section>;

/** The resource types that a care record is made of. */
export type RecordType = keyof typeof SECTION_OF;

/** The resource types that a care record is made of, in the order in which they are listed. */
export const RECORD_TYPES = Object.keys(SECTION_OF) as readonly RecordType[];

/** Whether a name is the type of something that a care record may hold. */
export function isRecordType(name: string): name is RecordType {
  return Object.hasOwn(SECTION_OF, name);
}

/** The section of the record that a type belongs to. */
export function sectionOf(type: RecordType): Section {
  return SECTION_OF[type];
}
