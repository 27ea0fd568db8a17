import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const IMMUNIZATION: TypeRows = {
  parameters: [
    'date date clinical-date occurrenceDateTime:dateTime',
    'identifier token clinical-identifier identifier:Identifier',
    'location reference Immunization-location location:Reference Location',
    'lot-number string Immunization-lot-number lotNumber:string',
    'manufacturer reference Immunization-manufacturer manufacturer:Reference Organization',
    'patient reference clinical-patient patient:Reference Patient',
    'performer reference Immunization-performer performer.actor:Reference Organization,Practitioner,PractitionerRole',
    'reaction reference Immunization-reaction reaction.detail:Reference Observation',
    'reaction-date date Immunization-reaction-date reaction.date:dateTime',
    'reason-code token Immunization-reason-code reasonCode:CodeableConcept',
    'reason-reference reference Immunization-reason-reference reasonReference:Reference Condition,DiagnosticReport,Observation',
    'series string Immunization-series protocolApplied.series:string',
    'status token Immunization-status status:code@http://hl7.org/fhir/event-status',
    'status-reason token Immunization-status-reason statusReason:CodeableConcept',
    'target-disease token Immunization-target-disease protocolApplied.targetDisease:CodeableConcept',
    'vaccine-code token Immunization-vaccine-code vaccineCode:CodeableConcept',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension identifier',
    'status! statusReason vaccineCode! patient! encounter occurrence[x]! recorded primarySource',
    'reportOrigin location manufacturer lotNumber expirationDate site route doseQuantity',
    'performer note reasonCode reasonReference isSubpotent subpotentReason education',
    'programEligibility fundingSource reaction protocolApplied',
  ],
  summary: [
    'implicitRules status vaccineCode patient occurrence[x] primarySource performer note',
    'isSubpotent',
  ],
};
