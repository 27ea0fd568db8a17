import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const PROCEDURE: TypeRows = {
  parameters: [
    'based-on reference Procedure-based-on basedOn:Reference CarePlan,ServiceRequest',
    'category token Procedure-category category:CodeableConcept',
    'code token clinical-code code:CodeableConcept',
    'date date clinical-date performedDateTime:dateTime,performedPeriod:Period',
    'encounter reference clinical-encounter encounter:Reference Encounter,EpisodeOfCare',
    'identifier token clinical-identifier identifier:Identifier',
    'instantiates-canonical reference Procedure-instantiates-canonical instantiatesCanonical:canonical ActivityDefinition,Measure,OperationDefinition,PlanDefinition,Questionnaire',
    'instantiates-uri uri Procedure-instantiates-uri instantiatesUri:uri',
    'location reference Procedure-location location:Reference Location',
    'part-of reference Procedure-part-of partOf:Reference MedicationAdministration,Observation,Procedure',
    'patient reference clinical-patient subject[is=Patient]:Reference Patient',
    'performer reference Procedure-performer performer.actor:Reference Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson',
    'reason-code token Procedure-reason-code reasonCode:CodeableConcept',
    'reason-reference reference Procedure-reason-reference reasonReference:Reference Condition,DiagnosticReport,DocumentReference,Observation,Procedure',
    'status token Procedure-status status:code@http://hl7.org/fhir/event-status',
    'subject reference Procedure-subject subject:Reference Group,Patient',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension identifier',
    'instantiatesCanonical instantiatesUri basedOn partOf status! statusReason category code',
    'subject! encounter performed[x] recorder asserter performer location reasonCode',
    'reasonReference bodySite outcome report complication complicationDetail followUp note',
    'focalDevice usedReference usedCode',
  ],
  summary: [
    'implicitRules identifier instantiatesCanonical instantiatesUri basedOn partOf status',
    'statusReason category code subject encounter performed[x] recorder asserter',
    'performer.modifierExtension performer.function performer.actor location reasonCode',
    'reasonReference bodySite outcome',
  ],
};
