import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const ORGANIZATION: TypeRows = {
  parameters: [
    'active token Organization-active active:boolean',
    'address string Organization-address address:Address',
    'address-city string Organization-address-city address.city:string',
    'address-country string Organization-address-country address.country:string',
    'address-postalcode string Organization-address-postalcode address.postalCode:string',
    'address-state string Organization-address-state address.state:string',
    'address-use token Organization-address-use address.use:code@http://hl7.org/fhir/address-use',
    'endpoint reference Organization-endpoint endpoint:Reference Endpoint',
    'identifier token Organization-identifier identifier:Identifier',
    'name string Organization-name name:string,alias:string',
    'partof reference Organization-partof partOf:Reference Organization',
    'phonetic string Organization-phonetic name:string',
    'type token Organization-type type:CodeableConcept',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension identifier',
    'active type name alias telecom address partOf contact endpoint',
  ],
  summary: ['implicitRules identifier active type name partOf'],
};
