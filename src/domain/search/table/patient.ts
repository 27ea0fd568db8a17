import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const PATIENT: TypeRows = {
  parameters: [
    'active token Patient-active active:boolean',
    'address string individual-address address:Address',
    'address-city string individual-address-city address.city:string',
    'address-country string individual-address-country address.country:string',
    'address-postalcode string individual-address-postalcode address.postalCode:string',
    'address-state string individual-address-state address.state:string',
    'address-use token individual-address-use address.use:code@http://hl7.org/fhir/address-use',
    'age number patient-extensions-Patient-age birthDate:age',
    'birthOrderBoolean token patient-extensions-Patient-birthOrderBoolean multipleBirthBoolean:boolean,multipleBirthInteger:counted',
    'birthdate date individual-birthdate birthDate:date',
    'death-date date Patient-death-date deceasedDateTime:dateTime',
    'deceased token Patient-deceased deceasedBoolean|deceasedDateTime:exists',
    'email token individual-email telecom[system=email]:ContactPoint',
    'family string individual-family name.family:string',
    'gender token individual-gender gender:code@http://hl7.org/fhir/administrative-gender',
    'general-practitioner reference Patient-general-practitioner generalPractitioner:Reference Organization,Practitioner,PractitionerRole',
    'given string individual-given name.given:string',
    'identifier token Patient-identifier identifier:Identifier',
    'language token Patient-language communication.language:CodeableConcept',
    'link reference Patient-link link.other:Reference Patient,RelatedPerson',
    'mothersMaidenName string patient-extensions-Patient-mothersMaidenName extension[url=http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName].valueString:string',
    'name string Patient-name name:HumanName',
    'organization reference Patient-organization managingOrganization:Reference Organization',
    'part-agree reference example-extension extension[url=http://example.org/fhir/StructureDefinition/participation-agreement].valueReference:Reference DocumentReference',
    'phone token individual-phone telecom[system=phone]:ContactPoint',
    'phonetic string individual-phonetic name:HumanName',
    'telecom token individual-telecom telecom:ContactPoint',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension identifier',
    'active name telecom gender birthDate deceased[x] address maritalStatus multipleBirth[x]',
    'photo contact communication generalPractitioner managingOrganization link',
  ],
  summary: [
    'implicitRules identifier active name telecom gender birthDate deceased[x] address',
    'managingOrganization link',
  ],
};
