import { afterAll, beforeAll, expect, it } from 'vitest';
import { FHIR_ROUTES } from '../../src/http/route-table.ts';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { claimOf, parametersOf } from '../support/parameters.ts';
import { clientOf } from '../support/requests.ts';

const NHS_NUMBER = '9990000018';
const OTHERS_CANNOT = [404, 405];

it('The log has routes that read, one that adds to it, and none that changes it', () => {
  const routes = FHIR_ROUTES.filter(({ path }) => path.startsWith('/AuditEvent'));
  expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    'GET /AuditEvent',
    'GET /AuditEvent/:id',
    'POST /AuditEvent/:id/$resolve-alert',
    'POST /AuditEvent/_search',
  ]);
});

describeOnBothStores('an entry of the log', (start) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await start();
  });
  afterAll(() => app.close());

  it('stays as it was, whoever asks to change it, add to it, remove it or close its alert', async () => {
    const clinician = await clientOf(app, { role: 'clinician', organization: 'RX1' });
    const claimed = await clinician.post('$claim-relationship', claimOf(NHS_NUMBER, 'emergency'));
    const path = `AuditEvent/${claimed.json().id}`;
    const auditor = await clientOf(app, { role: 'auditor', organization: 'X26' });
    const before = await auditor.get(path);
    expect(before.statusCode).toBe(200);
    const changed = { ...before.json(), outcome: '8' };
    for (const role of ['auditor', 'privacy-officer', 'gp-system', 'patient'] as const) {
      const nhsNumber = role === 'patient' ? NHS_NUMBER : undefined;
      const client = await clientOf(app, { role, organization: 'RX1', nhsNumber });
      const entry = [
        { request: { method: 'DELETE', url: path } },
        { request: { method: 'PUT', url: path }, resource: changed },
      ];
      const batch = { resourceType: 'Bundle', type: 'batch', entry };
      const answers = [
        await client.put(path, changed),
        await client.patch(path, [{ op: 'remove', path: '/outcome' }]),
        await client.delete(path),
        await client.post('AuditEvent', changed),
      ];
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([405, 405, 405, 405]);
      const done: { response: { status: string } }[] = (await client.post('', batch)).json().entry;
      for (const { response } of done ?? []) {
        expect(OTHERS_CANNOT).toContain(Number.parseInt(response.status, 10));
      }
      const transaction = await client.post('', { ...batch, type: 'transaction' });
      expect([400, 403]).toContain(transaction.statusCode);
    }
    const officer = await clientOf(app, { role: 'privacy-officer', organization: 'RX1' });
    const reason = { valueString: 'Looked into' };
    const closing = parametersOf({ action: { valueCode: 'close' }, reason });
    expect((await officer.post(`${path}/$resolve-alert`, closing)).statusCode).toBe(201);
    expect((await auditor.get(path)).body).toBe(before.body);
  });
});
