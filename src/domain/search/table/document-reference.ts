import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const DOCUMENT_REFERENCE: TypeRows = {
  parameters: [
    'authenticator reference DocumentReference-authenticator authenticator:Reference Organization,Practitioner,PractitionerRole',
    'author reference DocumentReference-author author:Reference Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson',
    'category token DocumentReference-category category:CodeableConcept',
    'contenttype token DocumentReference-contenttype content.attachment.contentType:mime',
    'custodian reference DocumentReference-custodian custodian:Reference Organization',
    'date date DocumentReference-date date:instant',
    'description string DocumentReference-description description:string',
    'encounter reference clinical-encounter context.encounter:Reference Encounter,EpisodeOfCare',
    'event token DocumentReference-event context.event:CodeableConcept',
    'facility token DocumentReference-facility context.facilityType:CodeableConcept',
    'format token DocumentReference-format content.format:Coding',
    'identifier token clinical-identifier masterIdentifier:Identifier,identifier:Identifier',
    'language token DocumentReference-language content.attachment.language:code',
    'location uri DocumentReference-location content.attachment.url:url',
    'patient reference clinical-patient subject[is=Patient]:Reference Patient',
    'period date DocumentReference-period context.period:Period',
    'related reference DocumentReference-related context.related:Reference *',
    'relatesto reference DocumentReference-relatesto relatesTo.target:Reference DocumentReference',
    'relation token DocumentReference-relation relatesTo.code:code@http://hl7.org/fhir/document-relationship-type',
    'relationship composite DocumentReference-relationship relatesTo:BackboneElement token=code:code@http://hl7.org/fhir/document-relationship-type;reference=target:Reference',
    'security-label token DocumentReference-security-label securityLabel:CodeableConcept',
    'setting token DocumentReference-setting context.practiceSetting:CodeableConcept',
    'status token DocumentReference-status status:code@http://hl7.org/fhir/document-reference-status',
    'subject reference DocumentReference-subject subject:Reference Device,Group,Patient,Practitioner',
    'type token clinical-type type:CodeableConcept',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension masterIdentifier',
    'identifier status! docStatus type category subject date author authenticator custodian',
    'relatesTo description securityLabel content! context',
  ],
  summary: [
    'implicitRules masterIdentifier identifier status docStatus type category subject date',
    'author relatesTo description securityLabel content.modifierExtension',
    'content.attachment.contentType content.attachment.language content.attachment.url',
    'content.attachment.size content.attachment.hash content.attachment.title',
    'content.attachment.creation content.format context.modifierExtension context.period',
  ],
};
