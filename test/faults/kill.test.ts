import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { aBundle, anAllergy, aPatient, aStatement } from '../support/bundles.ts';
import { openMongoFixture } from '../support/mongodb.ts';
import { nhsNumbers } from '../support/nhs-numbers.ts';
import { submissionOf } from '../support/requests.ts';
import { type ServerProcess, serverProcess } from '../support/server-process.ts';

/** How much is acknowledged before the process is killed in the middle of the rest. */
const ACKNOWLEDGED_BEFORE_KILL = 40;
const CLIENTS = 8;
const PATIENTS = nhsNumbers(400);
const mongodb = inject('mongodbUrl');

describe('a server that is killed under load', () => {
  const cleanUp: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const clean of cleanUp.splice(0).reverse()) await clean();
  });

  const start = async (environment: Record<string, string>): Promise<ServerProcess> => {
    const server = await serverProcess(environment);
    cleanUp.push(() => server.remove());
    await server.start();
    return server;
  };

  it('has every acknowledged submission, whole, and an audit entry for every answer', async () => {
    await killUnderLoad(await start({}));
  }, 120_000);

  // Skipped only where no MongoDB-protocol server can be had; the global setup says so loudly.
  it.skipIf(mongodb === null)(
    'has them on MongoDB too',
    async () => {
      const fixture = await openMongoFixture();
      cleanUp.push(() => fixture.dispose());
      await killUnderLoad(await start({ SCR_STORE: fixture.url }));
    },
    240_000,
  );
});

interface Acknowledged {
  readonly patient: string;
  /** X-Request-IDs of the submission and of the read that followed it. */
  readonly requests: string[];
}

async function killUnderLoad(server: ServerProcess): Promise<void> {
  const practice = await server.authorization({ role: 'gp-system', organization: 'A81001' });
  const acknowledged: Acknowledged[] = [];
  const waiting = [...PATIENTS];
  let killed: Promise<unknown> | null = null;
  const client = async (): Promise<void> => {
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (!(await submitAndRead(server, practice, number, acknowledged))) return;
      if (acknowledged.length >= ACKNOWLEDGED_BEFORE_KILL) killed ??= server.stop('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  expect(acknowledged.length).toBeGreaterThanOrEqual(ACKNOWLEDGED_BEFORE_KILL);
  expect(waiting.length).toBeGreaterThan(0);
  await killed;
  await server.start();
  const auditor = await server.authorization({ role: 'auditor', organization: 'X26' });
  for (const each of acknowledged) {
    const found = await ask(server, practice, `MedicationStatement?patient=${each.patient}`);
    expect(await found.json()).toMatchObject({ total: 2 });
    const log = await ask(server, auditor, `AuditEvent?patient=${each.patient}`);
    const text = await log.text();
    for (const request of each.requests) expect(text).toContain(request);
  }
}

/** Whether the server answered; what it answered is noted as acknowledged. */
async function submitAndRead(
  server: ServerProcess,
  authorization: string,
  nhsNumber: string,
  acknowledged: Acknowledged[],
): Promise<boolean> {
  const resources = [
    aPatient(nhsNumber, 'A81001'),
    aStatement('1'),
    aStatement('2'),
    anAllergy('3'),
  ];
  const request = randomUUID();
  const body = JSON.stringify(submissionOf(aBundle(resources)));
  const answer = await ask(server, authorization, '$submit-record', request, body).catch(lost);
  if (answer === null) return false;
  expect(answer.status).toBe(200);
  const text = await answer.text().catch(lost);
  const patient = /Patient\/([0-9a-f]+)/.exec(text ?? '')?.[1];
  if (patient === undefined) return false;
  const noted = { patient, requests: [request] };
  acknowledged.push(noted);
  const reading = randomUUID();
  const read = await ask(server, authorization, `Patient/${patient}`, reading).catch(lost);
  if (read !== null) noted.requests.push(reading);
  return read !== null;
}

/** A request that the killed server did not answer; anything else is a fault of the test. */
function lost(error: unknown): null {
  if (error instanceof TypeError) return null;
  throw error;
}

function ask(
  server: ServerProcess,
  authorization: string,
  path: string,
  requestId: string = randomUUID(),
  body?: string,
): Promise<Response> {
  return fetch(`${server.url}/FHIR/R4/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization,
      'x-request-id': requestId,
      ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
    },
    ...(body === undefined ? {} : { body }),
  });
}
