import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ready } from '../../src/http/health.ts';
import { type Store, StoreUnavailable } from '../../src/ports/store.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { aBundle, anAllergy, aPatient } from '../support/bundles.ts';
import { type Client, clientOf, patientIn, submissionOf } from '../support/requests.ts';

const SECRET = 'Ada Example 9990000018';

/** How the store fails, while it does. */
let failure: Error | null = null;

function failing(store: Store): Store {
  const refuse = async (): Promise<void> => {
    if (failure !== null) throw failure;
  };
  return {
    ...store,
    appendAudit: async (entries) => {
      await refuse();
      await store.appendAudit(entries);
    },
    ping: async () => {
      await refuse();
      await store.ping();
    },
  };
}

async function whileFailing<T>(error: Error, work: () => Promise<T>): Promise<T> {
  failure = error;
  try {
    return await work();
  } finally {
    failure = null;
  }
}

let app: TestApp;
let practice: Client;
let path: string;
beforeAll(async () => {
  app = await startApp({ store: failing });
  practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
  const record = aBundle([aPatient('9990000018', 'A81001'), anAllergy('1')]);
  const taken = await practice.post('$submit-record', submissionOf(record));
  expect(taken.statusCode).toBe(200);
  path = `AllergyIntolerance?patient=${patientIn(taken)}`;
});
afterAll(() => app.close());

describe('while the audit log cannot be written', () => {
  const unavailable = new StoreUnavailable(new Error(SECRET));

  test('nothing is disclosed: 503 with Retry-After, where there was an answer before', async () => {
    const before = await practice.get(path);
    expect([before.statusCode, before.body.includes('penicillin')]).toEqual([200, true]);
    const during = await whileFailing(unavailable, () => practice.get(path));
    expect(during.statusCode).toBe(503);
    expect(Number(during.headers['retry-after'])).toBeGreaterThan(0);
    expect(during.json().issue).toHaveLength(1);
    expect(during.json().issue[0].code).toBe('transient');
    expect(during.body).not.toMatch(/penicillin|9990000018/);
    expect(during.headers.etag).toBeUndefined();
    expect((await practice.get(path)).body).toContain('penicillin');
  });

  test('a refusal and a failed authentication are 503 too', async () => {
    const auditor = await clientOf(app, { role: 'auditor', organization: 'RX1' });
    const refused = await whileFailing(unavailable, () => auditor.get(path));
    const stranger = await whileFailing(unavailable, () => app.server.inject(`/FHIR/R4/${path}`));
    expect([refused.statusCode, stranger.statusCode]).toEqual([503, 503]);
    expect(stranger.headers['www-authenticate']).toBeUndefined();
  });

  test('the server is alive but not ready', async () => {
    const [live, ready] = await whileFailing(unavailable, () =>
      Promise.all([app.server.inject('/health/live'), app.server.inject('/health/ready')]),
    );
    expect([live?.statusCode, ready?.statusCode]).toEqual([200, 503]);
    expect((await app.server.inject('/health/ready')).statusCode).toBe(200);
  });
});

test('a store that never answers makes the server not ready', async () => {
  const server = fastify();
  server.get('/', ready({ ping: () => new Promise(() => {}) }, 1));
  const answer = await server.inject('/');
  expect([answer.statusCode, answer.json().resourceType]).toEqual([503, 'OperationOutcome']);
  await server.close();
});

test('a bug is a 500 that says nothing but the request id, in the log too', async () => {
  const answer = await whileFailing(new Error(SECRET), () => practice.get(path));
  expect(answer.statusCode).toBe(500);
  expect(answer.json().issue[0]).toMatchObject({ severity: 'fatal', code: 'exception' });
  expect(answer.body).toContain(String(answer.headers['x-request-id']));
  expect(answer.body).not.toMatch(/Ada|9990000018|penicillin/);
  expect(app.logged()).toContain('unexpected error');
  expect(app.logged()).toContain('store-failure.test.ts');
  expect(app.logged()).not.toMatch(/Ada|9990000018/);
});
