import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const PRACTITIONER: TypeRows = {
  parameters: [
    'active token Practitioner-active active:boolean',
    'address string individual-address address:Address',
    'address-city string individual-address-city address.city:string',
    'address-country string individual-address-country address.country:string',
    'address-postalcode string individual-address-postalcode address.postalCode:string',
    'address-state string individual-address-state address.state:string',
    'address-use token individual-address-use address.use:code@http://hl7.org/fhir/address-use',
    'communication token Practitioner-communication communication:CodeableConcept',
    'email token individual-email telecom[system=email]:ContactPoint',
    'family string individual-family name.family:string',
    'gender token individual-gender gender:code@http://hl7.org/fhir/administrative-gender',
    'given string individual-given name.given:string',
    'identifier token Practitioner-identifier identifier:Identifier',
    'name string Practitioner-name name:HumanName',
    'phone token individual-phone telecom[system=phone]:ContactPoint',
    'phonetic string individual-phonetic name:HumanName',
    'telecom token individual-telecom telecom:ContactPoint',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension identifier',
    'active name telecom address gender birthDate photo qualification communication',
  ],
  summary: ['implicitRules identifier active name telecom address gender birthDate'],
};
