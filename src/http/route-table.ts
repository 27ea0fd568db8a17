import { RECORD_TYPES, type RecordType } from '../domain/fhir/resource-types.ts';
import { contentRoutes } from './content-routes.ts';
import type { FhirRoute } from './route.ts';
import { resolve } from './routes/alert.ts';
import { readAudit, searchAuditLog } from './routes/audit.ts';
import { bundleHandler } from './routes/bundle.ts';
import { claim } from './routes/claim.ts';
import { readGenerated } from './routes/document.ts';
import { explain } from './routes/explain.ts';
import {
  instanceHistoryHandler,
  readVersionHandler,
  recordHistoryHandler,
} from './routes/history.ts';
import { everything, searchPatient, summary, summaryByIdentifier } from './routes/patient.ts';
import { readHandler, searchHandler } from './routes/record.ts';
import { submit } from './routes/submission.ts';
import { WRITE_ROUTES } from './write-routes.ts';

const HTTP = 'http://hl7.org/fhir/R4/http.html';
const SEARCH = 'http://hl7.org/fhir/R4/search.html';
const IPS_SUMMARY = 'http://hl7.org/fhir/uv/ips/OperationDefinition/summary';
const OPERATIONS = 'https://scr.example/fhir/OperationDefinition';

/** Every route below the FHIR base that needs a token, once. */
export const FHIR_ROUTES: readonly FhirRoute[] = [
  ...RECORD_TYPES.flatMap(routesOf),
  {
    method: 'GET',
    path: '/Patient/:id/$everything',
    interaction: 'everything',
    type: 'Patient',
    action: 'R',
    summary: 'All that may be disclosed of one patient’s record.',
    spec: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
    handle: everything,
  },
  {
    method: 'GET',
    path: '/Patient/:id/$summary',
    interaction: 'summary',
    type: 'Patient',
    action: 'R',
    summary: 'An International Patient Summary of what may be disclosed.',
    spec: IPS_SUMMARY,
    handle: summary,
  },
  {
    method: 'GET',
    path: '/Patient/$summary',
    interaction: 'summary',
    type: 'Patient',
    action: 'R',
    summary: 'An International Patient Summary, by NHS number.',
    spec: IPS_SUMMARY,
    handle: summaryByIdentifier,
  },
  {
    method: 'GET',
    path: '/_history',
    interaction: 'history-system',
    type: 'System',
    action: 'R',
    summary: 'List the versions of everything in one patient’s record.',
    spec: `${HTTP}#history`,
    handle: recordHistoryHandler(null),
  },
  ...WRITE_ROUTES,
  {
    method: 'POST',
    path: '',
    interaction: 'batch',
    alternative: 'transaction',
    type: 'System',
    action: 'E',
    summary: 'Send a batch, or a transaction on one patient’s record.',
    spec: `${HTTP}#transaction`,
    handle: bundleHandler(() => FHIR_ROUTES),
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
  {
    method: 'POST',
    path: '/$explain-access',
    interaction: 'explain-access',
    type: 'System',
    action: 'E',
    summary: 'Explain what a role, organisation and purpose would see, and by which rules.',
    spec: `${OPERATIONS}/explain-access`,
    handle: explain,
  },
  {
    method: 'POST',
    path: '/AuditEvent/:id/$resolve-alert',
    interaction: 'resolve-alert',
    type: 'AuditEvent',
    action: 'E',
    summary: 'Close or escalate an alert to one’s own organisation, with a reason.',
    spec: `${OPERATIONS}/resolve-alert`,
    handle: resolve,
  },
  readRoute('Bundle', 'Read a generated document again, while it is retained.', readGenerated),
  readRoute('AuditEvent', 'Read one entry of the audit log.', readAudit),
  ...searchRoutes('AuditEvent', 'Search the audit log, newest first.', searchAuditLog),
];

/** Read for every type; search for those that the search table knows. */
function routesOf(type: RecordType): readonly FhirRoute[] {
  const reads = [
    readRoute(type, `Read one ${type}.`, readHandler(type)),
    ...historyRoutes(type),
    ...contentRoutes(type),
  ];
  if (type === 'Patient') {
    return [...reads, ...searchRoutes(type, 'Trace a patient by NHS number.', searchPatient)];
  }
  const words = `Search the ${type} resources of one patient.`;
  return [...reads, ...searchRoutes(type, words, searchHandler(type))];
}

/** Versions of one resource, and of everything of a type in one patient's record. */
function historyRoutes(type: RecordType): readonly FhirRoute[] {
  const route = { method: 'GET', type, action: 'R' } as const;
  return [
    {
      ...route,
      path: `/${type}/:id/_history/:versionId`,
      interaction: 'vread',
      summary: `Read one version of a ${type}.`,
      spec: `${HTTP}#vread`,
      handle: readVersionHandler(type),
    },
    {
      ...route,
      path: `/${type}/:id/_history`,
      interaction: 'history-instance',
      summary: `List the versions of one ${type}.`,
      spec: `${HTTP}#history`,
      handle: instanceHistoryHandler(type),
    },
    {
      ...route,
      path: `/${type}/_history`,
      interaction: 'history-type',
      summary: `List the versions of the ${type} resources of one patient.`,
      spec: `${HTTP}#history`,
      handle: recordHistoryHandler(type),
    },
  ];
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
