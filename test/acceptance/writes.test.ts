import { expect, it } from 'vitest';
import { aBundle, anAllergy, aPatient, aStatement, NHS } from '../support/bundles.ts';
import { clientOf, submissionOf } from '../support/requests.ts';
import { codes, describeWriting, idIn, statementOf, type Writing } from '../support/writing.ts';

describeWriting('writing one entry', (w) => {
  it('creates, reads, updates and withdraws, each with its version and audit entry', async () => {
    const created = await w.create(w.practice, '1');
    expect(created.statusCode).toBe(201);
    const id = idIn(created);
    const version = created.json().meta.versionId;
    const url = `http://127.0.0.1:8080/FHIR/R4/MedicationStatement/${id}/_history/${version}`;
    expect([created.headers.location, created.headers.etag]).toEqual([url, `W/"${version}"`]);
    expect(await lastAudit(w)).toMatchObject({
      interaction: 'create',
      action: 'C',
      outcome: '0',
      patient: w.patient,
      entities: [`MedicationStatement/${id}/_history/${version}`],
    });
    expect((await w.practice.get(`MedicationStatement/${id}`)).body).toBe(created.body);
    expect((await w.clinician.get(`MedicationStatement/${id}`)).json().id).toBe(id);

    const changed = { ...statementOf(w.nhsNumber, '1'), id, status: 'stopped' };
    const updated = await w.practice.put(`MedicationStatement/${id}`, changed);
    expect([updated.statusCode, updated.json().status]).toEqual([200, 'stopped']);
    expect(updated.json().meta.versionId).not.toBe(version);
    expect(await lastAudit(w)).toMatchObject({ interaction: 'update', action: 'U', outcome: '0' });

    const removed = await w.practice.delete(`MedicationStatement/${id}`);
    expect([removed.statusCode, removed.body]).toEqual([204, '']);
    expect(await lastAudit(w)).toMatchObject({ interaction: 'delete', action: 'D', outcome: '0' });
    expect(codes([await w.practice.get(`MedicationStatement/${id}`)])).toEqual([410]);
    expect(codes([await w.practice.delete(`MedicationStatement/${id}`)])).toEqual([204]);
    const history = await w.practice.get(`MedicationStatement/${id}/_history`);
    expect(history.json().total).toBe(3);
  });

  it('gives an entry the id that a submission gives it, and each finds the other’s', async () => {
    const id = idIn(await w.create(w.practice, '1'));
    const patientAndOne = [aPatient(w.nhsNumber, 'A81001'), aStatement('1', { status: 'stopped' })];
    const answer = await w.practice.post('$submit-record', submissionOf(aBundle(patientAndOne)));
    expect(answer.statusCode).toBe(200);
    const [entry] = (await w.practice.get(`MedicationStatement?patient=${w.patient}`)).json().entry;
    expect([entry.resource.id, entry.resource.status]).toEqual([id, 'stopped']);
    expect((await w.create(w.practice, '1')).statusCode).toBe(409);
    const late = { timestamp: '2026-03-02T11:59:59Z' };
    const older = submissionOf(aBundle([aPatient(w.nhsNumber, 'A81001')], late));
    expect((await w.practice.post('$submit-record', older)).statusCode).toBe(409);
  });

  it('makes no new version of content that is the same', async () => {
    const created = await w.create(w.practice, '1');
    const id = idIn(created);
    const same = { ...statementOf(w.nhsNumber, '1'), id };
    const again = await w.practice.put(`MedicationStatement/${id}`, same);
    expect([again.statusCode, again.body]).toEqual([200, created.body]);
    const other = await w.practice.put(`MedicationStatement/${id}`, { ...same, status: 'stopped' });
    expect(other.headers.etag).not.toBe(created.headers.etag);
  });

  it('refuses to create what it has, and to take an identifier that is taken', async () => {
    const first = await w.create(w.practice, '1');
    const second = await w.create(w.practice, '2');
    expect(codes([first, second, await w.create(w.practice, '1')])).toEqual([201, 201, 409]);
    const taking = { ...statementOf(w.nhsNumber, '1'), id: idIn(second) };
    const path = `MedicationStatement/${idIn(second)}`;
    expect((await w.practice.put(path, taking)).statusCode).toBe(409);
    expect((await w.practice.put(path, { ...taking, identifier: undefined })).statusCode).toBe(200);
    // Nobody else's entry is in the way.
    expect((await w.create(w.nurses, '1')).statusCode).toBe(201);
    await w.practice.delete(`MedicationStatement/${idIn(first)}`);
    const back = await w.create(w.practice, '1');
    expect([back.statusCode, idIn(back)]).toEqual([201, idIn(first)]);
  });

  it('creates an entry without an identifier, and each time another one', async () => {
    const bare = { identifier: undefined, id: 'mine' };
    const [first, second] = [
      await w.create(w.practice, 'x', bare),
      await w.create(w.practice, 'x', bare),
    ];
    expect(codes([first, second])).toEqual([201, 201]);
    expect(idIn(first)).not.toBe(idIn(second));
    expect(await w.total(w.practice)).toBe(2);
  });

  it('leaves entries of others alone, and does not say that they are there', async () => {
    const id = idIn(await w.create(w.practice, '1'));
    const body = { ...statementOf(w.nhsNumber, '1'), id };
    const unknown = `${w.patient}-000000000000000000000000`;
    const operations = [{ op: 'add', path: '/status', value: 'stopped' }];
    const bodies: string[][] = [];
    for (const each of [id, unknown]) {
      const path = `MedicationStatement/${each}`;
      const answers = [
        await w.nurses.put(path, { ...body, id: each }),
        await w.nurses.patch(path, operations),
        await w.nurses.delete(path),
        await w.nurses.delete(path, { 'if-match': 'W/"1"' }),
      ];
      expect(codes(answers)).toEqual([404, 404, 204, 412]);
      bodies.push(answers.map((answer) => answer.body));
    }
    expect(bodies[0]).toEqual(bodies[1]);
    expect((await w.practice.get(`MedicationStatement/${id}`)).statusCode).toBe(200);
    const roles = ['practice-staff', 'clinician', 'privacy-officer', 'auditor'] as const;
    for (const role of roles) {
      const person = await clientOf(w.app, { role, organization: 'A81001', patient: w.patient });
      expect(codes([await person.put(`MedicationStatement/${id}`, body)])).toEqual([403]);
      expect(codes([await person.delete(`MedicationStatement/${id}`)])).toEqual([403]);
    }
  });

  it('answers what the caller prefers', async () => {
    const minimal = await w.create(w.practice, '1', {}, { prefer: 'return=minimal' });
    expect([minimal.statusCode, minimal.body]).toEqual([201, '']);
    expect(minimal.headers.location).toContain('/MedicationStatement/');
    const outcome = await w.create(w.practice, '2', {}, { prefer: 'return=OperationOutcome' });
    expect([outcome.statusCode, outcome.json().resourceType]).toEqual([201, 'OperationOutcome']);
    const whole = await w.create(w.practice, '3', {}, { prefer: 'return=representation' });
    expect(whole.json().identifier[0].value).toBe('3');
    const removed = await w.practice.delete(`MedicationStatement/${idIn(whole)}`, {
      prefer: 'return=OperationOutcome',
    });
    expect([removed.statusCode, removed.json().issue[0].severity]).toEqual([200, 'information']);
  });

  it('brings back what was withdrawn, under the id that it had', async () => {
    const id = idIn(await w.create(w.practice, '1'));
    const path = `MedicationStatement/${id}`;
    await w.practice.delete(path);
    const back = await w.practice.put(path, { ...statementOf(w.nhsNumber, '1'), id });
    expect([back.statusCode, idIn(back)]).toEqual([201, id]);
    const own = `${w.patient}-000000000000000000000000`;
    const invented = { ...statementOf(w.nhsNumber, '7'), id: own };
    expect((await w.practice.put(`MedicationStatement/${own}`, invented)).statusCode).toBe(404);
  });

  it('names what is wrong with what was sent, and stores nothing', async () => {
    const faults = async (body: unknown, path = 'MedicationStatement') => {
      const answer = await w.practice.post(path, body);
      const [issue] = answer.json().issue;
      return [answer.statusCode, issue.expression?.[0]];
    };
    const statement = statementOf(w.nhsNumber, '1');
    const at = 'MedicationStatement';
    expect(await faults({ ...statement, status: undefined })).toEqual([422, `${at}.status`]);
    expect(await faults({ ...statement, subject: { display: 'x' } })).toEqual([
      422,
      `${at}.subject`,
    ]);
    const group = { reference: 'Group/1' };
    expect(await faults({ ...statement, subject: group })).toEqual([422, `${at}.subject`]);
    const wrong = { identifier: { system: NHS, value: '1234567890' } };
    const number = `${at}.subject.identifier.value`;
    expect(await faults({ ...statement, subject: wrong })).toEqual([422, number]);
    const nobody = { reference: 'Patient/000000000000000000000000' };
    expect(await faults({ ...statement, subject: nobody })).toEqual([422, undefined]);
    expect(await faults(anAllergy('1'))).toEqual([422, at]);
    expect(await faults('[]')).toEqual([422, at]);
    expect(await faults('{')).toEqual([400, undefined]);
    const id = idIn(await w.create(w.practice, '1'));
    const mismatch = await w.practice.put(`MedicationStatement/${id}`, { ...statement, id: 'x' });
    expect([mismatch.statusCode, mismatch.json().issue[0].expression]).toEqual([400, [`${at}.id`]]);
    expect(await w.total(w.practice)).toBe(1);
  });

  it('answers every strange request without failing', async () => {
    const id = idIn(await w.create(w.practice, '1'));
    const path = `MedicationStatement/${id}`;
    const body = { ...statementOf(w.nhsNumber, '1'), id };
    const answers = [
      await w.practice.put(`MedicationStatement?identifier=`, body),
      await w.practice.put(`MedicationStatement?identifier=%`, body),
      await w.practice.put(`MedicationStatement?__proto__=x`, body),
      await w.practice.delete('MedicationStatement'),
      await w.practice.delete('MedicationStatement?patient='),
      await w.practice.delete(`${path}?x=${'y'.repeat(2000)}`),
      await w.practice.patch(path, [{ op: 'replace', path: '', value: [] }]),
      await w.practice.patch(path, [{ op: 'add', path: '/subject', value: 7 }]),
      await w.practice.patch(path, [{ op: 'add', path: '/identifier', value: { a: 1 } }]),
      await w.practice.patch(path, 7),
      await w.practice.patch(path, 'null'),
      await w.practice.put(path, { ...body, identifier: 'x', subject: [] }),
      await w.practice.put(path, { ...body, basedOn: [null, 1, { reference: {} }], meta: 3 }),
      await w.practice.post('MedicationStatement', { ...body, identifier: [{ value: 1 }] }),
      await w.practice.post('Patient', { resourceType: 'Patient', identifier: [null] }),
      await w.practice.put('Patient/constructor', { resourceType: 'Patient', id: 'constructor' }),
      await w.practice.post('MedicationStatement', body, { 'if-none-exist': '?' }),
      await w.practice.put(path, body, { 'if-match': ',,' }),
      await w.practice.put(path, body, { prefer: 'return=;;,handling' }),
    ];
    expect(codes(answers).filter((code) => code >= 500)).toEqual([]);
  });
});

async function lastAudit({ app }: Writing) {
  return (await app.context.store.searchAudit({ limit: 1 })).entries[0];
}
