import { RECORD_TYPES, type RecordType } from '../domain/fhir/resource-types.ts';
import { isSearchable } from '../domain/fhir/search-parameters.ts';
import type { FhirRoute } from './route.ts';
import { readAudit, searchAuditLog } from './routes/audit.ts';
import { claim } from './routes/claim.ts';
import { createChoice, updateChoice } from './routes/consent.ts';
import { searchPatient } from './routes/patient.ts';
import { readHandler, searchHandler } from './routes/record.ts';
import { submit } from './routes/submission.ts';

const HTTP = 'http://hl7.org/fhir/R4/http.html';
const SEARCH = 'http://hl7.org/fhir/R4/search.html';
const OPERATIONS = 'https://scr.example/fhir/OperationDefinition';

/** Every route below the FHIR base that needs a token, once. */
export const FHIR_ROUTES: readonly FhirRoute[] = [
  ...RECORD_TYPES.flatMap(routesOf),
  {
    method: 'POST',
    path: '/Consent',
    interaction: 'create',
    type: 'Consent',
    action: 'C',
    summary: 'Record a choice of a patient: opt-out, sharing, a private entry and so on.',
    spec: `${HTTP}#create`,
    handle: createChoice,
  },
  {
    method: 'PUT',
    path: '/Consent/:id',
    interaction: 'update',
    type: 'Consent',
    action: 'U',
    summary: 'Change or end a choice of a patient; the earlier version is kept.',
    spec: `${HTTP}#update`,
    handle: updateChoice,
  },
  {
    method: 'POST',
    path: '/$submit-record',
    interaction: 'submit-record',
    type: 'System',
    action: 'E',
    summary: 'Submit an organisation’s complete current extract for one patient.',
    spec: `${OPERATIONS}/submit-record`,
    handle: submit,
  },
  {
    method: 'POST',
    path: '/$claim-relationship',
    interaction: 'claim-relationship',
    type: 'System',
    action: 'E',
    summary: 'Claim a relationship with a patient; audited, alerted and limited in time.',
    spec: `${OPERATIONS}/claim-relationship`,
    handle: claim,
  },
  readRoute('AuditEvent', 'Read one entry of the audit log.', readAudit),
  ...searchRoutes('AuditEvent', 'Search the audit log, newest first.', searchAuditLog),
];

/** Read for every type; search for those that the search table knows. */
function routesOf(type: RecordType): readonly FhirRoute[] {
  const read = readRoute(type, `Read one ${type}.`, readHandler(type));
  if (!isSearchable(type)) return [read];
  if (type === 'Patient') {
    return [read, ...searchRoutes(type, 'Trace a patient by NHS number.', searchPatient)];
  }
  const words = `Search the ${type} resources of one patient.`;
  return [read, ...searchRoutes(type, words, searchHandler(type))];
}

function readRoute(type: string, summary: string, handle: FhirRoute['handle']): FhirRoute {
  return {
    method: 'GET',
    path: `/${type}/:id`,
    interaction: 'read',
    type,
    action: 'R',
    summary,
    spec: `${HTTP}#read`,
    handle,
  };
}

/** The same search by query and by form (http://hl7.org/fhir/R4/http.html#search). */
function searchRoutes(
  type: string,
  summary: string,
  handle: FhirRoute['handle'],
): readonly FhirRoute[] {
  const search = { interaction: 'search-type', type, action: 'E', summary, handle } as const;
  return [
    { ...search, method: 'GET', path: `/${type}`, spec: SEARCH },
    { ...search, method: 'POST', path: `/${type}/_search`, spec: `${HTTP}#search` },
  ];
}
