import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, anAllergy, aPatient, aStatement } from '../support/bundles.ts';
import { type Client, clientOf, submissionOf } from '../support/requests.ts';

const NHS_NUMBER = '9990000018';

describeOnBothStores('everything about a patient', (start) => {
  let app: TestApp;
  let viewer: Client;
  let patient: string;
  const viewing = (more: object = {}) =>
    clientOf(app, { role: 'clinician', organization: 'RX1', purpose: 'TREAT', patient, ...more });

  beforeAll(async () => {
    app = await start();
    patient = app.context.names.recordId(NHS_NUMBER);
    const practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
    const old = { effectivePeriod: { start: '2019-01-01', end: '2019-02-15' }, status: 'stopped' };
    const bundle = aBundle([
      aPatient(NHS_NUMBER, 'A81001'),
      aStatement('now'),
      aStatement('long-ago', old),
      anAllergy('1', { onsetDateTime: '2001' }),
      anAllergy('2', { onsetDateTime: '2020-05' }),
    ]);
    expect((await practice.post('$submit-record', submissionOf(bundle))).statusCode).toBe(200);
    viewer = await viewing();
  });
  afterAll(() => app.close());

  const types = async (client: Client, query = ''): Promise<string[]> => {
    const answer = await client.get(`Patient/${patient}/$everything${query}`);
    expect(answer.statusCode).toBe(200);
    return (answer.json().entry ?? []).map(
      (each: { resource: { resourceType: string } }) => each.resource.resourceType,
    );
  };

  it('is all that a search would disclose, and nothing else', async () => {
    const ALL = ['Patient', 'MedicationStatement', 'AllergyIntolerance', 'AllergyIntolerance'];
    expect(await types(viewer)).toEqual(ALL);
    expect(await types(viewer, '?_type=AllergyIntolerance')).toHaveLength(2);
    expect(await types(viewer, '?start=2020-01-01&_type=AllergyIntolerance')).toHaveLength(1);
    expect(await types(viewer, '?end=2010&_type=AllergyIntolerance')).toHaveLength(1);
  });

  it('comes in pages', async () => {
    const first = await viewer.get(`Patient/${patient}/$everything?_count=3`);
    const next = first.json().link.find((each: { relation: string }) => each.relation === 'next');
    const second = await viewer.get(next.url.split('/FHIR/R4/')[1]);
    expect([first.json().entry.length, second.json().entry.length]).toEqual([3, 1]);
  });

  it('does not hold what the scopes do not reach', async () => {
    const scope = 'user/Patient.rs user/AllergyIntolerance.rs';
    expect(await types(await viewing({ scope }))).not.toContain('MedicationStatement');
  });

  it('is sent once: who has the current version gets 304, and is in the log all the same', async () => {
    const read = await viewer.get(`Patient/${patient}`);
    const etag = String(read.headers.etag);
    const again = await viewer.get(`Patient/${patient}`, { 'if-none-match': etag });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    const changed = await viewer.get(`Patient/${patient}`, { 'if-none-match': 'W/"other"' });
    expect(changed.statusCode).toBe(200);
    const modified = String(read.headers['last-modified']);
    const since = await viewer.get(`Patient/${patient}`, { 'if-modified-since': modified });
    expect(since.statusCode).toBe(304);
    const auditor = await clientOf(app, { role: 'auditor', organization: 'X26' });
    const log = await auditor.get(`AuditEvent?patient=${patient}&entity-name=Patient&action=R`);
    expect(log.body.match(/"code":"read"/g)).toHaveLength(4);
  });
});
