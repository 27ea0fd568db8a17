import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const MEDICATION_REQUEST: TypeRows = {
  parameters: [
    'authoredon date MedicationRequest-authoredon authoredOn:dateTime',
    'category token MedicationRequest-category category:CodeableConcept',
    'code token clinical-code medicationCodeableConcept:CodeableConcept',
    'date date medications-date dosageInstruction.timing.event:dateTime',
    'encounter reference medications-encounter encounter:Reference Encounter',
    'identifier token clinical-identifier identifier:Identifier',
    'intended-dispenser reference MedicationRequest-intended-dispenser dispenseRequest.performer:Reference Organization',
    'intended-performer reference MedicationRequest-intended-performer performer:Reference CareTeam,Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson',
    'intended-performertype token MedicationRequest-intended-performertype performerType:CodeableConcept',
    'intent token MedicationRequest-intent intent:code@http://hl7.org/fhir/CodeSystem/medicationrequest-intent',
    'medication reference medications-medication medicationReference:Reference Medication',
    'patient reference clinical-patient subject[is=Patient]:Reference Patient',
    'priority token MedicationRequest-priority priority:code@http://hl7.org/fhir/request-priority',
    'requester reference MedicationRequest-requester requester:Reference Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson',
    'status token medications-status status:code@http://hl7.org/fhir/CodeSystem/medicationrequest-status',
    'subject reference MedicationRequest-subject subject:Reference Group,Patient',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension identifier',
    'status! statusReason intent! category priority doNotPerform reported[x] medication[x]!',
    'subject! encounter supportingInformation authoredOn requester performer performerType',
    'recorder reasonCode reasonReference instantiatesCanonical instantiatesUri basedOn',
    'groupIdentifier courseOfTherapyType insurance note dosageInstruction dispenseRequest',
    'substitution priorPrescription detectedIssue eventHistory',
  ],
  summary: [
    'implicitRules status intent priority doNotPerform reported[x] medication[x] subject',
    'authoredOn requester performerType instantiatesCanonical instantiatesUri basedOn',
    'groupIdentifier',
  ],
};
