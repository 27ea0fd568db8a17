import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, aConsent, anAllergy, aPatient, aStatement } from '../support/bundles.ts';
import { type Client, clientOf, countIn, patientIn, submissionOf } from '../support/requests.ts';

const COUNTS = ['created', 'updated', 'unchanged', 'withdrawn', 'version'];

describeOnBothStores('submitting a record', (start) => {
  let app: TestApp;
  let practice: Client;
  let other: Client;
  let nurses: Client;
  let nhsNumber: string;
  let numbers = 0;

  beforeAll(async () => {
    app = await start();
    practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
    other = await clientOf(app, { role: 'gp-system', organization: 'B82002' });
    nurses = await clientOf(app, { role: 'care-system', organization: 'RY601' });
  });
  afterAll(() => app.close());
  beforeEach(() => {
    nhsNumber = NUMBERS[numbers++] ?? '';
  });

  const submit = (client: Client, resources: object[], more: object = {}) =>
    client.post('$submit-record', submissionOf(aBundle(resources, more)));
  const counts = async (client: Client, resources: object[], more: object = {}) => {
    const answer = await submit(client, resources, more);
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
    return COUNTS.map((name) => countIn(answer, name));
  };

  it('keeps ids, gives changed entries a new version and withdraws missing ones', async () => {
    const patient = aPatient(nhsNumber, 'A81001');
    expect(await counts(practice, [patient, aStatement('1'), aStatement('2')])).toEqual([
      3, 0, 0, 0, 1,
    ]);
    const id = practiceIdOf(await submit(practice, [patient, aStatement('1'), aStatement('2')]));
    const [first, second] = await statements(practice, id);
    const changed = aStatement('2', { status: 'stopped' });
    expect(await counts(practice, [patient, changed])).toEqual([0, 1, 1, 1, 3]);
    const [after] = await statements(practice, id);
    expect(after?.id).toBe(second?.id);
    expect(after?.meta.versionId).not.toBe(second?.meta.versionId);
    expect((await practice.get(`MedicationStatement/${first?.id}`)).statusCode).toBe(410);
    expect(await counts(practice, [patient, aStatement('1'), changed])).toEqual([1, 0, 2, 0, 4]);
    expect((await practice.get(`MedicationStatement/${first?.id}`)).statusCode).toBe(200);
  });

  it('answers the same Bundle.identifier alike and refuses it on other content', async () => {
    const resources = [aPatient(nhsNumber, 'A81001'), aStatement('1')];
    const more = { identifier: { system: 'https://source.test/bundle', value: 'b1' } };
    const first = await submit(practice, resources, more);
    const again = await submit(practice, resources, more);
    expect([again.statusCode, again.body]).toEqual([200, first.body]);
    const changed = await submit(practice, [aPatient(nhsNumber, 'A81001')], more);
    expect(changed.statusCode).toBe(409);
  });

  it('refuses a message that was overtaken and keeps what the newer one brought', async () => {
    const patient = aPatient(nhsNumber, 'A81001');
    const newer = { timestamp: '2026-03-01T10:00:00Z' };
    const older = { timestamp: '2026-03-01T09:59:59Z' };
    const answer = await submit(practice, [patient, aStatement('1')], newer);
    expect((await submit(practice, [patient], older)).statusCode).toBe(409);
    expect(await statements(practice, patientIn(answer))).toHaveLength(1);
  });

  it('leaves every organisation only what it recorded itself', async () => {
    const patient = aPatient(nhsNumber, 'A81001');
    const answer = await submit(practice, [patient, aStatement('1')]);
    await submit(nurses, [patient, aStatement('1'), anAllergy('1')]);
    const id = patientIn(answer);
    expect(await statements(practice, id)).toHaveLength(1);
    expect(await statements(nurses, id)).toHaveLength(1);
    expect(await counts(nurses, [patient])).toEqual([0, 0, 0, 2, 2]);
    expect(await statements(practice, id)).toHaveLength(1);
  });

  it('shows the demographics of the registered practice alone', async () => {
    const named = (family: string) => ({ name: [{ family }] });
    const answer = await submit(nurses, [aPatient(nhsNumber, 'A81001', named('Nurse'))]);
    const id = patientIn(answer);
    expect(answer.statusCode).toBe(200);
    await submit(nurses, [aPatient(nhsNumber, 'A81001', named('Nurse')), aStatement('1')]);
    expect((await nurses.get(`Patient/${id}`)).json().name).toBeUndefined();
    await submit(practice, [aPatient(nhsNumber, 'A81001', named('Practice'))]);
    expect((await nurses.get(`Patient/${id}`)).json().name).toEqual([{ family: 'Practice' }]);
  });

  it('moves a patient to the practice that names itself, and bars the former one', async () => {
    const first = await submit(practice, [aPatient(nhsNumber, 'A81001'), aStatement('1')]);
    const moved = await counts(other, [aPatient(nhsNumber, 'B82002'), aStatement('9')]);
    expect(moved).toEqual([1, 1, 0, 1, 1]);
    const id = patientIn(first);
    expect(await statements(other, id)).toHaveLength(1);
    expect((await practice.get(`Patient/${id}`)).statusCode).toBe(404);
    const late = await submit(practice, [aPatient(nhsNumber, 'A81001'), aStatement('1')]);
    expect(late.statusCode).toBe(403);
    app.advance(1000);
    const returned = { timestamp: '2026-03-02T12:00:00.500Z' };
    const back = await submit(practice, [aPatient(nhsNumber, 'A81001')], returned);
    expect([back.statusCode, back.body]).toEqual([200, expect.any(String)]);
  });

  it('refuses submissions for a patient who has opted out, until they opt in', async () => {
    const patient = aPatient(nhsNumber, 'A81001');
    const id = patientIn(await submit(practice, [patient, aStatement('1')]));
    const staff = await clientOf(app, { role: 'practice-staff', organization: 'A81001' });
    const dissent = aConsent(id, 'scr-dissent', 'deny', 'A81001');
    expect((await staff.post('Consent', dissent)).statusCode).toBe(201);
    expect((await submit(practice, [patient, aStatement('1')])).statusCode).toBe(403);
    expect((await submit(nurses, [patient, aStatement('1')])).statusCode).toBe(403);
    const later = { dateTime: '2026-03-02T09:00:00Z' };
    const consent = aConsent(id, 'scr-core', 'permit', 'A81001', later);
    expect((await staff.post('Consent', consent)).statusCode).toBe(201);
    expect((await submit(practice, [patient, aStatement('1')])).statusCode).toBe(200);
  });

  it('shows what a submission brings that itself opts the patient in again', async () => {
    const patient = aPatient(nhsNumber, 'A81001');
    const id = patientIn(await submit(practice, [patient, aStatement('1')]));
    const staff = await clientOf(app, { role: 'practice-staff', organization: 'A81001' });
    await staff.post('Consent', aConsent(id, 'scr-dissent', 'deny', 'A81001'));
    const viewer = await clientOf(app, {
      role: 'clinician',
      organization: 'RX1',
      purpose: 'TREAT',
      patient: id,
    });
    expect((await viewer.get(`Patient/${id}`)).statusCode).toBe(404);
    app.advance(1000);
    const later = { dateTime: '2026-03-02T09:00:00Z' };
    const consent = aConsent('p1', 'scr-core', 'permit', 'A81001', {
      ...later,
      identifier: [{ system: 'https://source.test/id', value: 'c1' }],
    });
    expect((await submit(practice, [patient, aStatement('1'), consent])).statusCode).toBe(200);
    expect(await statements(viewer, id)).toHaveLength(1);
  });

  it('names every fault at once, with its place, and stores nothing', async () => {
    const answer = await submit(practice, [
      aPatient('1234567890', 'A81001'),
      { ...aStatement('1'), status: undefined },
      { ...anAllergy('2'), patient: { reference: 'Patient/somebody-else' } },
      { resourceType: 'Basic', code: {} },
    ]);
    expect(answer.statusCode).toBe(422);
    const record = "Parameters.parameter.where(name='record').resource";
    const places = answer.json().issue.map((each: { expression: string[] }) => each.expression[0]);
    expect(places.sort()).toEqual([
      `${record}.entry[0].resource.identifier[0].value`,
      `${record}.entry[1].resource.status`,
      `${record}.entry[2].resource.patient`,
      `${record}.entry[3].resource`,
    ]);
    expect(answer.body).not.toContain('1234567890');
  });

  it('keeps decimals, unknown extensions, order and every character', async () => {
    const text = JSON.stringify(submissionOf(aBundle([aPatient(nhsNumber, 'A81001')]))).replace(
      ']}}]}',
      `,{"resource":${ODD_STATEMENT}}]}}]}`,
    );
    const answer = await practice.post('$submit-record', text);
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
    const found = await practice.get(`MedicationStatement?patient=${patientIn(answer)}`);
    const kept = ODD_STATEMENT.slice(ODD_STATEMENT.indexOf('"extension"'), -1).replace(
      'Patient/p1',
      `Patient/${patientIn(answer)}`,
    );
    expect(found.body).toContain(kept);
  });

  it('leaves exactly the acknowledged versions of 300 submissions by 30 clients', async () => {
    const acknowledged: (number | undefined)[] = [];
    await Promise.all(
      Array.from({ length: 30 }, async (_, client) => {
        for (let turn = 0; turn < 10; turn++) {
          const statement = aStatement('1', { note: [{ text: `${client}.${turn}` }] });
          const answer = await submit(practice, [aPatient(nhsNumber, 'A81001'), statement]);
          expect(answer.statusCode).toBe(200);
          acknowledged.push(countIn(answer, 'version'));
        }
      }),
    );
    const expected = Array.from({ length: 300 }, (_, index) => index + 1);
    expect(acknowledged.sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(expected);
    const id = app.context.names.recordId(nhsNumber);
    const versions = await Promise.all(
      [1, 150, 300, 301].map((version) => app.context.store.recordVersion(id, version)),
    );
    expect(versions.map((each) => each?.version)).toEqual([1, 150, 300, undefined]);
    expect((await app.context.store.currentRecord(id))?.version).toBe(300);
  }, 120_000);
});

/** A statement whose text holds what servers tend to lose. */
const ODD_STATEMENT =
  '{"resourceType":"MedicationStatement","id":"odd","extension":[{"url":"https://unknown.test/x",' +
  '"valueDecimal":1.00}],"identifier":[{"system":"https://source.test/id","value":"odd"}],' +
  '"status":"active","medicationCodeableConcept":{"text":"Ελλη\u202Eνικά 😀 \u00e9 e\u0301"},' +
  '"subject":{"reference":"Patient/p1"},"dosage":[{"doseAndRate":[{"doseQuantity":' +
  '{"value":0.50,"unit":"mg"}}],"text":" two  blanks "}]}';

const NUMBERS = [
  '9990000018',
  '9990000026',
  '9990000034',
  '9990000042',
  '9990000050',
  '9990000069',
  '9990000077',
  '9990000085',
  '9990000093',
  '9990000107',
  '9990000115',
];

interface Found {
  readonly id: string;
  readonly meta: { readonly versionId: string };
  readonly identifier: readonly [{ readonly value: string }];
}

/** The statements that a client finds, in the order of their identifiers at the source. */
async function statements(client: Client, patient: string): Promise<Found[]> {
  const answer = await client.get(`MedicationStatement?patient=${patient}`);
  expect(answer.statusCode).toBe(200);
  const found: Found[] = (answer.json().entry ?? []).map(
    (entry: { resource: Found }) => entry.resource,
  );
  return found.sort((a, b) => Number(a.identifier[0].value) - Number(b.identifier[0].value));
}

function practiceIdOf(answer: Parameters<typeof patientIn>[0]): string {
  expect(answer.statusCode).toBe(200);
  return patientIn(answer);
}
