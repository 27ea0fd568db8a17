import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BODY_BYTES_MAX, TARGET_BYTES_MAX } from '../../src/domain/limits.ts';
import { startApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let authorization: string;
beforeAll(async () => {
  app = await startApp();
  authorization = await app.authorization({ role: 'gp-system', organization: 'A81001' });
});
afterAll(() => app.close());

async function ask(options: InjectOptions) {
  const headers = { authorization, ...options.headers };
  const answer = await app.server.inject({ ...options, headers });
  const outcome = answer.body === '' ? null : answer.json();
  return { answer, outcome, status: answer.statusCode };
}

function expectOutcome({ answer, outcome }: Awaited<ReturnType<typeof ask>>): void {
  expect(answer.headers['content-type']).toBe('application/fhir+json; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.headers['x-request-id']).toMatch(/./);
  expect(outcome.resourceType).toBe('OperationOutcome');
  expect(outcome.issue[0].severity).toBe('error');
  expect(outcome.issue[0].diagnostics).toMatch(/\.$/);
}

const SUBMIT = '/FHIR/R4/$submit-record';

describe('a path', () => {
  test.each([
    '/',
    '/FHIR/R4/Basic/1',
    '/FHIR/R4/Patient/1/2',
    '/FHIR/R4/Basic',
    '/fhir/r4/metadata',
  ])('that does not exist is 404: %s', async (url) => {
    const asked = await ask({ url });
    expect(asked.status).toBe(404);
    expectOutcome(asked);
  });

  test.each([
    ['DELETE', '/FHIR/R4/Patient/1', 'GET, PUT, PATCH, HEAD'],
    ['DELETE', '/FHIR/R4/AuditEvent/1', 'GET, HEAD'],
    ['POST', '/FHIR/R4/Consent/1', 'GET, PUT, PATCH, DELETE, HEAD'],
    ['PUT', '/FHIR/R4/Consent', 'GET, POST, HEAD'],
    ['GET', '/FHIR/R4', 'POST'],
    ['GET', '/FHIR/R4/?_type=Patient', 'POST'],
    ['GET', '/FHIR/R4/$submit-record', 'POST'],
    ['GET', '/FHIR/R4/Patient/_search', 'POST'],
    ['POST', '/FHIR/R4/metadata', 'GET, HEAD'],
    ['DELETE', '/health/live', 'GET, HEAD'],
  ] as const)(
    'asked by a method it does not have is 405 with Allow: %s %s',
    async (method, url, allow) => {
      const asked = await ask({ method, url });
      expect(asked.status).toBe(405);
      expect(String(asked.answer.headers.allow).split(', ').sort()).toEqual(
        allow.split(', ').sort(),
      );
      expectOutcome(asked);
    },
  );

  test.each(['/FHIR/R4/Patient/%', '/FHIR/R4/Patient/%zz', '/FHIR/R4/Patient/%C3%28', '/%E0%A4%A'])(
    'with a bad percent-encoding is 400: %s',
    async (url) => {
      const asked = await ask({ url });
      expect(asked.status).toBe(400);
      expectOutcome(asked);
    },
  );

  test('of more bytes than the limit is 400, and one of as many as the limit is looked at', async () => {
    const url = '/FHIR/R4/Patient?_id='.padEnd(TARGET_BYTES_MAX + 1, 'x');
    const asked = await ask({ url });
    expect([asked.status, asked.outcome.issue[0].code]).toEqual([400, 'too-long']);
    const within = await ask({ url: url.slice(0, TARGET_BYTES_MAX) });
    expect(within.outcome.issue?.[0].code).not.toBe('too-long');
  });

  test('is answered to HEAD as to GET, without the body', async () => {
    const { answer, status } = await ask({ method: 'HEAD', url: '/FHIR/R4/metadata' });
    const { answer: got } = await ask({ url: '/FHIR/R4/metadata' });
    expect([status, answer.body]).toEqual([200, '']);
    expect(answer.headers['content-length']).toBe(got.headers['content-length']);
  });
});

describe('a body', () => {
  test.each([
    ['text/plain', '{}'],
    ['application/fhir+xml', '<Bundle/>'],
    ['application/x-www-form-urlencoded', 'a=b'],
    ['application/fhir+json; fhirVersion=3.0', '{}'],
    ['application/fhir+json; charset=iso-8859-1', '{}'],
    ['', '{}'],
  ])('of a media type that is not FHIR JSON is 415: %s', async (type, payload) => {
    const asked = await ask({
      method: 'POST',
      url: SUBMIT,
      headers: { 'content-type': type },
      payload,
    });
    expect(asked.status).toBe(415);
    expectOutcome(asked);
  });

  test('that is compressed is 415', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const asked = await ask({ method: 'POST', url: SUBMIT, headers, payload: '{}' });
    expect(asked.status).toBe(415);
  });

  test('of more bytes than the limit is 413', async () => {
    const headers = { 'content-type': 'application/json' };
    const payload = Buffer.alloc(BODY_BYTES_MAX + 1, 0x20);
    const asked = await ask({ method: 'POST', url: SUBMIT, headers, payload });
    expect(asked.status).toBe(413);
    expectOutcome(asked);
  });

  test.each([
    ['no JSON', Buffer.from('{"resourceType": ')],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['empty', Buffer.alloc(0)],
    ['nested too deep', Buffer.from('['.repeat(100_000))],
    ['with an element given twice', Buffer.from('{"a":1,"a":2}')],
  ])('that is %s is 400, and audited', async (_name, payload) => {
    const headers = { 'content-type': 'application/fhir+json' };
    const asked = await ask({ method: 'POST', url: SUBMIT, headers, payload });
    expect(asked.status).toBe(400);
    expectOutcome(asked);
    const { entries } = await app.context.store.searchAudit({ limit: 1 });
    expect([entries[0]?.interaction, entries[0]?.outcome]).toEqual(['submit-record', '4']);
    expect(entries[0]?.requestId).toBe(asked.answer.headers['x-request-id']);
  });

  test('is not even parsed for a caller who may not send it', async () => {
    const clinician = await app.authorization({ role: 'clinician', organization: 'RX1' });
    const headers = { 'content-type': 'application/json', authorization: clinician };
    const asked = await ask({ method: 'POST', url: SUBMIT, headers, payload: '{' });
    expect(asked.status).toBe(403);
  });

  test('of JSON by any of its two names reaches the operation', async () => {
    for (const type of [
      'application/json',
      'application/fhir+json; fhirVersion=4.0; charset=UTF-8',
    ]) {
      const headers = { 'content-type': type };
      const asked = await ask({ method: 'POST', url: SUBMIT, headers, payload: '{}' });
      expect([400, 422]).toContain(asked.status);
      expect(asked.outcome.issue[0].diagnostics).not.toContain('JSON');
    }
  });
});

describe('an answer', () => {
  test('in a format that we do not have is 406, on public paths too', async () => {
    for (const url of ['/FHIR/R4/Patient?_id=1', '/FHIR/R4/metadata']) {
      const asked = await ask({ url, headers: { accept: 'application/fhir+xml' } });
      expect(asked.status).toBe(406);
      expectOutcome(asked);
    }
  });

  test('repeats the request id that the caller gave', async () => {
    const headers = { 'x-request-id': 'trace-42' };
    const { answer } = await ask({ url: '/FHIR/R4/metadata', headers });
    expect(answer.headers['x-request-id']).toBe('trace-42');
  });
});

describe('a search', () => {
  test('with a bad percent-encoding is 400', async () => {
    const asked = await ask({ url: '/FHIR/R4/MedicationStatement?patient=%zz' });
    expect(asked.status).toBe(400);
    expectOutcome(asked);
  });

  test('by form is answered as by query', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const number = 'https://fhir.nhs.uk/Id/nhs-number|9449305552';
    const payload = new URLSearchParams({ identifier: number }).toString();
    const byForm = await ask({ method: 'POST', url: '/FHIR/R4/Patient/_search', headers, payload });
    const byQuery = await ask({ url: `/FHIR/R4/Patient?${payload}` });
    expect([byForm.status, byForm.outcome]).toEqual([200, byQuery.outcome]);
    const { entries } = await app.context.store.searchAudit({ limit: 2 });
    expect(entries[0]?.query).toBe(entries[1]?.query);
  });

  test('by form refuses other bodies with 415', async () => {
    const headers = { 'content-type': 'application/json' };
    const asked = await ask({
      method: 'POST',
      url: '/FHIR/R4/Patient/_search',
      headers,
      payload: '{}',
    });
    expect(asked.status).toBe(415);
  });
});

describe('what is not HTTP', () => {
  test('is refused with an OperationOutcome, and the connection is closed', async () => {
    await app.server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('NOT HTTP AT ALL\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"resourceType":"OperationOutcome"');
  });
});
