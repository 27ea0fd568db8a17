/** Identifier, code and policy systems, by the names the field uses (contract and domain brief). */
export const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number';
export const ODS_CODE = 'https://fhir.nhs.uk/Id/ods-organization-code';
export const SNOMED = 'http://snomed.info/sct';
export const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
export const ROLE = 'https://scr.example/fhir/CodeSystem/role';
export const POLICY = 'https://scr.example/fhir/policy/';
export const PRESCRIPTION_TYPE_STU3 =
  'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-PrescriptionType-1';
export const LAST_ISSUE_DATE_STU3 =
  'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-MedicationStatementLastIssueDate-1';
export const LAST_ISSUE_DATE_UKCORE =
  'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-MedicationStatementLastIssueDate';
/** Ours: where a medicine was stated as a reference, beside the code that is shown in its place. */
export const MEDICATION_REFERENCE =
  'https://scr.example/fhir/StructureDefinition/medication-reference';
