import fc from 'fast-check';
import { SEARCHES } from '../../src/domain/search/search-table.ts';
import { bodyOf, type FhirRoute } from '../../src/http/route.ts';
import { FHIR_ROUTES } from '../../src/http/route-table.ts';
import type { Samples } from '../support/claimed-samples.ts';

/** A request as a client might send it, in good faith or not. */
export interface OddRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  /** Path and query behind the base. */
  readonly url: string;
  /** Whose token it carries, unless the headers say otherwise. */
  readonly caller: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | null;
}

/** What must not be taken for anything else, wherever it stands. */
const ODD = [
  '',
  '0',
  '-1',
  '1e999',
  '99999999999999999999',
  'null',
  'a'.repeat(65),
  'é',
  '\u{1F48A}',
  '%',
  '*',
  '$',
  '|',
  '||',
  ',',
  '\\',
  '..',
  '__proto__',
  'constructor',
  "'; drop table x",
  '2026-02-31',
  '2026-13',
  'ap2026',
  'gt',
  '1|2|3',
  '1$2$3',
  'Patient/',
  'Patient/x/_history/',
  'http://other.example/Patient/1',
  'urn:uuid:x',
  '#',
];

const odd = fc.oneof(fc.constantFrom(...ODD), fc.string({ maxLength: 12, unit: 'binary' }));

const NAMES = [
  ...new Set(
    Object.values(SEARCHES).flatMap(({ parameters }) => parameters.map(({ name }) => name)),
  ),
];
const SHAPING = [
  '_count',
  '_sort',
  '_include',
  '_revinclude',
  '_elements',
  '_summary',
  '_total',
  '_format',
  '_pretty',
  '_since',
  '_at',
  '_cursor',
  '_type',
  '_text',
  '_content',
  '_filter',
  '_has:Observation:patient:code',
  '_contained',
  '_containedType',
  '_list',
  'start',
  'end',
  'identifier',
  'patient',
  'patient.identifier',
  'subject:Patient.name',
];
const MODIFIERS = [
  '',
  '',
  '',
  ':exact',
  ':contains',
  ':missing',
  ':not',
  ':text',
  ':in',
  ':of-type',
  ':identifier',
  ':Patient',
  ':iterate',
  ':',
  '::',
  ':constructor',
];

const parameter = fc.tuple(
  fc.oneof(fc.constantFrom(...NAMES), fc.constantFrom(...SHAPING), odd),
  fc.constantFrom(...MODIFIERS),
  fc.nat(),
  odd,
);

const HEADERS: Readonly<Record<string, readonly string[]>> = {
  accept: [
    '*/*',
    'application/fhir+xml',
    'application/fhir+json; fhirVersion=3.0',
    'x',
    ';;',
    'text/html,*/*;q=0',
  ],
  prefer: [
    'return=minimal',
    'return=',
    'handling=strict',
    'handling=strict, return=OperationOutcome',
    ',;=',
  ],
  'if-match': ['W/"1"', '*', '"', 'W/"', ''],
  'if-none-match': ['*', 'W/"1", "2"', '"'],
  'if-modified-since': ['yesterday', 'Sun, 06 Nov 1994 08:49:37 GMT', '-1'],
  'if-none-exist': ['identifier=x', '?', '%', '_id=1&_id=2', 'patient.name=x'],
  'x-request-id': ['x', 'é', 'a'.repeat(300), ''],
  'accept-encoding': ['gzip', 'br;q=1', 'nonsense'],
  'content-type': [
    'application/json',
    'text/plain',
    'application/fhir+json; charset=utf-16',
    'application/x-www-form-urlencoded',
    ';',
    '',
  ],
  authorization: ['', 'Bearer', 'Bearer x.y.z', 'Basic eDp5'],
};
const header = fc
  .constantFrom(...Object.keys(HEADERS))
  .chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...(HEADERS[name] ?? []))));

const WITH_BODY = FHIR_ROUTES.filter((route) => bodyOf(route) !== 'none');

/** How a body is spoiled: where it is cut, or which of its values becomes another. */
const spoiling = fc.record({
  way: fc.constantFrom('none', 'none', 'cut', 'replace', 'replace', 'remove', 'text', 'deep'),
  at: fc.nat(),
  value: fc.oneof(odd, fc.constantFrom(null, 0, -1, 1e21, true, [], {}, [[]], [null])),
});
type Spoiling = typeof spoiling extends fc.Arbitrary<infer T> ? T : never;

/** Requests to every route and beside them, by what is in the samples. */
export function oddRequests(samples: Samples, callers: number): fc.Arbitrary<OddRequest> {
  return fc
    .record({
      route: fc.constantFrom(...FHIR_ROUTES, ...WITH_BODY, ...WITH_BODY),
      method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
      usual: fc.nat(9),
      ids: fc.array(fc.option(odd, { freq: 2 }), { minLength: 2, maxLength: 2 }),
      parameters: fc.array(parameter, { maxLength: 4 }),
      headers: fc.array(header, { maxLength: 3 }),
      caller: fc.nat(callers - 1),
      spoiling,
    })
    .map(({ route, method, usual, ids, parameters, headers, caller, spoiling: spoilt }) => ({
      method: (usual > 0 ? route.method : method) as OddRequest['method'],
      url: urlOf(route, samples, ids, parameters),
      caller,
      headers: {
        ...(bodyOf(route) === 'none' ? {} : { 'content-type': mediaTypeOf(route) }),
        ...Object.fromEntries(headers),
      },
      payload: bodyOf(route) === 'none' ? null : payloadOf(route, samples, spoilt),
    }));
}

function urlOf(
  route: FhirRoute,
  samples: Samples,
  [id = null, version = null]: readonly (string | null)[],
  parameters: readonly (readonly [string, string, number, string])[],
): string {
  const path = route.path
    .replace(':id', encoded(id ?? samples.idOf(route.type)))
    .replace(':versionId', encoded(version ?? '1'));
  const query = parameters.map(([name, modifier, pick, value]) => {
    const own = pick % 3 === 0 ? samples.patient : value;
    return `${encoded(name)}${modifier}=${pick % 5 === 0 ? raw(value) : encoded(own)}`;
  });
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** As browsers would; half a surrogate pair, which they cannot, as what stands for it. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** What HTTP lets stand as it is: visible ASCII. */
function raw(text: string): string {
  return text.replaceAll(/[^\x21\x24-\x7e]/g, '');
}

function mediaTypeOf(route: FhirRoute): string {
  if (bodyOf(route) === 'form') return 'application/x-www-form-urlencoded';
  return bodyOf(route) === 'patch' ? 'application/json-patch+json' : 'application/fhir+json';
}

function payloadOf(route: FhirRoute, samples: Samples, spoilt: Spoiling): string {
  if (bodyOf(route) === 'form') return `patient=${samples.patient}&${String(spoilt.value)}`;
  const text = JSON.stringify(sensible(route, samples));
  switch (spoilt.way) {
    case 'cut':
      return text.slice(0, spoilt.at % text.length);
    case 'text':
      return String(spoilt.value);
    case 'deep':
      return '['.repeat(spoilt.at % 20_000);
    case 'none':
      return text;
    default:
      return respelt(text, spoilt);
  }
}

/** The same JSON with one value of it replaced or left out. */
function respelt(text: string, { way, at, value }: Spoiling): string {
  let left = at % (text.match(/[:,[]/g)?.length ?? 1);
  return (
    JSON.stringify(JSON.parse(text), (_, each) => {
      left -= 1;
      if (left !== 0) return each;
      return way === 'remove' ? undefined : value;
    }) ?? ''
  );
}

function sensible(route: FhirRoute, samples: Samples): object {
  if (bodyOf(route) === 'patch') return [{ op: 'add', path: '/language', value: 'en' }];
  const parameters = (parameter: readonly object[]) => ({ resourceType: 'Parameters', parameter });
  switch (route.interaction) {
    case 'batch':
      return {
        resourceType: 'Bundle',
        type: samples.patient.charCodeAt(0) % 2 === 0 ? 'batch' : 'transaction',
        entry: [
          { request: { method: 'GET', url: `Patient/${samples.patient}`, ifNoneMatch: 'x' } },
          {
            fullUrl: 'urn:uuid:6b6f8c5e-52a5-4a3b-9d20-4f0f6c1d7e11',
            resource: samples.fresh('Condition').body,
            request: { method: 'POST', url: 'Condition', ifNoneExist: 'identifier=x|y' },
          },
        ],
      };
    case 'submit-record':
      return parameters([{ name: 'record', resource: samples.record }]);
    case 'claim-relationship':
      return parameters([
        { name: 'nhsNumber', valueString: samples.nhsNumber },
        { name: 'reason', valueCode: 'emergency' },
        { name: 'note', valueString: 'x' },
      ]);
    case 'explain-access':
      return parameters([
        { name: 'patient', valueReference: { reference: `Patient/${samples.patient}` } },
        { name: 'role', valueCode: 'clinician' },
        { name: 'organization', valueString: 'RX1' },
        { name: 'relationship', valueBoolean: true },
      ]);
    case 'resolve-alert':
      return parameters([
        { name: 'action', valueCode: 'escalate' },
        { name: 'reason', valueString: 'x' },
      ]);
    default:
      return { ...samples.fresh(route.type).body, id: samples.idOf(route.type) };
  }
}
