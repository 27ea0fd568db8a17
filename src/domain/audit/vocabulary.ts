/** The code systems that AuditEvents are written in, and the codes of them that we use. */
const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';
const ENTITY_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const OBJECT_ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';

/** A FHIR Coding. */
export type Coding = {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
};

export const RESTFUL = 'http://hl7.org/fhir/restful-interaction';
export const RESOURCE_TYPE = 'http://hl7.org/fhir/resource-types';

/** Our own systems: operations, kinds of alert, and rules (each its own URI: `[RULE][rule id]`). */
export const OPERATION = 'https://scr.example/fhir/CodeSystem/operation';
export const ALERT = 'https://scr.example/fhir/CodeSystem/alert';
export const RULE = 'https://scr.example/fhir/rule/';

export const REST_EVENT = coding(
  'http://terminology.hl7.org/CodeSystem/audit-event-type',
  'rest',
  'Restful Operation',
);
export const AUTHENTICATION_EVENT = coding(DCM, '110114', 'User Authentication');
export const LOGIN = coding(DCM, '110122', 'Login');

export const APPLICATION = coding(DCM, '110150', 'Application');
export const DESTINATION = coding(DCM, '110152', 'Destination Role ID');
export const SOURCE = coding(DCM, '110153', 'Source Role ID');
export const CUSTODIAN = coding(
  'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
  'custodian',
  'Custodian',
);
export const RECIPIENT = coding(PARTICIPATION, 'IRCP', 'information recipient');
export const AUTHOR = coding(PARTICIPATION, 'AUT', 'author (originator)');
export const NOTIFIED = coding(PARTICIPATION, 'NOT', 'ugent notification contact');
export const PROVIDER = coding(
  'http://terminology.hl7.org/CodeSystem/v3-RoleClass',
  'PROV',
  'healthcare provider',
);
export const APPLICATION_SERVER = coding(
  'http://terminology.hl7.org/CodeSystem/security-source-type',
  '4',
  'Application Server',
);

export const PERSON = coding(ENTITY_TYPE, '1', 'Person');
export const SYSTEM_OBJECT = coding(ENTITY_TYPE, '2', 'System Object');
export const OTHER = coding(ENTITY_TYPE, '4', 'Other');
export const REQUEST_ID: Coding = {
  system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType',
  code: 'XrequestId',
};
export const PATIENT_ROLE = coding(OBJECT_ROLE, '1', 'Patient');
export const DOMAIN_RESOURCE = coding(OBJECT_ROLE, '4', 'Domain Resource');
export const SECURITY_RESOURCE = coding(OBJECT_ROLE, '13', 'Security Resource');
export const QUERY = coding(OBJECT_ROLE, '24', 'Query');

function coding(system: string, code: string, display: string): Coding {
  return { system, code, display };
}
