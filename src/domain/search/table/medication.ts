import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const MEDICATION: TypeRows = {
  parameters: [
    'code token clinical-code code:CodeableConcept',
    'expiration-date date Medication-expiration-date batch.expirationDate:dateTime',
    'form token Medication-form form:CodeableConcept',
    'identifier token Medication-identifier identifier:Identifier',
    'ingredient reference Medication-ingredient ingredient.itemReference:Reference Medication,Substance',
    'ingredient-code token Medication-ingredient-code ingredient.itemCodeableConcept:CodeableConcept',
    'lot-number token Medication-lot-number batch.lotNumber:string',
    'manufacturer reference Medication-manufacturer manufacturer:Reference Organization',
    'status token Medication-status status:code@http://hl7.org/fhir/CodeSystem/medication-status',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension identifier code',
    'status manufacturer form amount ingredient batch',
  ],
  summary: ['implicitRules identifier code status manufacturer amount'],
};
