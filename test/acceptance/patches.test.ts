import { expect, it } from 'vitest';
import { aConsent } from '../support/bundles.ts';
import { clientOf } from '../support/requests.ts';
import { describeWriting, idIn, SOURCE } from '../support/writing.ts';

describeWriting('patching', (w) => {
  it('patches, losing nothing else', async () => {
    const extension = [{ url: 'https://unknown.test/x', valueString: 'ü' }];
    const id = idIn(await w.create(w.practice, '1', { extension }));
    const path = `MedicationStatement/${id}`;
    const json = await w.practice.patch(path, [
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
    expect((await w.practice.patch(path, parameters)).json().status).toBe('completed');
    const failing = await w.practice.patch(path, [
      { op: 'test', path: '/status', value: 'active' },
    ]);
    expect([failing.statusCode, failing.json().issue[0].diagnostics]).toEqual([
      422,
      'Operation 1 (test) of the patch: The test failed.',
    ]);
    const breaking = await w.practice.patch(path, [{ op: 'remove', path: '/status' }]);
    expect([breaking.statusCode, breaking.json().issue[0].expression]).toEqual([
      422,
      ['MedicationStatement.status'],
    ]);
    const moving = [{ op: 'add', path: '/subject', value: { reference: 'Patient/other' } }];
    expect((await w.practice.patch(path, moving)).statusCode).toBe(422);
    expect((await w.practice.patch(path, { resourceType: 'Patient' })).statusCode).toBe(400);
    await w.practice.delete(path);
    expect((await w.practice.patch(path, [])).statusCode).toBe(410);
  });

  it('patches and withdraws a choice, for those who may record it', async () => {
    const staff = await clientOf(w.app, { role: 'practice-staff', organization: 'A81001' });
    const elsewhere = await clientOf(w.app, { role: 'practice-staff', organization: 'B82002' });
    await w.create(w.practice, '1');
    const choice = await staff.post('Consent', aConsent(w.patient, 'view', 'deny', 'A81001'));
    expect(choice.statusCode).toBe(201);
    const path = `Consent/${idIn(choice)}`;
    expect((await w.clinician.get(`MedicationStatement?patient=${w.patient}`)).statusCode).toBe(
      403,
    );
    const permit = [{ op: 'replace', path: '/provision/type', value: 'permit' }];
    expect((await elsewhere.patch(path, permit)).statusCode).toBe(404);
    expect((await w.clinician.patch(path, permit)).statusCode).toBe(403);
    const stale = { 'if-match': 'W/"1"' };
    expect((await staff.patch(path, permit, stale)).statusCode).toBe(412);
    const meaningless = [{ op: 'replace', path: '/provision/type', value: 'maybe' }];
    expect((await staff.patch(path, meaningless)).statusCode).toBe(422);
    const permitted = await staff.patch(path, permit);
    expect([permitted.statusCode, permitted.json().provision.type]).toEqual([200, 'permit']);
    expect(await w.total(w.clinician)).toBe(1);
    const deny = [{ op: 'replace', path: '/provision/type', value: 'deny' }];
    expect((await staff.patch(path, deny)).statusCode).toBe(200);
    expect((await elsewhere.delete(path)).statusCode).toBe(204);
    expect((await staff.delete(path)).statusCode).toBe(204);
    expect((await staff.get(path)).statusCode).toBe(410);
    expect((await staff.delete(path)).statusCode).toBe(204);
    expect((await staff.patch(path, deny)).statusCode).toBe(410);
    expect(await w.total(w.clinician)).toBe(1);
    expect(
      (await w.practice.post('Consent', aConsent(w.patient, 'view', 'deny', 'A81001'))).statusCode,
    ).toBe(403);
  });

  it('lets an update of the plan alone change the kind of a medication', async () => {
    const plan = (code: string, more: object = {}) => ({
      resourceType: 'MedicationRequest',
      identifier: [{ system: SOURCE, value: 'plan' }],
      status: 'active',
      intent: 'plan',
      subject: { reference: `Patient/${w.patient}` },
      medicationCodeableConcept: { text: 'm' },
      courseOfTherapyType: { coding: [{ code }] },
      ...more,
    });
    const planned = await w.practice.post('MedicationRequest', plan('continuous'));
    expect(planned.statusCode).toBe(201);
    const basedOn = [{ reference: `MedicationRequest/${idIn(planned)}` }];
    const old = { effectivePeriod: { start: '2020-01-01' }, basedOn };
    const statement = await w.create(w.practice, '1', old);
    expect(statement.statusCode).toBe(201);
    expect(await w.total(w.clinician)).toBe(1);
    const path = `MedicationRequest/${idIn(planned)}`;
    const acute = await w.practice.put(path, plan('acute', { id: idIn(planned) }));
    expect(acute.statusCode).toBe(200);
    expect(await w.total(w.clinician)).toBe(0);
    expect((await w.practice.get(`MedicationStatement/${idIn(statement)}`)).body).toBe(
      statement.body,
    );
    const back = [
      { op: 'replace', path: '/courseOfTherapyType/coding/0/code', value: 'continuous' },
    ];
    expect((await w.practice.patch(path, back)).statusCode).toBe(200);
    expect(await w.total(w.clinician)).toBe(1);
  });
});
