import type { FhirRoute } from '../../src/http/route.ts';
import { FHIR_ROUTES } from '../../src/http/route-table.ts';
import { ODS } from '../support/bundles.ts';
import type { Asked } from '../support/play-worlds.ts';
import { ORGANIZATIONS } from '../support/worlds.ts';
import type { Knowledge } from './knowledge.ts';
import { searchParameters } from './probe-searches.ts';

/** A request as generated: which route, and a number for every choice that is made about it. */
export interface Probe {
  readonly route: number;
  readonly choices: readonly number[];
}

/** Makes choices by the numbers of a probe, so that a request is the same whenever it is made. */
export class Chooser {
  readonly #choices: readonly number[];
  #next = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  number(below: number): number {
    const choice = this.#choices[this.#next % this.#choices.length] ?? 0;
    // Each round through the numbers reads them in another way.
    const round = Math.floor(this.#next++ / this.#choices.length);
    return (choice + round * 7919) % below;
  }

  /** True once in so many times. */
  once(inTimes: number): boolean {
    return this.number(inTimes) === 0;
  }

  from<T>(list: readonly T[], otherwise: T): T {
    return list.length === 0 ? otherwise : (list[this.number(list.length)] ?? otherwise);
  }
}

/** Makes a request to a route. */
type Generator = (route: FhirRoute, chooser: Chooser, known: Knowledge) => Asked;

/** Interactions that change something; what they answer to a reader is proved elsewhere. */
export const WRITES: ReadonlySet<string> = new Set([
  'create',
  'update',
  'patch',
  'delete',
  'transaction',
  'submit-record',
  'claim-relationship',
]);

/** How the read routes are asked, by interaction. */
export const GENERATORS: Readonly<Record<string, Generator>> = {
  read: (route, chooser, known) =>
    get(chooser, known, `${route.type}/${idFor(route, chooser, known)}`),
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
  'resolve-alert': (_route, chooser, known) =>
    parameters(`AuditEvent/${idFor({ type: 'AuditEvent' }, chooser, known)}/$resolve-alert`, [
      { name: 'action', valueCode: chooser.from(['close', 'escalate'], 'close') },
      { name: 'reason', valueString: 'Looked into' },
    ]),
};

function parameters(url: string, parameter: readonly object[]): Asked {
  const payload = JSON.stringify({ resourceType: 'Parameters', parameter });
  return { method: 'POST', url, payload };
}

/** The routes that answer questions. */
export const READ_ROUTES: readonly FhirRoute[] = FHIR_ROUTES.filter(
  ({ interaction }) => !WRITES.has(interaction),
);

/** The request that a probe stands for, by what an adversary could know of either world. */
export function requestOf(probe: Probe, known: Knowledge): Asked {
  const route = READ_ROUTES[probe.route % READ_ROUTES.length] as FhirRoute;
  const generate = GENERATORS[route.interaction];
  if (generate === undefined) throw new Error(`no generator asks ${route.method} ${route.path}`);
  return generate(route, new Chooser(probe.choices), known);
}

/** An id: mostly of something of this type that is in one of the worlds, visible or hidden. */
export function idFor(route: Pick<FhirRoute, 'type'>, chooser: Chooser, known: Knowledge): string {
  switch (chooser.number(12)) {
    case 0:
      return chooser.from(known.allIds, 'none');
    case 1:
      return chooser.from(ODD_IDS, 'none');
    case 2:
      return patientId(chooser, known);
    default:
      return chooser.from(known.idsOf(route.type), chooser.from(known.allIds, 'none'));
  }
}

const ODD_IDS = [
  'none',
  '0',
  '%00',
  '%2f',
  '..',
  'a'.repeat(64),
  'a'.repeat(65),
  '$everything',
  '_history',
  '019cb000-0000-7000-9000-000000000001',
];

export function patientId(chooser: Chooser, known: Knowledge): string {
  return chooser.once(12)
    ? chooser.from(ODD_IDS, 'none')
    : chooser.from([known.patientIds[0] ?? '', ...known.patientIds], '');
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

/** Cursors that name a version or an entry, hidden ones too. */
export function cursor(chooser: Chooser, known: Knowledge): string {
  const versions = [...known.versions.values()].flat();
  const entries = known.references;
  return chooser.from([...versions, ...entries, 'none', ''], 'none');
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
