import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { BASE_URL } from '../support/context.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

describe('the documentation page', () => {
  test('takes everything from this server, so that it works without another network', async () => {
    const page = await app.server.inject('/docs/');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      expect(link).toMatch(/^\.\/static\//);
      const part = await app.server.inject(link.replace('.', '/docs'));
      expect([link, part.statusCode]).toEqual([link, 200]);
    }
    expect(page.headers['content-security-policy']).not.toMatch(/https?:/);
  });

  test('shows the document that the server serves', async () => {
    const shown = await app.server.inject('/docs/json');
    const served = await app.server.inject('/openapi.json');
    expect(shown.json()).toEqual(served.json());
  });
});

describe('the SMART configuration', () => {
  test('names the issuer and where its keys are', async () => {
    const answer = await app.server.inject('/FHIR/R4/.well-known/smart-configuration');
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    const { issuer, jwks_uri, capabilities } = answer.json();
    expect(issuer).toBe('urn:scr:development:issuer');
    expect(jwks_uri).toBe(new URL('/dev/jwks.json', BASE_URL).href);
    expect(capabilities).toContain('permission-v2');
    const keys = (await app.server.inject('/dev/jwks.json')).json();
    expect(keys.keys).toHaveLength(1);
    expect(keys.keys[0].d).toBeUndefined();
  });
});

describe('an answer of FHIR JSON', () => {
  test('is indented when the caller asks for it, and the same otherwise', async () => {
    const authorization = await app.authorization({ role: 'clinician', organization: 'RX1' });
    const url = '/FHIR/R4/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9990000034';
    const headers = { authorization };
    const plain = await app.server.inject({ url, headers });
    const pretty = await app.server.inject({ url: `${url}&_pretty=true`, headers });
    expect(plain.body).not.toContain('\n');
    expect(pretty.body).toContain('\n  "resourceType"');
    expect(pretty.json().total).toEqual(plain.json().total);
  });
});

test('an operation is found by its escaped name as well', async () => {
  const authorization = await app.authorization({ role: 'gp-system', organization: 'A81001' });
  const headers = { authorization, 'content-type': 'application/json' };
  const ask = (url: string) => app.server.inject({ method: 'POST', url, headers, payload: '{}' });
  const [plain, escaped] = await Promise.all([
    ask('/FHIR/R4/$submit-record'),
    ask('/FHIR/R4/%24submit-record'),
  ]);
  expect([escaped.statusCode, escaped.body]).toEqual([plain.statusCode, plain.body]);
  expect(plain.statusCode).toBe(422);
});
