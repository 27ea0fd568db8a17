import type { FhirRoute } from '../../src/http/route.ts';
import { FHIR_ROUTES } from '../../src/http/route-table.ts';
import { ODS } from '../support/bundles.ts';
import type { Asked } from '../support/play-worlds.ts';
import { ORGANIZATIONS } from '../support/worlds.ts';
import { Chooser, cursor, idFor, patientId } from './chooser.ts';
import type { Knowledge } from './knowledge.ts';
import { searchParameters } from './probe-searches.ts';
import { createOf, patchOf, removalOf, resourceFor, updateOf } from './probe-writes.ts';

/** A request as generated: which route, and a number for every choice that is made about it. */
export interface Probe {
  readonly route: number;
  readonly choices: readonly number[];
}

/** Makes a request to a route. */
export type Generator = (route: FhirRoute, chooser: Chooser, known: Knowledge) => Asked;

/**
 * Interactions of systems that submit: what they are told of a dissent is the contract's choice.
 */
export const SUBMISSIONS: ReadonlySet<string> = new Set(['transaction', 'submit-record']);

/** Interactions that change something; those who submit for an organisation are not asked them. */
export const CHANGES: ReadonlySet<string> = new Set([
  ...['create', 'update', 'patch', 'delete'],
  'claim-relationship',
]);

/** How routes are asked, by interaction. */
export const GENERATORS: Readonly<Record<string, Generator>> = {
  read: (route, chooser, known) => {
    if (route.type === 'Bundle') return get(chooser, known, `Bundle/${document(chooser, known)}`);
    return get(chooser, known, `${route.type}/${idFor(route, chooser, known)}`);
  },
  vread: (route, chooser, known) => {
    const id = idFor(route, chooser, known);
    const version = chooser.once(4)
      ? chooser.from([...known.versions.values()].flat(), '0')
      : chooser.from(known.versions.get(id) ?? [], 'none');
    return get(chooser, known, `${route.type}/${id}/_history/${version}`);
  },
  'history-instance': (route, chooser, known) => {
    const query = historyQuery(chooser, known);
    return get(chooser, known, `${route.type}/${idFor(route, chooser, known)}/_history?${query}`);
  },
  'history-type': (route, chooser, known) =>
    get(chooser, known, `${route.type}/_history?${ofPatient(chooser, known)}`),
  'history-system': (_route, chooser, known) =>
    get(chooser, known, `_history?${ofPatient(chooser, known)}`),
  'search-type': (route, chooser, known) => {
    const parameters = searchParameters(route.type, chooser, known);
    const query = new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString();
    if (route.method === 'GET') return get(chooser, known, `${route.type}?${query}`);
    return form(chooser, `${route.type}/_search`, query);
  },
  everything: (_route, chooser, known) => {
    const query = new URLSearchParams();
    if (chooser.once(2)) query.set('_count', String(1 + chooser.number(3)));
    if (chooser.once(3)) query.set('_type', chooser.from(known.types, 'Patient'));
    if (chooser.once(4)) query.set('_since', chooser.from(known.instants, '2026'));
    if (chooser.once(6)) query.set('start', '2025-06-01');
    if (chooser.once(6)) query.set('end', '2025-12-01');
    if (chooser.once(4)) query.set('_cursor', cursor(chooser, known));
    return get(chooser, known, `Patient/${patientId(chooser, known)}/$everything?${query}`);
  },
  summary: (route, chooser, known) => {
    if (route.path.includes(':id')) {
      return get(chooser, known, `Patient/${patientId(chooser, known)}/$summary`);
    }
    const token = `https://fhir.nhs.uk/Id/nhs-number|${chooser.from(known.nhsNumbers, '1')}`;
    return get(chooser, known, `Patient/$summary?identifier=${encodeURIComponent(token)}`);
  },
  'explain-access': (_route, chooser, known) => {
    const organization = { system: ODS, value: chooser.from(ORGANIZATIONS, 'RX1') };
    return parameters('$explain-access', [
      { name: 'patient', valueReference: { reference: `Patient/${patientId(chooser, known)}` } },
      { name: 'role', valueCode: chooser.from(['clinician', 'patient', 'care-system'], '') },
      { name: 'organization', valueIdentifier: organization },
      { name: 'purpose', valueCode: chooser.from(['TREAT', 'ETREAT', 'HLEGAL'], '') },
      { name: 'relationship', valueBoolean: chooser.once(2) },
    ]);
  },
  'claim-relationship': (_route, chooser, known) =>
    parameters('$claim-relationship', [
      { name: 'nhsNumber', valueString: chooser.from(known.nhsNumbers, '1') },
      { name: 'reason', valueCode: chooser.from(['care-episode', 'emergency', 'legal'], '') },
      ...(chooser.once(2) ? [{ name: 'note', valueString: 'In the ambulance' }] : []),
    ]),
  'resolve-alert': (_route, chooser, known) =>
    parameters(`AuditEvent/${idFor({ type: 'AuditEvent' }, chooser, known)}/$resolve-alert`, [
      { name: 'action', valueCode: chooser.from(['close', 'escalate'], 'close') },
      { name: 'reason', valueString: 'Looked into' },
    ]),
  meta: (route, chooser, known) =>
    get(chooser, known, `${route.type}/${idFor(route, chooser, known)}/$meta`),
  validate: validationOf,
  batch: (_route, chooser, known) => batch(chooser, known),
  create: createOf,
  update: updateOf,
  patch: patchOf,
  delete: removalOf,
};

/** Of what is sent, or of what is stored or is to take its place, in each mode. */
function validationOf(route: FhirRoute, chooser: Chooser, known: Knowledge): Asked {
  const reference = chooser.from(known.references, 'Patient/none');
  const subject = { reference: `Patient/${patientId(chooser, known)}` };
  if (!route.path.includes(':id')) {
    const resource = { resourceType: route.type, subject, partOf: [{ reference }] };
    return parameters(`${route.type}/$validate`, [{ name: 'resource', resource }]);
  }
  const id = idFor(route, chooser, known);
  const mode = chooser.from(['', 'mode=update', 'mode=delete', 'mode=create'], '');
  const url = `${route.type}/${id}/$validate?${mode}`;
  if (route.method === 'GET') return get(chooser, known, url);
  const resource = { ...resourceFor(route, chooser, known), id };
  return parameters(url, chooser.once(3) ? [] : [{ name: 'resource', resource }]);
}

/** Mostly a document of one's own; or what others did, which may have been generating one. */
function document(chooser: Chooser, known: Knowledge): string {
  const own = chooser.once(4) ? undefined : known.documents.at(-1 - chooser.number(2));
  return own ?? idFor({ type: 'AuditEvent' }, chooser, known);
}

/** Several reads at once, which must be answered as they are one by one. */
function batch(chooser: Chooser, known: Knowledge): Asked {
  const entry = Array.from({ length: 1 + chooser.number(3) }, () => {
    const route = chooser.from(SINGLE_READS, SINGLE_READS[0] as FhirRoute);
    const { url, headers } = (GENERATORS[route.interaction] as Generator)(route, chooser, known);
    const ifNoneMatch = headers?.['if-none-match'];
    return { request: { method: 'GET', url, ...(ifNoneMatch ? { ifNoneMatch } : {}) } };
  });
  const payload = JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry });
  return { method: 'POST', url: '', payload };
}

function parameters(url: string, parameter: readonly object[]): Asked {
  const payload = JSON.stringify({ resourceType: 'Parameters', parameter });
  return { method: 'POST', url, payload };
}

/** The routes that are asked. */
const ASKED_ROUTES: readonly FhirRoute[] = FHIR_ROUTES.filter(
  ({ interaction }) => !SUBMISSIONS.has(interaction),
);
/** Routes that read are asked more often than those that change something. */
const ROUTES: readonly FhirRoute[] = [
  ...ASKED_ROUTES,
  ...ASKED_ROUTES.filter(({ interaction }) => !CHANGES.has(interaction)),
  // Of some hundred routes these are few, and one leads to the other.
  ...times(
    5,
    ASKED_ROUTES.filter(({ interaction }) => interaction === 'summary'),
  ),
  ...times(
    10,
    ASKED_ROUTES.filter(({ type }) => type === 'Bundle'),
  ),
];
function times<T>(count: number, list: readonly T[]): readonly T[] {
  return Array.from({ length: count }, () => list).flat();
}
const SINGLE_READS = ASKED_ROUTES.filter(
  ({ method, interaction }) => method === 'GET' && interaction !== 'batch',
);

/** The request that a probe stands for, by what an adversary could know of either world. */
export function requestOf(
  probe: Probe,
  known: Knowledge,
): { readonly route: FhirRoute; readonly request: Asked } {
  const route = ROUTES[probe.route % ROUTES.length] as FhirRoute;
  const generate = GENERATORS[route.interaction];
  if (generate === undefined) throw new Error(`no generator asks ${route.method} ${route.path}`);
  return { route, request: generate(route, new Chooser(probe.choices), known) };
}

function ofPatient(chooser: Chooser, known: Knowledge): string {
  const query = new URLSearchParams(historyQuery(chooser, known));
  if (chooser.once(4)) {
    query.set('patient.identifier', chooser.from(known.nhsNumbers, '1'));
  } else {
    query.set('patient', patientId(chooser, known));
  }
  return query.toString();
}

function historyQuery(chooser: Chooser, known: Knowledge): string {
  const query = new URLSearchParams();
  if (chooser.once(2)) query.set('_count', String(chooser.number(4)));
  if (chooser.once(3)) query.set('_since', chooser.from(known.instants, '2026'));
  if (chooser.once(3)) query.set('_cursor', cursor(chooser, known));
  if (chooser.once(9)) query.set('_at', '2026');
  return query.toString();
}

function get(chooser: Chooser, known: Knowledge, url: string): Asked {
  const method = chooser.once(8) ? 'HEAD' : 'GET';
  return { method, url, headers: headersFor(chooser, known) };
}

function form(chooser: Chooser, url: string, payload: string): Asked {
  const headers = {
    ...(chooser.once(4) ? { prefer: 'handling=strict' } : {}),
    'content-type': 'application/x-www-form-urlencoded',
  };
  return { method: 'POST', url, headers, payload };
}

function headersFor(chooser: Chooser, known: Knowledge): Record<string, string> {
  const etag = `W/"${chooser.from([...known.versions.values()].flat(), '0')}"`;
  switch (chooser.number(10)) {
    case 0:
      return { 'if-none-match': etag };
    case 1:
      return { 'if-modified-since': new Date(chooser.from(known.instants, '2026')).toUTCString() };
    case 2:
      return { prefer: 'handling=strict' };
    case 3:
      return { prefer: 'handling=lenient', accept: 'application/json' };
    case 4:
      return { 'if-none-match': '*', 'cache-control': 'no-cache' };
    default:
      return {};
  }
}
