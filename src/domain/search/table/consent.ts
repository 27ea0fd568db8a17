import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const CONSENT: TypeRows = {
  parameters: [
    'action token Consent-action provision.action:CodeableConcept',
    'actor reference Consent-actor provision.actor.reference:Reference CareTeam,Device,Group,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson',
    'category token Consent-category category:CodeableConcept',
    'consentor reference Consent-consentor performer:Reference Organization,Patient,Practitioner,PractitionerRole,RelatedPerson',
    'data reference Consent-data provision.data.reference:Reference *',
    'date date clinical-date dateTime:dateTime',
    'identifier token clinical-identifier identifier:Identifier',
    'organization reference Consent-organization organization:Reference Organization',
    'patient reference clinical-patient patient:Reference Patient',
    'period date Consent-period provision.period:Period',
    'purpose token Consent-purpose provision.purpose:Coding',
    'scope token Consent-scope scope:CodeableConcept',
    'security-label token Consent-security-label provision.securityLabel:Coding',
    'source-reference reference Consent-source-reference sourceReference:Reference Consent,Contract,DocumentReference,QuestionnaireResponse',
    'status token Consent-status status:code@http://hl7.org/fhir/consent-state-codes',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension identifier',
    'status! scope! category! patient dateTime performer organization source[x] policy',
    'policyRule verification provision',
  ],
  summary: [
    'implicitRules identifier status scope category patient dateTime performer organization',
    'source[x] policyRule verification.modifierExtension verification.verified',
    'provision.modifierExtension provision.type provision.period provision.action',
    'provision.securityLabel provision.purpose provision.class provision.code',
    'provision.dataPeriod provision.data',
  ],
};
