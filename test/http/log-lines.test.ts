import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { aBundle, anAllergy, aPatient } from '../support/bundles.ts';
import { clientOf, submissionOf } from '../support/requests.ts';

const NUMBER = '9990000018';
const SYSTEM = 'https://fhir.nhs.uk/Id/nhs-number';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** Requests of every outcome, with identity and content wherever a caller can put them. */
async function sendEverything(): Promise<readonly number[]> {
  const system = { role: 'gp-system', organization: 'A81001', name: 'Dr Khan' } as const;
  const practice = await clientOf(app, system);
  const record = aBundle([aPatient(NUMBER, 'A81001'), anAllergy('1')]);
  const strange = { 'x-request-id': NUMBER, prefer: `handling=${NUMBER}`, 'x-name': 'Zoë' };
  const answers = [
    await practice.post('$submit-record', submissionOf(record)),
    await practice.post('$submit-record', `{"family": "Súilleabháin ${NUMBER}"`),
    await practice.post('$submit-record', { resourceType: 'Patient', id: NUMBER }),
    await practice.get(`Patient?identifier=${SYSTEM}|${NUMBER}`, strange),
    await practice.get(`AllergyIntolerance?patient.identifier=${NUMBER}&name=penicillin`),
    await practice.get(`Patient/${NUMBER}`),
    await practice.get(`Nothing/${NUMBER}?name=Súilleabháin`),
    await practice.get(`Patient/%zz${NUMBER}`),
    await practice.put(`Patient/${NUMBER}`, { id: NUMBER }),
    await app.server.inject(`/FHIR/R4/Patient/${NUMBER}`),
    await app.server.inject({
      url: `/FHIR/R4/Patient/${NUMBER}`,
      headers: { authorization: `Bearer ${NUMBER}` },
    }),
  ];
  return answers.map(({ statusCode }) => statusCode);
}

test('a line is logged for each request, without identity, query, body or token', async () => {
  const statuses = await sendEverything();
  expect(statuses).toEqual([200, 400, 422, 200, 200, 404, 404, 400, 422, 401, 401]);
  const lines = app
    .logged()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const answered = lines.filter(({ msg }) => msg === 'answered');
  expect(answered.map(({ status }) => status)).toEqual(statuses);
  for (const line of answered) {
    expect(
      Object.keys(line)
        .sort()
        .filter((name) => !ALLOWED.has(name)),
    ).toEqual([]);
  }
  expect(answered[3]).toMatchObject({
    method: 'GET',
    route: '/FHIR/R4/Patient',
    role: 'gp-system',
    organization: 'A81001',
  });
  expect(app.logged()).not.toMatch(/9990000018|penicillin|Súilleabháin|Zoë|Khan|identifier|Bearer/);
});

const ALLOWED = new Set([
  'level',
  'time',
  'pid',
  'msg',
  'requestId',
  'method',
  'route',
  'status',
  'ms',
  'role',
  'organization',
]);

test('measurements carry route templates, and nothing of a patient', async () => {
  const { body } = await app.server.inject('/metrics');
  expect(body).toContain('route="/FHIR/R4/Patient/:id"');
  expect(body).toContain('scr_audit_append_duration_seconds_count');
  expect(body).toContain('nodejs_eventloop_lag');
  expect(body).not.toMatch(/9990000018|identifier|penicillin/);
});
