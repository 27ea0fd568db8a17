import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../src/domain/audit/entry.ts';
import { startApp, type TestApp } from '../support/app.ts';

const PATH = '/FHIR/R4/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9990000034';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

async function ask(authorization?: string) {
  const headers = authorization === undefined ? {} : { authorization };
  return app.server.inject({ url: PATH, headers });
}

async function lastEntry(): Promise<AuditEntry | undefined> {
  const { entries } = await app.context.store.searchAudit({ limit: 1 });
  return entries[0];
}

describe('a request', () => {
  test('without a token is 401 with a bare challenge', async () => {
    const answer = await ask();
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="Summary Care Record"');
    expect(answer.json().issue[0].code).toBe('login');
  });

  test.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer ', 'Bearer a b', 'Token abc'])(
    'with another Authorization header is 401 as an invalid request: %s',
    async (header) => {
      const answer = await ask(header);
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(
        /^Bearer realm=".*", error="invalid_request"$/,
      );
    },
  );

  test('with a token that is none is 401 as an invalid token', async () => {
    const answer = await ask('Bearer not-a-token');
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/error="invalid_token"$/);
  });

  test('with a valid token is answered, whatever the case of the scheme', async () => {
    const good = await app.authorization({ role: 'clinician', organization: 'RX1' });
    for (const header of [good, good.replace('Bearer', 'bEaReR'), good.replace(' ', '   ')]) {
      expect((await ask(header)).statusCode).toBe(200);
    }
  });

  test('with a token of a role that does not exist is 403', async () => {
    const answer = await ask(
      await app.authorization({ role: 'wizard' as never, scope: 'user/*.rs', organization: 'RX1' }),
    );
    expect(answer.statusCode).toBe(403);
    expect(answer.json().resourceType).toBe('OperationOutcome');
  });

  test('with a token that has expired is 401', async () => {
    const token = await app.authorization({
      role: 'clinician',
      organization: 'RX1',
      lifetimeHours: -1,
    });
    const answer = await ask(token);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/error="invalid_token"$/);
  });
});

describe('the audit log', () => {
  test.each([undefined, 'Basic dXNlcjpwYXNz', 'Bearer not-a-token'])(
    'holds a failed authentication, without an agent: %s',
    async (header) => {
      const answer = await ask(header);
      const entry = await lastEntry();
      expect(entry?.requestId).toBe(answer.headers['x-request-id']);
      expect([entry?.agent, entry?.outcome]).toEqual([null, '4']);
      expect(JSON.stringify(entry)).not.toContain('not-a-token');
    },
  );

  test('holds the refusal of an authenticated caller, with who it was', async () => {
    const authorization = await app.authorization({ role: 'auditor', organization: 'RX1' });
    const answer = await ask(authorization);
    expect(answer.statusCode).toBe(403);
    const entry = await lastEntry();
    expect(entry?.requestId).toBe(answer.headers['x-request-id']);
    expect([entry?.agent?.role, entry?.outcome]).toEqual(['auditor', '4']);
  });
});
