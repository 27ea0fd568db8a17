import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  LAST_ISSUE_DATE_STU3,
  LAST_ISSUE_DATE_UKCORE,
  MEDICATION_REFERENCE,
  PRESCRIPTION_TYPE_STU3,
} from '../../src/domain/fhir/systems.ts';
import { validate } from '../../src/domain/validation/validate.ts';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, anAllergy, aPatient, aStatement } from '../support/bundles.ts';
import { type Client, clientOf, patientIn, submissionOf } from '../support/requests.ts';

const NHS_NUMBER = '9990000018';
const RESTRICTED = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality',
  code: 'R',
};
const REPEAT = {
  coding: [
    {
      system: 'https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-PrescriptionType-1',
      code: 'repeat',
      display: 'Repeat',
    },
  ],
};

interface Resource {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}

const medication = (name: string, more: object = {}): object => ({
  resourceType: 'Medication',
  id: 'm',
  identifier: [{ system: 'https://source.test/id', value: 'm' }],
  code: { coding: [{ system: 'http://snomed.info/sct', code: '324252006', display: name }] },
  ...more,
});
const PLAN = {
  resourceType: 'MedicationRequest',
  id: 'plan',
  identifier: [{ system: 'https://source.test/id', value: 'plan' }],
  extension: [{ url: PRESCRIPTION_TYPE_STU3, valueCodeableConcept: REPEAT }],
  status: 'active',
  intent: 'plan',
  medicationReference: { reference: 'Medication/m' },
  subject: { reference: 'Patient/p1' },
};
const { medicationCodeableConcept: _, ...UNNAMED } = aStatement('1') as Record<string, unknown>;
const STATEMENT = {
  ...UNNAMED,
  extension: [{ url: LAST_ISSUE_DATE_STU3, valueDateTime: '2026-02-20' }],
  basedOn: [{ reference: 'MedicationRequest/plan' }],
  medicationReference: { reference: 'Medication/m' },
  dosage: [{ text: 'one daily' }],
};
const ALLERGY = anAllergy('2', {
  reaction: [{ manifestation: [{ coding: [{ code: '247472004', display: 'Weal' }] }] }],
});

describeOnBothStores('what a clinician gets of a medicine that came by reference', (start) => {
  let app: TestApp;
  let patient: string;
  let practice: Client;
  let clinician: Client;

  const submit = async (named: object) => {
    const bundle = aBundle([aPatient(NHS_NUMBER, 'A81001'), named, PLAN, STATEMENT, ALLERGY]);
    const answer = await practice.post('$submit-record', submissionOf(bundle));
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
    return patientIn(answer);
  };

  beforeAll(async () => {
    app = await start();
    practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
    patient = await submit(medication('Azathioprine 50mg tablets'));
    clinician = await clientOf(app, { ...CLINICIAN, patient });
  });
  afterAll(() => app.close());

  const found = async (client: Client, path: string) => {
    const answer = await client.get(path);
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
    const body = answer.json() as Resource & { entry?: { resource: Resource }[] };
    return body.entry === undefined ? [body] : body.entry.map((each) => each.resource);
  };
  const only = async (client: Client, path: string, type = 'MedicationStatement') => {
    const [first] = (await found(client, path)).filter((each) => each.resourceType === type);
    if (first === undefined) throw new Error(`there is no ${type} at ${path}`);
    return first;
  };

  it('is enough by itself, valid, and the same on every route', async () => {
    const statement = await only(clinician, `MedicationStatement?patient=${patient}`);
    const [named] = await found(
      clinician,
      `Medication?_has:MedicationStatement:medication:patient=${patient}`,
    );
    expect(statement).toMatchObject({
      category: { ...REPEAT, text: 'Repeat' },
      medicationCodeableConcept: {
        extension: [
          {
            url: MEDICATION_REFERENCE,
            valueReference: { reference: `Medication/${named?.id}` },
          },
        ],
        coding: [{ code: '324252006' }],
        text: 'Azathioprine 50mg tablets',
      },
      dosage: [{ text: 'one daily' }],
    });
    expect((statement.extension as { url: string }[]).map((each) => each.url)).toEqual([
      LAST_ISSUE_DATE_STU3,
      LAST_ISSUE_DATE_UKCORE,
      PRESCRIPTION_TYPE_STU3,
    ]);
    expect(validate(statement as never)).toEqual([]);
    const { id, meta } = statement;
    const { versionId } = meta as { versionId: string };
    for (const path of [
      `MedicationStatement/${id}`,
      `MedicationStatement/${id}/_history/${versionId}`,
      `MedicationStatement/${id}/_history`,
      `MedicationStatement?patient=${patient}&medication=Medication/${named?.id}`,
      `MedicationStatement?patient=${patient}&_include=MedicationStatement:medication`,
      `Medication?_id=${named?.id}&_revinclude=MedicationStatement:medication`,
      `Patient/${patient}/$everything`,
      `Patient/${patient}/$summary`,
    ]) {
      expect([path, await only(clinician, path)]).toEqual([path, statement]);
    }
    const batch = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: `MedicationStatement/${id}` } }],
    };
    expect((await clinician.post('', batch)).json().entry[0].resource).toEqual(statement);
  });

  it('comes in the same bytes each time, from a record that was shown before or not', async () => {
    const anew = await start();
    const sender = await clientOf(anew, { role: 'gp-system', organization: 'A81001' });
    const bundle = aBundle([
      aPatient(NHS_NUMBER, 'A81001'),
      medication('Azathioprine 50mg tablets'),
      PLAN,
      STATEMENT,
      ALLERGY,
    ]);
    const id = patientIn(await sender.post('$submit-record', submissionOf(bundle)));
    const reader = await clientOf(anew, { ...CLINICIAN, patient: id });
    const paths = ['MedicationStatement', 'AllergyIntolerance'].map(
      (type) => `${type}?patient=${id}`,
    );
    paths.push(`${paths[0]}&_include=MedicationStatement:medication`);
    for (const client of [reader, sender]) {
      const answers: string[][] = [];
      for (let n = 0; n < 4; n += 1) {
        const each = await Promise.all(paths.map((path) => client.get(path)));
        answers.push(each.map(({ body }) => body));
      }
      expect(answers[0]?.every((body) => JSON.parse(body).entry.length > 0)).toBe(true);
      expect(answers.every((each) => isDeepStrictEqual(each, answers[0]))).toBe(true);
    }
    await anew.close();
  });

  it('leads to what it came from: the Medication and the plan can be read', async () => {
    const { basedOn, medicationCodeableConcept } = (await only(
      clinician,
      `MedicationStatement?patient=${patient}`,
    )) as never as {
      basedOn: [{ reference: string }];
      medicationCodeableConcept: { extension: [{ valueReference: { reference: string } }] };
    };
    for (const reference of [
      basedOn[0].reference,
      medicationCodeableConcept.extension[0].valueReference.reference,
    ]) {
      expect((await clinician.get(reference)).statusCode).toBe(200);
    }
  });

  it('is cut after it was put together', async () => {
    const path = `MedicationStatement?patient=${patient}&_elements=medication`;
    expect(await only(clinician, path)).toMatchObject({
      medicationCodeableConcept: { text: 'Azathioprine 50mg tablets' },
    });
    const summary = await only(clinician, `MedicationStatement?patient=${patient}&_summary=true`);
    expect(summary.medicationCodeableConcept).toMatchObject({ text: 'Azathioprine 50mg tablets' });
  });

  it('is for people: the system that sent it gets it back as it was sent', async () => {
    const sent = await only(practice, `MedicationStatement?patient=${patient}`);
    expect(sent.medicationReference).toEqual({
      reference: expect.stringMatching(/^Medication\//),
    });
    for (const name of ['extension', 'dosage', 'category'] as const) {
      expect(sent[name]).toEqual((STATEMENT as Record<string, unknown>)[name]);
    }
    const staff = await clientOf(app, { role: 'practice-staff', organization: 'A81001' });
    const self = await clientOf(app, { role: 'patient', organization: '', nhsNumber: NHS_NUMBER });
    for (const person of [staff, self]) {
      expect(await only(person, `MedicationStatement?patient=${patient}`)).toEqual(
        await only(clinician, `MedicationStatement?patient=${patient}`),
      );
    }
  });

  it('gives an allergy its words', async () => {
    const path = `AllergyIntolerance?patient=${patient}`;
    expect(await only(clinician, path, 'AllergyIntolerance')).toMatchObject({
      code: { text: 'Allergy to penicillin' },
      reaction: [{ manifestation: [{ text: 'Weal' }] }],
    });
    const sent = await only(practice, path, 'AllergyIntolerance');
    expect(sent.code).not.toHaveProperty('text');
  });

  it('is in the audit log with the versions that it was put together from', async () => {
    const statement = await only(clinician, `MedicationStatement?patient=${patient}`);
    const auditor = await clientOf(app, { role: 'auditor', organization: 'X26' });
    expect((await clinician.get(`MedicationStatement/${statement.id}`)).statusCode).toBe(200);
    const events = await found(auditor, `AuditEvent?patient=Patient/${patient}&_count=1`);
    const what = JSON.stringify(events[0]?.entity);
    for (const type of ['MedicationStatement', 'Medication', 'MedicationRequest']) {
      expect(what).toMatch(new RegExp(`"${type}/[^"]*/_history/`));
    }
  });

  it('follows the Medication, though the statement has no new version', async () => {
    const path = `MedicationStatement?patient=${patient}`;
    const before = await only(clinician, path);
    const { versionId } = before.meta as { versionId: string };
    const tag = { 'if-none-match': `W/"${versionId}"` };
    await submit(medication('Azathioprine 25mg tablets'));
    const after = await only(clinician, path);
    expect(after.meta).toEqual(before.meta);
    expect(after.medicationCodeableConcept).toMatchObject({ text: 'Azathioprine 25mg tablets' });
    // What one has of it may be out of date, though its version is the same.
    expect((await clinician.get(`MedicationStatement/${before.id}`, tag)).statusCode).toBe(200);
    expect((await practice.get(`MedicationStatement/${before.id}`, tag)).statusCode).toBe(304);
  });

  it('says in a document that is read again what it said when it was made', async () => {
    const made = await clinician.get(`Patient/${patient}/$summary`);
    expect(made.body).toContain('Azathioprine 25mg tablets');
    await submit(medication('Azathioprine 100mg tablets'));
    const again = await clinician.get(`Bundle/${made.json().id}`);
    expect([again.statusCode, again.body]).toEqual([200, made.body]);
    const anew = await clinician.get(`Patient/${patient}/$summary`);
    expect(anew.body).toContain('Azathioprine 100mg tablets');
    expect(anew.body).not.toContain('Azathioprine 25mg tablets');
  });

  it('takes nothing from a Medication that is hidden, and says what the statement says', async () => {
    await submit(medication('Azathioprine 25mg tablets', { meta: { security: [RESTRICTED] } }));
    const hidden = await only(clinician, `MedicationStatement?patient=${patient}`);
    expect(JSON.stringify(hidden)).not.toContain('Azathioprine');
    expect(hidden.medicationReference).toEqual({ reference: expect.any(String) });
    const scoped = await clientOf(app, {
      ...CLINICIAN,
      patient,
      scope: 'user/MedicationStatement.rs',
    });
    await submit(medication('Azathioprine 50mg tablets'));
    expect(
      JSON.stringify(await only(clinician, `MedicationStatement?patient=${patient}`)),
    ).toContain('Azathioprine');
    const narrow = await only(scoped, `MedicationStatement?patient=${patient}`);
    expect(JSON.stringify(narrow)).not.toContain('Azathioprine');
  });
});

const CLINICIAN = { role: 'clinician', organization: 'RX1', purpose: 'TREAT' } as const;
