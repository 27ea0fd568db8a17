import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, aConsent, anAllergy, aPatient, aStatement, NHS } from '../support/bundles.ts';
import { nhsNumbers } from '../support/nhs-numbers.ts';
import { type Client, clientOf, patientIn, submissionOf } from '../support/requests.ts';

const SOURCE = 'https://source.test/id';
const NUMBERS = nhsNumbers(40);

/** A statement about a patient named by NHS number, as a system that knows no ids here sends it. */
function statementOf(nhsNumber: string, identifier: string, more: object = {}): object {
  const subject = { identifier: { system: NHS, value: nhsNumber } };
  return { ...aStatement(identifier), id: undefined, subject, ...more };
}

const idIn = (answer: LightMyRequestResponse): string => answer.json().id;
const codes = (answers: readonly LightMyRequestResponse[]) =>
  answers.map(({ statusCode }) => statusCode);

describeOnBothStores('writing one entry', (start) => {
  let app: TestApp;
  let practice: Client;
  let other: Client;
  let nurses: Client;
  let clinician: Client;
  let nhsNumber: string;
  let patient: string;
  let numbers = 0;

  beforeAll(async () => {
    app = await start();
    practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
    other = await clientOf(app, { role: 'gp-system', organization: 'B82002' });
    nurses = await clientOf(app, { role: 'care-system', organization: 'RY601' });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    nhsNumber = NUMBERS[numbers++] ?? '';
    const resources = [aPatient(nhsNumber, 'A81001')];
    const answer = await practice.post('$submit-record', submissionOf(aBundle(resources)));
    expect(answer.statusCode).toBe(200);
    patient = patientIn(answer);
    clinician = await clientOf(app, {
      role: 'clinician',
      organization: 'RX1',
      purpose: 'TREAT',
      patient,
    });
  });

  const create = (client: Client, identifier: string, more: object = {}, headers = {}) =>
    client.post('MedicationStatement', statementOf(nhsNumber, identifier, more), headers);
  const total = async (client: Client, type = 'MedicationStatement') =>
    (await client.get(`${type}?patient=${patient}`)).json().total;
  const lastAudit = async () => (await app.context.store.searchAudit({ limit: 1 })).entries[0];

  it('creates, reads, updates and withdraws, each with its version and audit entry', async () => {
    const created = await create(practice, '1');
    expect(created.statusCode).toBe(201);
    const id = idIn(created);
    const version = created.json().meta.versionId;
    const url = `http://127.0.0.1:8080/FHIR/R4/MedicationStatement/${id}/_history/${version}`;
    expect([created.headers.location, created.headers.etag]).toEqual([url, `W/"${version}"`]);
    expect(await lastAudit()).toMatchObject({
      interaction: 'create',
      action: 'C',
      outcome: '0',
      patient,
      entities: [`MedicationStatement/${id}/_history/${version}`],
    });
    expect((await clinician.get(`MedicationStatement/${id}`)).body).toBe(created.body);

    const changed = { ...statementOf(nhsNumber, '1'), id, status: 'stopped' };
    const updated = await practice.put(`MedicationStatement/${id}`, changed);
    expect([updated.statusCode, updated.json().status]).toEqual([200, 'stopped']);
    expect(updated.json().meta.versionId).not.toBe(version);
    expect(await lastAudit()).toMatchObject({ interaction: 'update', action: 'U', outcome: '0' });

    const removed = await practice.delete(`MedicationStatement/${id}`);
    expect([removed.statusCode, removed.body]).toEqual([204, '']);
    expect(await lastAudit()).toMatchObject({ interaction: 'delete', action: 'D', outcome: '0' });
    expect(codes([await practice.get(`MedicationStatement/${id}`)])).toEqual([410]);
    expect(codes([await practice.delete(`MedicationStatement/${id}`)])).toEqual([204]);
    const history = await practice.get(`MedicationStatement/${id}/_history`);
    expect(history.json().total).toBe(3);
  });

  it('gives an entry the id that a submission gives it, and each finds the other’s', async () => {
    const id = idIn(await create(practice, '1'));
    const patientAndOne = [aPatient(nhsNumber, 'A81001'), aStatement('1', { status: 'stopped' })];
    const answer = await practice.post('$submit-record', submissionOf(aBundle(patientAndOne)));
    expect(answer.statusCode).toBe(200);
    const [entry] = (await practice.get(`MedicationStatement?patient=${patient}`)).json().entry;
    expect([entry.resource.id, entry.resource.status]).toEqual([id, 'stopped']);
    expect((await create(practice, '1')).statusCode).toBe(409);
    const late = { timestamp: '2026-03-02T11:59:59Z' };
    const older = submissionOf(aBundle([aPatient(nhsNumber, 'A81001')], late));
    expect((await practice.post('$submit-record', older)).statusCode).toBe(409);
  });

  it('makes no new version of content that is the same', async () => {
    const created = await create(practice, '1');
    const id = idIn(created);
    const same = { ...statementOf(nhsNumber, '1'), id };
    const again = await practice.put(`MedicationStatement/${id}`, same);
    expect([again.statusCode, again.body]).toEqual([200, created.body]);
    const other = await practice.put(`MedicationStatement/${id}`, { ...same, status: 'stopped' });
    expect(other.headers.etag).not.toBe(created.headers.etag);
  });

  it('refuses to create what it has, and to take an identifier that is taken', async () => {
    const first = await create(practice, '1');
    const second = await create(practice, '2');
    expect(codes([first, second, await create(practice, '1')])).toEqual([201, 201, 409]);
    const taking = { ...statementOf(nhsNumber, '1'), id: idIn(second) };
    const path = `MedicationStatement/${idIn(second)}`;
    expect((await practice.put(path, taking)).statusCode).toBe(409);
    expect((await practice.put(path, { ...taking, identifier: undefined })).statusCode).toBe(200);
    // Nobody else's entry is in the way.
    expect((await create(nurses, '1')).statusCode).toBe(201);
    await practice.delete(`MedicationStatement/${idIn(first)}`);
    const back = await create(practice, '1');
    expect([back.statusCode, idIn(back)]).toEqual([201, idIn(first)]);
  });

  it('creates an entry without an identifier, and each time another one', async () => {
    const bare = { identifier: undefined, id: 'mine' };
    const [first, second] = [await create(practice, 'x', bare), await create(practice, 'x', bare)];
    expect(codes([first, second])).toEqual([201, 201]);
    expect(idIn(first)).not.toBe(idIn(second));
    expect(await total(practice)).toBe(2);
  });

  it('leaves entries of others alone, and does not say that they are there', async () => {
    const id = idIn(await create(practice, '1'));
    const body = { ...statementOf(nhsNumber, '1'), id };
    const unknown = `${patient}-000000000000000000000000`;
    const operations = [{ op: 'add', path: '/status', value: 'stopped' }];
    const bodies: string[][] = [];
    for (const each of [id, unknown]) {
      const path = `MedicationStatement/${each}`;
      const answers = [
        await nurses.put(path, { ...body, id: each }),
        await nurses.patch(path, operations),
        await nurses.delete(path),
        await nurses.delete(path, { 'if-match': 'W/"1"' }),
      ];
      expect(codes(answers)).toEqual([404, 404, 204, 412]);
      bodies.push(answers.map((answer) => answer.body));
    }
    expect(bodies[0]).toEqual(bodies[1]);
    expect((await practice.get(`MedicationStatement/${id}`)).statusCode).toBe(200);
    const roles = ['practice-staff', 'clinician', 'privacy-officer', 'auditor'] as const;
    for (const role of roles) {
      const person = await clientOf(app, { role, organization: 'A81001', patient });
      expect(codes([await person.put(`MedicationStatement/${id}`, body)])).toEqual([403]);
      expect(codes([await person.delete(`MedicationStatement/${id}`)])).toEqual([403]);
    }
  });

  it('changes only the version that If-Match names', async () => {
    const created = await create(practice, '1');
    const id = idIn(created);
    const path = `MedicationStatement/${id}`;
    const changed = { ...statementOf(nhsNumber, '1'), id, status: 'stopped' };
    const stale = { 'if-match': 'W/"0000000000000000"' };
    const current = { 'if-match': String(created.headers.etag) };
    expect((await practice.put(path, changed, stale)).statusCode).toBe(412);
    expect((await practice.put(path, changed, { 'if-match': 'a b' })).statusCode).toBe(400);
    expect((await practice.put(path, changed, current)).statusCode).toBe(200);
    expect((await practice.delete(path, current)).statusCode).toBe(412);
    expect((await practice.patch(path, [], current)).statusCode).toBe(412);
    expect((await practice.delete(path, { 'if-match': '*' })).statusCode).toBe(204);
    expect((await practice.delete(path, { 'if-match': '*' })).statusCode).toBe(412);
  });

  it('lets one of many writers of one version through', async () => {
    const created = await create(practice, '1');
    const path = `MedicationStatement/${idIn(created)}`;
    const headers = { 'if-match': String(created.headers.etag) };
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => {
        const note = [{ text: `writer ${index}` }];
        const body = { ...statementOf(nhsNumber, '1'), id: idIn(created), note };
        return practice.put(path, body, headers);
      }),
    );
    expect(codes(answers).sort()).toEqual([200, ...Array(7).fill(412)]);
  });

  it('answers what the caller prefers', async () => {
    const minimal = await create(practice, '1', {}, { prefer: 'return=minimal' });
    expect([minimal.statusCode, minimal.body]).toEqual([201, '']);
    expect(minimal.headers.location).toContain('/MedicationStatement/');
    const outcome = await create(practice, '2', {}, { prefer: 'return=OperationOutcome' });
    expect([outcome.statusCode, outcome.json().resourceType]).toEqual([201, 'OperationOutcome']);
    const whole = await create(practice, '3', {}, { prefer: 'return=representation' });
    expect(whole.json().identifier[0].value).toBe('3');
    const removed = await practice.delete(`MedicationStatement/${idIn(whole)}`, {
      prefer: 'return=OperationOutcome',
    });
    expect([removed.statusCode, removed.json().issue[0].severity]).toEqual([200, 'information']);
  });

  it('creates, updates and withdraws by criteria', async () => {
    const unless = { 'if-none-exist': `identifier=${SOURCE}|1&patient=${patient}` };
    const first = await create(practice, '1', {}, unless);
    const again = await create(practice, '1', { status: 'stopped' }, unless);
    expect(codes([first, again])).toEqual([201, 200]);
    expect(again.body).toBe(first.body);
    expect((await create(practice, '9', {}, { 'if-none-exist': 'status=active' })).statusCode).toBe(
      400,
    );
    const path = (identifier: string) =>
      `MedicationStatement?identifier=${SOURCE}|${identifier}&patient=${patient}`;
    const changed = statementOf(nhsNumber, '1', { status: 'stopped' });
    const updated = await practice.put(path('1'), changed);
    expect([updated.statusCode, updated.json().status]).toEqual([200, 'stopped']);
    const made = await practice.put(path('2'), statementOf(nhsNumber, '2'));
    expect([made.statusCode, await total(practice)]).toEqual([201, 2]);
    const otherId = { ...changed, id: idIn(made) };
    expect((await practice.put(path('1'), otherId)).statusCode).toBe(400);
    const both = `MedicationStatement?identifier=${SOURCE}|1,${SOURCE}|2&patient=${patient}`;
    expect(codes([await practice.delete(both), await practice.put(both, changed)])).toEqual([
      412, 412,
    ]);
    const patched = await practice.patch(path('2'), [
      { op: 'replace', path: '/status', value: 'stopped' },
    ]);
    expect([patched.statusCode, patched.json().status]).toEqual([200, 'stopped']);
    // Nobody else's entry meets anybody's criteria.
    expect((await nurses.delete(path('1'))).statusCode).toBe(204);
    expect((await practice.delete(path('1'))).statusCode).toBe(204);
    expect(await total(practice)).toBe(1);
    expect((await practice.delete(`MedicationStatement?identifier=${SOURCE}|2`)).statusCode).toBe(
      422,
    );
  });

  it('patches, losing nothing else', async () => {
    const extension = [{ url: 'https://unknown.test/x', valueString: 'ü' }];
    const id = idIn(await create(practice, '1', { extension }));
    const path = `MedicationStatement/${id}`;
    const json = await practice.patch(path, [
      { op: 'test', path: '/status', value: 'active' },
      { op: 'replace', path: '/status', value: 'stopped' },
    ]);
    expect([json.statusCode, json.json().status, json.json().extension]).toEqual([
      200,
      'stopped',
      extension,
    ]);
    const parameters = {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'operation',
          part: [
            { name: 'type', valueCode: 'replace' },
            { name: 'path', valueString: 'MedicationStatement.status' },
            { name: 'value', valueCode: 'completed' },
          ],
        },
      ],
    };
    expect((await practice.patch(path, parameters)).json().status).toBe('completed');
    const failing = await practice.patch(path, [{ op: 'test', path: '/status', value: 'active' }]);
    expect([failing.statusCode, failing.json().issue[0].diagnostics]).toEqual([
      422,
      'Operation 1 (test) of the patch: The test failed.',
    ]);
    const breaking = await practice.patch(path, [{ op: 'remove', path: '/status' }]);
    expect([breaking.statusCode, breaking.json().issue[0].expression]).toEqual([
      422,
      ['MedicationStatement.status'],
    ]);
    const moving = [{ op: 'add', path: '/subject', value: { reference: 'Patient/other' } }];
    expect((await practice.patch(path, moving)).statusCode).toBe(422);
    expect((await practice.patch(path, { resourceType: 'Patient' })).statusCode).toBe(400);
    await practice.delete(path);
    expect((await practice.patch(path, [])).statusCode).toBe(410);
  });

  it('brings back what was withdrawn, under the id that it had', async () => {
    const id = idIn(await create(practice, '1'));
    const path = `MedicationStatement/${id}`;
    await practice.delete(path);
    const back = await practice.put(path, { ...statementOf(nhsNumber, '1'), id });
    expect([back.statusCode, idIn(back)]).toEqual([201, id]);
    const own = `${patient}-000000000000000000000000`;
    const invented = { ...statementOf(nhsNumber, '7'), id: own };
    expect((await practice.put(`MedicationStatement/${own}`, invented)).statusCode).toBe(404);
  });

  it('names what is wrong with what was sent, and stores nothing', async () => {
    const faults = async (body: unknown, path = 'MedicationStatement') => {
      const answer = await practice.post(path, body);
      const [issue] = answer.json().issue;
      return [answer.statusCode, issue.expression?.[0]];
    };
    const statement = statementOf(nhsNumber, '1');
    const at = 'MedicationStatement';
    expect(await faults({ ...statement, status: undefined })).toEqual([422, `${at}.status`]);
    expect(await faults({ ...statement, subject: { display: 'x' } })).toEqual([
      422,
      `${at}.subject`,
    ]);
    const group = { reference: 'Group/1' };
    expect(await faults({ ...statement, subject: group })).toEqual([422, `${at}.subject`]);
    const wrong = { identifier: { system: NHS, value: '1234567890' } };
    expect(await faults({ ...statement, subject: wrong })).toEqual([422, `${at}.subject`]);
    const nobody = { reference: 'Patient/000000000000000000000000' };
    expect(await faults({ ...statement, subject: nobody })).toEqual([422, undefined]);
    expect(await faults(anAllergy('1'))).toEqual([422, at]);
    expect(await faults('[]')).toEqual([422, at]);
    expect(await faults('{')).toEqual([400, undefined]);
    const id = idIn(await create(practice, '1'));
    const mismatch = await practice.put(`MedicationStatement/${id}`, { ...statement, id: 'x' });
    expect([mismatch.statusCode, mismatch.json().issue[0].expression]).toEqual([400, [`${at}.id`]]);
    expect(await total(practice)).toBe(1);
  });

  it('takes references to the patient in every form, and resolves conditional ones', async () => {
    const base = 'http://127.0.0.1:8080/FHIR/R4';
    const subjects = [
      { reference: `Patient/${patient}` },
      { reference: `${base}/Patient/${patient}` },
      { reference: `Patient?identifier=${NHS}|${nhsNumber}` },
      { reference: `Patient/${patient}/_history/1` },
    ];
    for (const [index, subject] of subjects.entries()) {
      const answer = await create(practice, String(index), { subject });
      expect([subject, answer.statusCode]).toEqual([subject, 201]);
    }
    const [, , conditional] = (await practice.get(`MedicationStatement?patient=${patient}`))
      .json()
      .entry.map((entry: { resource: { subject: object } }) => entry.resource.subject);
    expect(conditional).toEqual(expect.objectContaining({ reference: expect.any(String) }));
    const derivedFrom = (identifier: string) => ({
      derivedFrom: [{ reference: `MedicationStatement?identifier=${SOURCE}|${identifier}` }],
    });
    const linked = await create(practice, 'a', derivedFrom('0'));
    expect(linked.json().derivedFrom[0].reference).toMatch(/^MedicationStatement\/[0-9a-f-]{49}$/);
    expect((await create(practice, 'b', derivedFrom('none'))).statusCode).toBe(412);
  });

  it('holds tokens to their scopes, letter by letter', async () => {
    const id = idIn(await create(practice, '1'));
    const path = `MedicationStatement/${id}`;
    const body = { ...statementOf(nhsNumber, '1'), id };
    const attempts = async (scope: string) => {
      const client = await clientOf(app, { role: 'gp-system', organization: 'A81001', scope });
      const patch = [{ op: 'add', path: '/note', value: [{ text: scope }] }];
      return [
        (await client.post('MedicationStatement', statementOf(nhsNumber, scope))).statusCode,
        (await client.put(path, body)).statusCode,
        (await client.patch(path, patch)).statusCode,
        (await client.delete(path)).statusCode,
      ];
    };
    expect(await attempts('system/MedicationStatement.rs')).toEqual([403, 403, 403, 403]);
    expect(await attempts('system/MedicationStatement.c')).toEqual([201, 403, 403, 403]);
    expect(await attempts('system/MedicationStatement.u')).toEqual([403, 200, 200, 403]);
    expect(await attempts('system/AllergyIntolerance.cruds')).toEqual([403, 403, 403, 403]);
    expect(await attempts('system/MedicationStatement.d')).toEqual([403, 403, 403, 204]);
  });

  it('does not show what a token may not read', async () => {
    const id = idIn(await create(practice, '1'));
    const scope = 'system/MedicationStatement.u';
    const writer = await clientOf(app, { role: 'gp-system', organization: 'A81001', scope });
    const patch = [{ op: 'add', path: '/note', value: [{ text: 'n' }] }];
    const answer = await writer.patch(`MedicationStatement/${id}`, patch);
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    const reader = await practice.patch(`MedicationStatement/${id}`, patch);
    expect(reader.json().note).toEqual([{ text: 'n' }]);
  });

  it('writes nothing for a practice that the patient has left, nor for one who opted out', async () => {
    const id = idIn(await create(practice, '1'));
    const moved = await other.post('Patient', aPatient(nhsNumber, 'B82002'));
    expect([moved.statusCode, moved.json().id]).toEqual([201, patient]);
    expect((await create(practice, '2')).statusCode).toBe(403);
    expect((await practice.get(`MedicationStatement/${id}`)).statusCode).toBe(404);
    const [alert] = (await app.context.store.searchAudit({ limit: 5, alertsTo: 'A81001' })).entries;
    expect(alert?.alert?.kind).toBe('patient-moved');
    expect((await create(other, '1')).statusCode).toBe(201);
    expect((await practice.post('Patient', aPatient(nhsNumber, 'A81001'))).statusCode).toBe(403);

    const staff = await clientOf(app, { role: 'practice-staff', organization: 'B82002' });
    const dissent = aConsent(patient, 'scr-dissent', 'deny', 'B82002');
    expect((await staff.post('Consent', dissent)).statusCode).toBe(201);
    const [kept] = (await other.get(`MedicationStatement?patient=${patient}`)).json().entry;
    const refusals = [
      await create(other, '2'),
      await create(nurses, '1'),
      await other.delete(`MedicationStatement/${kept.resource.id}`),
    ];
    expect(codes(refusals)).toEqual([403, 403, 403]);
    expect(await total(other)).toBe(1);
  });

  it('shows after an opt-in what was written anew, and nothing else', async () => {
    const first = idIn(await create(nurses, '1'));
    const second = idIn(await create(nurses, '2'));
    const consent = async (policy: string, type: 'permit' | 'deny', dateTime: string) => {
      app.advance(1000);
      const staff = await clientOf(app, { role: 'practice-staff', organization: 'A81001' });
      const body = aConsent(patient, policy, type, 'A81001', { dateTime });
      expect((await staff.post('Consent', body)).statusCode).toBe(201);
      app.advance(1000);
    };
    await consent('scr-dissent', 'deny', '2026-03-01T09:00:00Z');
    await consent('scr-core', 'permit', '2026-03-01T10:00:00Z');
    const resources = [aPatient(nhsNumber, 'A81001')];
    await practice.post('$submit-record', submissionOf(aBundle(resources)));
    const seen = async () => {
      const found = await clinician.get(`MedicationStatement?patient=${patient}`);
      return (found.json().entry ?? []).map(
        (each: { resource: { id: string } }) => each.resource.id,
      );
    };
    expect(await seen()).toEqual([]);
    const same = { ...statementOf(nhsNumber, '2'), id: second };
    expect((await nurses.put(`MedicationStatement/${second}`, same)).statusCode).toBe(200);
    expect(await seen()).toEqual([second]);
    expect((await create(nurses, '1')).statusCode).toBe(201);
    expect((await seen()).sort()).toEqual([first, second].sort());
  });

  it('keeps the Patient for the practice that it names as registered', async () => {
    const stub = await nurses.post('Patient', aPatient(nhsNumber, 'A81001'));
    expect(stub.statusCode).toBe(403);
    expect((await other.post('Patient', aPatient(nhsNumber, 'A81001'))).statusCode).toBe(403);
    expect((await practice.post('Patient', aPatient(nhsNumber, 'A81001'))).statusCode).toBe(409);
    const path = `Patient/${patient}`;
    const named = (family: string) => ({
      ...aPatient(nhsNumber, 'A81001', { name: [{ family }] }),
      id: patient,
    });
    expect((await practice.put(path, named('Neu'))).json().name).toEqual([{ family: 'Neu' }]);
    expect((await nurses.put(path, named('X'))).statusCode).toBe(403);
    const byNumber = `Patient?identifier=${NHS}|${nhsNumber}`;
    const again = await practice.put(byNumber, named('Wieder'));
    expect([again.statusCode, again.json().name[0].family]).toEqual([200, 'Wieder']);
    const patched = await practice.patch(path, [
      { op: 'replace', path: '/name/0/family', value: 'Gepatcht' },
    ]);
    expect(patched.statusCode).toBe(200);
    const leaving = [{ op: 'remove', path: '/managingOrganization' }];
    expect((await practice.patch(path, leaving)).statusCode).toBe(403);
    const another = aPatient(NUMBERS[39] ?? '', 'A81001', { id: patient });
    expect((await practice.put(path, another)).statusCode).toBe(422);
    const found = await clinician.get(`Patient/${patient}`);
    expect(found.json().name).toEqual([{ family: 'Gepatcht' }]);
    const fresh = NUMBERS[38] ?? '';
    const registered = await practice.put(
      `Patient?identifier=${NHS}|${fresh}`,
      aPatient(fresh, 'A81001', { id: undefined }),
    );
    expect(registered.statusCode).toBe(201);
    expect((await practice.get(`Patient/${idIn(registered)}`)).statusCode).toBe(200);
  });

  it('lets an update of the plan alone change the kind of a medication', async () => {
    const plan = (code: string, more: object = {}) => ({
      resourceType: 'MedicationRequest',
      identifier: [{ system: SOURCE, value: 'plan' }],
      status: 'active',
      intent: 'plan',
      subject: { reference: `Patient/${patient}` },
      medicationCodeableConcept: { text: 'm' },
      courseOfTherapyType: { coding: [{ code }] },
      ...more,
    });
    const planned = await practice.post('MedicationRequest', plan('continuous'));
    expect(planned.statusCode).toBe(201);
    const basedOn = [{ reference: `MedicationRequest/${idIn(planned)}` }];
    const old = { effectivePeriod: { start: '2020-01-01' }, basedOn };
    const statement = await create(practice, '1', old);
    expect(statement.statusCode).toBe(201);
    expect(await total(clinician)).toBe(1);
    const path = `MedicationRequest/${idIn(planned)}`;
    const acute = await practice.put(path, plan('acute', { id: idIn(planned) }));
    expect(acute.statusCode).toBe(200);
    expect(await total(clinician)).toBe(0);
    expect((await practice.get(`MedicationStatement/${idIn(statement)}`)).body).toBe(
      statement.body,
    );
    const back = [
      { op: 'replace', path: '/courseOfTherapyType/coding/0/code', value: 'continuous' },
    ];
    expect((await practice.patch(path, back)).statusCode).toBe(200);
    expect(await total(clinician)).toBe(1);
  });

  it('patches and withdraws a choice, for those who may record it', async () => {
    const staff = await clientOf(app, { role: 'practice-staff', organization: 'A81001' });
    const elsewhere = await clientOf(app, { role: 'practice-staff', organization: 'B82002' });
    await create(practice, '1');
    const choice = await staff.post('Consent', aConsent(patient, 'view', 'deny', 'A81001'));
    expect(choice.statusCode).toBe(201);
    const path = `Consent/${idIn(choice)}`;
    expect((await clinician.get(`MedicationStatement?patient=${patient}`)).statusCode).toBe(403);
    const permit = [{ op: 'replace', path: '/provision/type', value: 'permit' }];
    expect((await elsewhere.patch(path, permit)).statusCode).toBe(404);
    expect((await clinician.patch(path, permit)).statusCode).toBe(403);
    const stale = { 'if-match': 'W/"1"' };
    expect((await staff.patch(path, permit, stale)).statusCode).toBe(412);
    const meaningless = [{ op: 'replace', path: '/provision/type', value: 'maybe' }];
    expect((await staff.patch(path, meaningless)).statusCode).toBe(422);
    const permitted = await staff.patch(path, permit);
    expect([permitted.statusCode, permitted.json().provision.type]).toEqual([200, 'permit']);
    expect(await total(clinician)).toBe(1);
    const deny = [{ op: 'replace', path: '/provision/type', value: 'deny' }];
    expect((await staff.patch(path, deny)).statusCode).toBe(200);
    expect((await elsewhere.delete(path)).statusCode).toBe(204);
    expect((await staff.delete(path)).statusCode).toBe(204);
    expect((await staff.get(path)).statusCode).toBe(410);
    expect((await staff.delete(path)).statusCode).toBe(204);
    expect((await staff.patch(path, deny)).statusCode).toBe(410);
    expect(await total(clinician)).toBe(1);
    expect(
      (await practice.post('Consent', aConsent(patient, 'view', 'deny', 'A81001'))).statusCode,
    ).toBe(403);
  });

  it('answers every strange request without failing', async () => {
    const id = idIn(await create(practice, '1'));
    const path = `MedicationStatement/${id}`;
    const body = { ...statementOf(nhsNumber, '1'), id };
    const answers = [
      await practice.put(`MedicationStatement?identifier=`, body),
      await practice.put(`MedicationStatement?identifier=%`, body),
      await practice.put(`MedicationStatement?__proto__=x`, body),
      await practice.delete('MedicationStatement'),
      await practice.delete('MedicationStatement?patient='),
      await practice.delete(`${path}?x=${'y'.repeat(2000)}`),
      await practice.patch(path, [{ op: 'replace', path: '', value: [] }]),
      await practice.patch(path, [{ op: 'add', path: '/subject', value: 7 }]),
      await practice.patch(path, [{ op: 'add', path: '/identifier', value: { a: 1 } }]),
      await practice.patch(path, 7),
      await practice.patch(path, 'null'),
      await practice.put(path, { ...body, identifier: 'x', subject: [] }),
      await practice.put(path, { ...body, basedOn: [null, 1, { reference: {} }], meta: 3 }),
      await practice.post('MedicationStatement', { ...body, identifier: [{ value: 1 }] }),
      await practice.post('Patient', { resourceType: 'Patient', identifier: [null] }),
      await practice.put('Patient/constructor', { resourceType: 'Patient', id: 'constructor' }),
      await practice.post('MedicationStatement', body, { 'if-none-exist': '?' }),
      await practice.put(path, body, { 'if-match': ',,' }),
      await practice.put(path, body, { prefer: 'return=;;,handling' }),
    ];
    expect(codes(answers).filter((code) => code >= 500)).toEqual([]);
  });
});
