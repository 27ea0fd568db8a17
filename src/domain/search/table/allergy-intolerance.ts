import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const ALLERGY_INTOLERANCE: TypeRows = {
  parameters: [
    'asserter reference AllergyIntolerance-asserter asserter:Reference Patient,Practitioner,PractitionerRole,RelatedPerson',
    'category token AllergyIntolerance-category category:code@http://hl7.org/fhir/allergy-intolerance-category',
    'clinical-status token AllergyIntolerance-clinical-status clinicalStatus:CodeableConcept',
    'code token clinical-code code:CodeableConcept,reaction.substance:CodeableConcept',
    'criticality token AllergyIntolerance-criticality criticality:code@http://hl7.org/fhir/allergy-intolerance-criticality',
    'date date clinical-date recordedDate:dateTime',
    'identifier token clinical-identifier identifier:Identifier',
    'last-date date AllergyIntolerance-last-date lastOccurrence:dateTime',
    'manifestation token AllergyIntolerance-manifestation reaction.manifestation:CodeableConcept',
    'onset date AllergyIntolerance-onset reaction.onset:dateTime',
    'patient reference clinical-patient patient:Reference Patient',
    'recorder reference AllergyIntolerance-recorder recorder:Reference Patient,Practitioner,PractitionerRole,RelatedPerson',
    'route token AllergyIntolerance-route reaction.exposureRoute:CodeableConcept',
    'severity token AllergyIntolerance-severity reaction.severity:code@http://hl7.org/fhir/reaction-event-severity',
    'type token clinical-type type:code@http://hl7.org/fhir/allergy-intolerance-type',
    'verification-status token AllergyIntolerance-verification-status verificationStatus:CodeableConcept',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension identifier',
    'clinicalStatus verificationStatus type category criticality code patient! encounter',
    'onset[x] recordedDate recorder asserter lastOccurrence note reaction',
  ],
  summary: [
    'implicitRules identifier clinicalStatus verificationStatus type category criticality code',
    'patient asserter',
  ],
};
