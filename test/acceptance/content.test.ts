import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, anAllergy, aPatient, aStatement } from '../support/bundles.ts';
import { type Client, clientOf, submissionOf } from '../support/requests.ts';

const PROFILE = ['https://source.test/profile'];

describeOnBothStores('the content of a resource', (start) => {
  let app: TestApp;
  let practice: Client;
  let patient: string;

  beforeAll(async () => {
    app = await start();
    patient = app.context.names.recordId('9990000018');
    practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
    const allergy = anAllergy('1', { meta: { profile: PROFILE } });
    const bundle = aBundle([aPatient('9990000018', 'A81001'), allergy]);
    expect((await practice.post('$submit-record', submissionOf(bundle))).statusCode).toBe(200);
  });
  afterAll(() => app.close());

  const issues = async (path: string, body: object) => {
    const answer = await practice.post(path, body);
    expect(answer.statusCode).toBe(200);
    return answer.json().issue as { severity: string; expression?: string[] }[];
  };

  it('is validated without being stored, all faults at once', async () => {
    const valid = await issues('MedicationStatement/$validate', aStatement('1'));
    expect(valid.map((each) => each.severity)).toEqual(['information']);
    const broken = { ...aStatement('1'), status: 'gone', colour: 'red' };
    const found = await issues('MedicationStatement/$validate', broken);
    expect(found.map((each) => each.expression?.[0]).sort()).toEqual([
      'MedicationStatement.colour',
      'MedicationStatement.status',
    ]);
    expect((await practice.get(`MedicationStatement?patient=${patient}`)).json().total).toBe(0);
  });

  it('is validated against the profile that is asked for, if it is known', async () => {
    const asking = (profile: string) => ({
      resourceType: 'Parameters',
      parameter: [
        { name: 'resource', resource: { ...anAllergy('1'), code: undefined } },
        { name: 'profile', valueUri: profile },
      ],
    });
    const r4 = 'http://hl7.org/fhir/StructureDefinition/AllergyIntolerance';
    expect((await issues('AllergyIntolerance/$validate', asking(r4)))[0]?.severity).toBe(
      'information',
    );
    const ours = 'https://scr.example/fhir/StructureDefinition/scr-AllergyIntolerance';
    expect((await issues('AllergyIntolerance/$validate', asking(ours)))[0]?.severity).toBe('error');
    const unknown = await practice.post('AllergyIntolerance/$validate', asking('urn:unknown'));
    expect(unknown.statusCode).toBe(400);
  });

  it('gets advice on codes as warnings, which keep nothing from being written', async () => {
    const advised = {
      ...aStatement('7'),
      category: { coding: [{ system: 'https://source.test/category', code: 'mine' }] },
    };
    const found = await issues('MedicationStatement/$validate', advised);
    expect(found.map((each) => [each.severity, each.expression?.[0]])).toEqual([
      ['information', undefined],
      ['warning', 'MedicationStatement.category'],
    ]);
    const written = await practice.post('MedicationStatement', {
      ...advised,
      subject: { reference: `Patient/${patient}` },
    });
    expect([written.statusCode, JSON.stringify(written.json())]).toEqual([
      201,
      expect.not.stringContaining('warning'),
    ]);
    expect((await practice.delete(`MedicationStatement/${written.json().id}`)).statusCode).toBe(
      204,
    );
  });

  it('is validated as the query beside it asks, and not for what cannot be said of it', async () => {
    const allergy = { ...anAllergy('1'), code: undefined };
    const r4 = 'http://hl7.org/fhir/StructureDefinition/AllergyIntolerance';
    const path = 'AllergyIntolerance/$validate';
    expect((await issues(path, allergy))[0]?.severity).toBe('error');
    expect((await issues(`${path}?profile=${r4}&mode=update`, allergy))[0]?.severity).toBe(
      'information',
    );
    for (const query of ['profile=urn:unknown', 'mode=delete', 'mode=guess']) {
      expect((await practice.post(`${path}?${query}`, allergy)).statusCode).toBe(400);
    }
    const deletion = {
      resourceType: 'Parameters',
      parameter: [{ name: 'mode', valueCode: 'delete' }],
    };
    const refused = await practice.post(path, deletion);
    expect(refused.json().issue[0]).toMatchObject({ code: 'not-supported' });
  });

  it('is shown in part when a read asks for parts of it, in whatever version', async () => {
    const found = await practice.get(`AllergyIntolerance?patient=${patient}`);
    const { id, meta } = found.json().entry[0].resource;
    for (const path of [id, `${id}/_history/${meta.versionId}`]) {
      const read = (query: string) => practice.get(`AllergyIntolerance/${path}?${query}`);
      const whole = (await read('_summary=false')).json();
      expect(whole.code).toBeDefined();
      const parts = (await read('_elements=clinicalStatus')).json();
      expect(parts.meta.tag).toMatchObject([{ code: 'SUBSETTED' }]);
      expect([parts.clinicalStatus, parts.code]).toEqual([whole.clinicalStatus, undefined]);
      const text = (await read('_summary=text')).json();
      expect([text.patient, text.code]).toEqual([whole.patient, undefined]);
      for (const query of [
        '_summary=count',
        '_summary=x',
        '_elements=a.b',
        '_summary=text&_elements=code',
      ]) {
        expect([query, (await read(query)).statusCode]).toEqual([query, 400]);
      }
    }
  });

  it('has its metadata read by those who may read it, and by nobody else', async () => {
    const found = await practice.get(`AllergyIntolerance?patient=${patient}`);
    const { id } = found.json().entry[0].resource;
    const meta = await practice.get(`AllergyIntolerance/${id}/$meta`);
    expect(meta.json().parameter[0].valueMeta.profile).toEqual(PROFILE);
    const elsewhere = await clientOf(app, { role: 'care-system', organization: 'RY601' });
    expect((await elsewhere.get(`AllergyIntolerance/${id}/$meta`)).statusCode).toBe(404);
  });
});
