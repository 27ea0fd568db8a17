import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const PRACTITIONER_ROLE: TypeRows = {
  parameters: [
    'active token PractitionerRole-active active:boolean',
    'date date PractitionerRole-date period:Period',
    'email token individual-email telecom[system=email]:ContactPoint',
    'endpoint reference PractitionerRole-endpoint endpoint:Reference Endpoint',
    'identifier token PractitionerRole-identifier identifier:Identifier',
    'location reference PractitionerRole-location location:Reference Location',
    'organization reference PractitionerRole-organization organization:Reference Organization',
    'phone token individual-phone telecom[system=phone]:ContactPoint',
    'practitioner reference PractitionerRole-practitioner practitioner:Reference Practitioner',
    'role token PractitionerRole-role code:CodeableConcept',
    'service reference PractitionerRole-service healthcareService:Reference HealthcareService',
    'specialty token PractitionerRole-specialty specialty:CodeableConcept',
    'telecom token individual-telecom telecom:ContactPoint',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension identifier',
    'active period practitioner organization code specialty location healthcareService telecom',
    'availableTime notAvailable availabilityExceptions endpoint',
  ],
  summary: [
    'implicitRules identifier active period practitioner organization code specialty location',
    'telecom',
  ],
};
