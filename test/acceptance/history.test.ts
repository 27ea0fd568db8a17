import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, anAllergy, aPatient } from '../support/bundles.ts';
import { type Client, clientOf, submissionOf } from '../support/requests.ts';

const NHS_NUMBER = '9990000018';
const RESTRICTED = {
  meta: {
    security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
  },
};

interface Version {
  readonly request: { readonly method: string };
  readonly response: { readonly etag: string };
  readonly resource?: { readonly id: string; readonly meta: { readonly versionId: string } };
}

describeOnBothStores('versions of an entry', (start) => {
  let app: TestApp;
  let practice: Client;
  let viewer: Client;
  let patient: string;

  beforeAll(async () => {
    app = await start();
    practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
    patient = app.context.names.recordId(NHS_NUMBER);
    viewer = await clientOf(app, {
      role: 'clinician',
      organization: 'RX1',
      purpose: 'TREAT',
      patient,
    });
    // Versions: plain, private, open again and changed; then a second entry that is withdrawn.
    await submit([anAllergy('1')]);
    await submit([anAllergy('1', RESTRICTED)]);
    await submit([anAllergy('1', { criticality: 'high' }), anAllergy('2')]);
    await submit([anAllergy('1', { criticality: 'high' })]);
  });
  afterAll(() => app.close());

  const submit = async (entries: object[]): Promise<void> => {
    app.advance(1000);
    const bundle = aBundle([aPatient(NHS_NUMBER, 'A81001'), ...entries]);
    const answer = await practice.post('$submit-record', submissionOf(bundle));
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  };
  const versions = async (client: Client, path: string): Promise<Version[]> => {
    const answer = await client.get(path);
    expect([answer.statusCode, answer.json().type]).toEqual([200, 'history']);
    return answer.json().entry ?? [];
  };
  const allergyId = async (): Promise<string> => {
    const found = await practice.get(`AllergyIntolerance?patient=${patient}`);
    return found.json().entry[0].resource.id;
  };

  it('are listed newest first, those that were private for their recorder alone', async () => {
    const path = `AllergyIntolerance/${await allergyId()}/_history`;
    expect(await versions(practice, path)).toHaveLength(3);
    const seen = await versions(viewer, path);
    expect(seen.map((each) => each.request.method)).toEqual(['PUT', 'PUT']);
    expect(JSON.stringify(seen)).not.toContain('"R"');
  });

  it('are read by their version id, the private one as if it never was', async () => {
    const id = await allergyId();
    const all = await versions(practice, `AllergyIntolerance/${id}/_history`);
    const ids = all.map((each) => each.resource?.meta.versionId);
    const statuses = async (client: Client) =>
      Promise.all(
        [...ids, 'never'].map(
          async (version) =>
            (await client.get(`AllergyIntolerance/${id}/_history/${version}`)).statusCode,
        ),
      );
    expect(await statuses(practice)).toEqual([200, 200, 200, 404]);
    expect(await statuses(viewer)).toEqual([200, 404, 200, 404]);
  });

  it('tell of a withdrawal those who might see what was withdrawn', async () => {
    const all = await versions(viewer, `AllergyIntolerance/_history?patient=${patient}`);
    expect(all.map((each) => each.request.method).sort()).toEqual(['DELETE', 'PUT', 'PUT', 'PUT']);
    const everything = await versions(practice, `_history?patient=${patient}`);
    expect(everything).toHaveLength(6);
  });

  it('come in pages, each beginning where the last one ended', async () => {
    const path = `AllergyIntolerance/${await allergyId()}/_history`;
    const first = await practice.get(`${path}?_count=2`);
    const next = first.json().link.find((each: { relation: string }) => each.relation === 'next');
    const second = await practice.get(next.url.split('/FHIR/R4/')[1]);
    const etags = [...first.json().entry, ...second.json().entry].map(
      (each: Version) => each.response.etag,
    );
    expect(new Set(etags).size).toBe(3);
    expect(second.json().link).toHaveLength(1);
  });

  it('are refused for a type when no patient is named', async () => {
    expect((await practice.get('AllergyIntolerance/_history')).statusCode).toBe(400);
    expect((await practice.get('_history')).statusCode).toBe(400);
  });
});
