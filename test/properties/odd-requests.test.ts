import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores, type StartServer } from '../support/both-stores.ts';
import { claimedSamples, type Samples } from '../support/claimed-samples.ts';
import { type OddRequest, oddRequests } from './odd-requests.ts';

/** `npm run test:deep` tries many more. */
const DEEP = process.env.SCR_TEST_DEEP === '1';
const RUNS = DEEP ? 4_000 : 400;
/** Each on an empty store: where the log is searched by reading all of it, it must stay short. */
const ROUNDS = DEEP ? 5 : 1;
const LIMIT_MS = DEEP ? 3_600_000 : 120_000;

for (let round = 1; round <= ROUNDS; round++) {
  describeOnBothStores(`whatever a client sends (${round})`, answersWhateverIsSent);
}

function answersWhateverIsSent(start: StartServer): void {
  let app: TestApp;
  let samples: Samples;
  let authorizations: readonly string[];

  beforeAll(async () => {
    app = await start();
    samples = await claimedSamples(app);
    const { nhsNumber, patient } = samples;
    authorizations = await Promise.all([
      app.authorization({ role: 'gp-system', organization: 'A81001' }),
      app.authorization({ role: 'gp-system', organization: 'A81001' }),
      app.authorization({ role: 'care-system', organization: 'RY601' }),
      app.authorization({ role: 'practice-staff', organization: 'A81001' }),
      app.authorization({ role: 'clinician', organization: 'RX1', purpose: 'TREAT', patient }),
      app.authorization({ role: 'privacy-officer', organization: 'RX1' }),
      app.authorization({ role: 'auditor', organization: 'X26' }),
      app.authorization({ role: 'patient', nhsNumber }),
    ]);
  });
  afterAll(() => app.close());

  const ask = ({ method, url, caller, headers, payload }: OddRequest) =>
    app.server.inject({
      method,
      url: `/FHIR/R4${url}`,
      headers: { authorization: authorizations[caller] ?? '', ...headers },
      ...(payload === null ? {} : { payload }),
    });

  it(
    'is answered without a fault of the server, and refused with an OperationOutcome',
    async () => {
      const seen = new Map<number, number>();
      await fc.assert(
        fc.asyncProperty(oddRequests(samples, authorizations.length), async (request) => {
          const { statusCode, headers, body } = await ask(request);
          seen.set(statusCode, (seen.get(statusCode) ?? 0) + 1);
          expect({
            statusCode,
            fault: statusCode >= 500,
            body: statusCode >= 500 ? body : '',
          }).toEqual({ statusCode, fault: false, body: '' });
          if (statusCode < 400 || request.method === 'HEAD') return;
          expect(headers['content-type']).toBe('application/fhir+json; charset=utf-8');
          const { resourceType, issue } = JSON.parse(body);
          expect(resourceType).toBe('OperationOutcome');
          expect(issue.length).toBeGreaterThan(0);
          for (const each of issue) expect(each.diagnostics).toMatch(/\S/);
        }),
        { numRuns: RUNS },
      );
      // Requests that are all refused at the gate would prove little.
      for (const status of [200, 400, 401, 403, 404, 422]) {
        expect([status, seen.has(status)]).toEqual([status, true]);
      }
    },
    LIMIT_MS,
  );
}
