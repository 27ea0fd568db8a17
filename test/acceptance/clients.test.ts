import type { AddressInfo } from 'node:net';
import { MedplumClient } from '@medplum/core';
import { Client as FhirKitClient } from 'fhir-kit-client';
import smart from 'fhirclient';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { aBundle, anAllergy, aPatient, aStatement } from '../support/bundles.ts';
import { clientOf, submissionOf } from '../support/requests.ts';

/** Clients that others write, driving a listening server: each reads, searches and is refused. */
describe('a client from elsewhere', () => {
  let app: TestApp;
  let base: string;
  let token: string;
  let patient: string;

  beforeAll(async () => {
    app = await startApp();
    await app.server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.server.address() as AddressInfo;
    base = `http://127.0.0.1:${port}/FHIR/R4`;
    patient = app.context.names.recordId('9990000018');
    const practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
    const resources = [aPatient('9990000018', 'A81001'), aStatement('1'), anAllergy('2')];
    const sent = await practice.post('$submit-record', submissionOf(aBundle(resources)));
    expect(sent.statusCode).toBe(200);
    const viewer = { role: 'clinician', organization: 'RX1', purpose: 'TREAT', patient } as const;
    token = await app.authorization(viewer);
  });
  afterAll(() => app.close());

  it('such as fhir-kit-client reads, searches, walks history and sees what is refused', async () => {
    const client = new FhirKitClient({ baseUrl: base, customHeaders: { authorization: token } });
    const read = await client.read({ resourceType: 'Patient', id: patient });
    expect(read.resourceType).toBe('Patient');
    const searchParams = { patient, status: 'active' };
    const found = await client.search({ resourceType: 'MedicationStatement', searchParams });
    expect(found).toMatchObject({ resourceType: 'Bundle', total: 1 });
    const history = await client.resourceHistory({ resourceType: 'Patient', id: patient });
    expect(history).toMatchObject({ type: 'history', total: 1 });
    const statement = await client.capabilityStatement();
    expect(statement.resourceType).toBe('CapabilityStatement');
    await expect(client.read({ resourceType: 'Patient', id: 'nobody' })).rejects.toMatchObject({
      response: { status: 404 },
    });
  });

  it('such as fhirclient requests with its token', async () => {
    const access_token = token.replace('Bearer ', '');
    const client = smart({} as never, {} as never).client({
      serverUrl: base,
      tokenResponse: { access_token, patient },
    });
    const read = await client.request(`Patient/${patient}`);
    expect(read.resourceType).toBe('Patient');
    const found = await client.request(`AllergyIntolerance?patient=${patient}`);
    expect(found.total).toBe(1);
    await expect(client.request('MedicationStatement')).rejects.toThrow();
  });

  it('such as @medplum/core reads and searches', async () => {
    const client = new MedplumClient({
      baseUrl: `${base.replace('/FHIR/R4', '')}/`,
      fhirUrlPath: 'FHIR/R4/',
      accessToken: token.replace('Bearer ', ''),
      fetch,
    });
    const read = await client.readResource('Patient', patient);
    expect(read.id).toBe(patient);
    const found = await client.searchResources('MedicationStatement', { patient });
    expect(found).toHaveLength(1);
    await expect(client.readResource('Patient', 'nobody')).rejects.toThrow();
  });
});
