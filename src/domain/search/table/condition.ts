import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const CONDITION: TypeRows = {
  parameters: [
    'abatement-age quantity Condition-abatement-age abatementAge:Age,abatementRange:Range',
    'abatement-date date Condition-abatement-date abatementDateTime:dateTime,abatementPeriod:Period',
    'abatement-string string Condition-abatement-string abatementString:string',
    'asserter reference Condition-asserter asserter:Reference Patient,Practitioner,PractitionerRole,RelatedPerson',
    'body-site token Condition-body-site bodySite:CodeableConcept',
    'category token Condition-category category:CodeableConcept',
    'clinical-status token Condition-clinical-status clinicalStatus:CodeableConcept',
    'code token clinical-code code:CodeableConcept',
    'encounter reference Condition-encounter encounter:Reference Encounter',
    'evidence token Condition-evidence evidence.code:CodeableConcept',
    'evidence-detail reference Condition-evidence-detail evidence.detail:Reference *',
    'identifier token clinical-identifier identifier:Identifier',
    'onset-age quantity Condition-onset-age onsetAge:Age,onsetRange:Range',
    'onset-date date Condition-onset-date onsetDateTime:dateTime,onsetPeriod:Period',
    'onset-info string Condition-onset-info onsetString:string',
    'patient reference clinical-patient subject[is=Patient]:Reference Patient',
    'recorded-date date Condition-recorded-date recordedDate:dateTime',
    'severity token Condition-severity severity:CodeableConcept',
    'stage token Condition-stage stage.summary:CodeableConcept',
    'subject reference Condition-subject subject:Reference Group,Patient',
    'verification-status token Condition-verification-status verificationStatus:CodeableConcept',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension identifier',
    'clinicalStatus verificationStatus category severity code bodySite subject! encounter',
    'onset[x] abatement[x] recordedDate recorder asserter stage evidence note',
  ],
  summary: [
    'implicitRules identifier clinicalStatus verificationStatus code bodySite subject encounter',
    'onset[x] recordedDate recorder asserter',
  ],
};
