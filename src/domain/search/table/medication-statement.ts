import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const MEDICATION_STATEMENT: TypeRows = {
  parameters: [
    'category token MedicationStatement-category category:CodeableConcept',
    'code token clinical-code medicationCodeableConcept:CodeableConcept',
    'context reference MedicationStatement-context context:Reference Encounter,EpisodeOfCare',
    'effective date MedicationStatement-effective effectiveDateTime:dateTime,effectivePeriod:Period',
    'identifier token clinical-identifier identifier:Identifier',
    'medication reference medications-medication medicationReference:Reference Medication',
    'part-of reference MedicationStatement-part-of partOf:Reference MedicationAdministration,MedicationDispense,MedicationStatement,Observation,Procedure',
    'patient reference clinical-patient subject[is=Patient]:Reference Patient',
    'source reference MedicationStatement-source informationSource:Reference Organization,Patient,Practitioner,PractitionerRole,RelatedPerson',
    'status token medications-status status:code@http://hl7.org/fhir/CodeSystem/medication-statement-status',
    'subject reference MedicationStatement-subject subject:Reference Group,Patient',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension identifier',
    'basedOn partOf status! statusReason category medication[x]! subject! context effective[x]',
    'dateAsserted informationSource derivedFrom reasonCode reasonReference note dosage',
  ],
  summary: [
    'implicitRules identifier basedOn partOf status category medication[x] subject context',
    'effective[x] dateAsserted',
  ],
};
