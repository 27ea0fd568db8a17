import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';

const ORIGIN = 'https://viewer.example';
const PREFLIGHT = {
  method: 'OPTIONS',
  url: '/FHIR/R4/Patient',
  headers: {
    origin: ORIGIN,
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization',
  },
} as const;

describe('a browser', () => {
  let open: TestApp;
  let closed: TestApp;
  beforeAll(async () => {
    open = await startApp({ config: { corsOrigins: [ORIGIN] } });
    closed = await startApp();
  });
  afterAll(() => Promise.all([open.close(), closed.close()]));

  it('may call from a configured origin and from no other', async () => {
    const allowed = await open.server.inject(PREFLIGHT);
    expect(allowed.statusCode).toBe(204);
    expect(allowed.headers['access-control-allow-origin']).toBe(ORIGIN);
    const headers = { ...PREFLIGHT.headers, origin: 'https://elsewhere.example' };
    const other = await open.server.inject({ ...PREFLIGHT, headers });
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    const answer = await open.server.inject({
      url: '/FHIR/R4/metadata',
      headers: { origin: ORIGIN },
    });
    expect(answer.headers['access-control-allow-origin']).toBe(ORIGIN);
    expect(answer.json().rest[0].security.cors).toBe(true);
  });

  it('may call from nowhere unless that is configured', async () => {
    const refused = await closed.server.inject(PREFLIGHT);
    expect(refused.statusCode).toBe(405);
    expect(refused.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('gets long answers compressed when it takes them so, and plain otherwise', async () => {
    const url = '/FHIR/R4/metadata';
    const plain = await closed.server.inject(url);
    const packed = await closed.server.inject({ url, headers: { 'accept-encoding': 'gzip' } });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body);
    const short = await closed.server.inject({
      url: '/health/live',
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(short.headers['content-encoding']).toBeUndefined();
  });
});
