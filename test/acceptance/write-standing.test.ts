import { expect, it } from 'vitest';
import { aBundle, aConsent, aPatient, NHS } from '../support/bundles.ts';
import { clientOf, submissionOf } from '../support/requests.ts';
import { codes, describeWriting, idIn, statementOf } from '../support/writing.ts';

describeWriting('who may write what', (w) => {
  it('holds tokens to their scopes, letter by letter', async () => {
    const id = idIn(await w.create(w.practice, '1'));
    const path = `MedicationStatement/${id}`;
    const body = { ...statementOf(w.nhsNumber, '1'), id };
    const attempts = async (scope: string) => {
      const client = await clientOf(w.app, { role: 'gp-system', organization: 'A81001', scope });
      const patch = [{ op: 'add', path: '/note', value: [{ text: scope }] }];
      return [
        (await client.post('MedicationStatement', statementOf(w.nhsNumber, scope))).statusCode,
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
    const id = idIn(await w.create(w.practice, '1'));
    const scope = 'system/MedicationStatement.u';
    const writer = await clientOf(w.app, { role: 'gp-system', organization: 'A81001', scope });
    const patch = [{ op: 'add', path: '/note', value: [{ text: 'n' }] }];
    const answer = await writer.patch(`MedicationStatement/${id}`, patch);
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    const reader = await w.practice.patch(`MedicationStatement/${id}`, patch);
    expect(reader.json().note).toEqual([{ text: 'n' }]);
  });

  it('writes nothing for a practice that the patient has left, nor for one who opted out', async () => {
    const id = idIn(await w.create(w.practice, '1'));
    const moved = await w.other.post('Patient', aPatient(w.nhsNumber, 'B82002'));
    expect([moved.statusCode, moved.json().id]).toEqual([201, w.patient]);
    expect((await w.create(w.practice, '2')).statusCode).toBe(403);
    expect((await w.practice.get(`MedicationStatement/${id}`)).statusCode).toBe(404);
    const [alert] = (await w.app.context.store.searchAudit({ limit: 5, alertsTo: 'A81001' }))
      .entries;
    expect(alert?.alert?.kind).toBe('patient-moved');
    expect((await w.create(w.other, '1')).statusCode).toBe(201);
    expect((await w.practice.post('Patient', aPatient(w.nhsNumber, 'A81001'))).statusCode).toBe(
      403,
    );

    const staff = await clientOf(w.app, { role: 'practice-staff', organization: 'B82002' });
    const dissent = aConsent(w.patient, 'scr-dissent', 'deny', 'B82002');
    expect((await staff.post('Consent', dissent)).statusCode).toBe(201);
    const [kept] = (await w.other.get(`MedicationStatement?patient=${w.patient}`)).json().entry;
    const refusals = [
      await w.create(w.other, '2'),
      await w.create(w.nurses, '1'),
      await w.other.delete(`MedicationStatement/${kept.resource.id}`),
    ];
    expect(codes(refusals)).toEqual([403, 403, 403]);
    expect(await w.total(w.other)).toBe(1);
  });

  it('shows after an opt-in what was written anew, and nothing else', async () => {
    const first = idIn(await w.create(w.nurses, '1'));
    const second = idIn(await w.create(w.nurses, '2'));
    const consent = async (policy: string, type: 'permit' | 'deny', dateTime: string) => {
      w.app.advance(1000);
      const staff = await clientOf(w.app, { role: 'practice-staff', organization: 'A81001' });
      const body = aConsent(w.patient, policy, type, 'A81001', { dateTime });
      expect((await staff.post('Consent', body)).statusCode).toBe(201);
      w.app.advance(1000);
    };
    await consent('scr-dissent', 'deny', '2026-03-01T09:00:00Z');
    await consent('scr-core', 'permit', '2026-03-01T10:00:00Z');
    const resources = [aPatient(w.nhsNumber, 'A81001')];
    await w.practice.post('$submit-record', submissionOf(aBundle(resources)));
    const seen = async () => {
      const found = await w.clinician.get(`MedicationStatement?patient=${w.patient}`);
      return (found.json().entry ?? []).map(
        (each: { resource: { id: string } }) => each.resource.id,
      );
    };
    expect(await seen()).toEqual([]);
    const same = { ...statementOf(w.nhsNumber, '2'), id: second };
    expect((await w.nurses.put(`MedicationStatement/${second}`, same)).statusCode).toBe(200);
    expect(await seen()).toEqual([second]);
    expect((await w.create(w.nurses, '1')).statusCode).toBe(201);
    expect((await seen()).sort()).toEqual([first, second].sort());
  });

  it('keeps the Patient for the practice that it names as registered', async () => {
    const stub = await w.nurses.post('Patient', aPatient(w.nhsNumber, 'A81001'));
    expect(stub.statusCode).toBe(403);
    expect((await w.other.post('Patient', aPatient(w.nhsNumber, 'A81001'))).statusCode).toBe(403);
    expect((await w.practice.post('Patient', aPatient(w.nhsNumber, 'A81001'))).statusCode).toBe(
      409,
    );
    const path = `Patient/${w.patient}`;
    const named = (family: string) => ({
      ...aPatient(w.nhsNumber, 'A81001', { name: [{ family }] }),
      id: w.patient,
    });
    expect((await w.practice.put(path, named('Neu'))).json().name).toEqual([{ family: 'Neu' }]);
    expect((await w.nurses.put(path, named('X'))).statusCode).toBe(403);
    const byNumber = `Patient?identifier=${NHS}|${w.nhsNumber}`;
    const again = await w.practice.put(byNumber, named('Wieder'));
    expect([again.statusCode, again.json().name[0].family]).toEqual([200, 'Wieder']);
    const patched = await w.practice.patch(path, [
      { op: 'replace', path: '/name/0/family', value: 'Gepatcht' },
    ]);
    expect(patched.statusCode).toBe(200);
    const leaving = [{ op: 'remove', path: '/managingOrganization' }];
    expect((await w.practice.patch(path, leaving)).statusCode).toBe(403);
    const another = aPatient(w.unknownNumber(), 'A81001', { id: w.patient });
    expect((await w.practice.put(path, another)).statusCode).toBe(422);
    const found = await w.clinician.get(`Patient/${w.patient}`);
    expect(found.json().name).toEqual([{ family: 'Gepatcht' }]);
    const fresh = w.unknownNumber();
    const registered = await w.practice.put(
      `Patient?identifier=${NHS}|${fresh}`,
      aPatient(fresh, 'A81001', { id: undefined }),
    );
    expect(registered.statusCode).toBe(201);
    expect((await w.practice.get(`Patient/${idIn(registered)}`)).statusCode).toBe(200);
  });
});
