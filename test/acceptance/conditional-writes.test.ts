import { expect, it } from 'vitest';
import { NHS } from '../support/bundles.ts';
import { codes, describeWriting, idIn, SOURCE, statementOf } from '../support/writing.ts';

describeWriting('writing on conditions', (w) => {
  it('changes only the version that If-Match names', async () => {
    const created = await w.create(w.practice, '1');
    const id = idIn(created);
    const path = `MedicationStatement/${id}`;
    const changed = { ...statementOf(w.nhsNumber, '1'), id, status: 'stopped' };
    const stale = { 'if-match': 'W/"0000000000000000"' };
    const current = { 'if-match': String(created.headers.etag) };
    expect((await w.practice.put(path, changed, stale)).statusCode).toBe(412);
    expect((await w.practice.put(path, changed, { 'if-match': 'a b' })).statusCode).toBe(400);
    expect((await w.practice.put(path, changed, current)).statusCode).toBe(200);
    expect((await w.practice.delete(path, current)).statusCode).toBe(412);
    expect((await w.practice.patch(path, [], current)).statusCode).toBe(412);
    expect((await w.practice.delete(path, { 'if-match': '*' })).statusCode).toBe(204);
    expect((await w.practice.delete(path, { 'if-match': '*' })).statusCode).toBe(412);
  });

  it('lets one of many writers of one version through', async () => {
    const created = await w.create(w.practice, '1');
    const path = `MedicationStatement/${idIn(created)}`;
    const headers = { 'if-match': String(created.headers.etag) };
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => {
        const note = [{ text: `writer ${index}` }];
        const body = { ...statementOf(w.nhsNumber, '1'), id: idIn(created), note };
        return w.practice.put(path, body, headers);
      }),
    );
    expect(codes(answers).sort()).toEqual([200, ...Array(7).fill(412)]);
  });

  it('creates, updates and withdraws by criteria', async () => {
    const unless = { 'if-none-exist': `identifier=${SOURCE}|1&patient=${w.patient}` };
    const first = await w.create(w.practice, '1', {}, unless);
    const again = await w.create(w.practice, '1', { status: 'stopped' }, unless);
    expect(codes([first, again])).toEqual([201, 200]);
    expect(again.body).toBe(first.body);
    const unlessActive = { 'if-none-exist': 'MedicationStatement?status=active' };
    const existing = await w.create(w.practice, '9', {}, unlessActive);
    expect([existing.statusCode, existing.body]).toEqual([200, first.body]);
    for (const criteria of ['colour=red', '_sort=status', 'patient=a,b', 'status']) {
      const answer = await w.create(w.practice, '9', {}, { 'if-none-exist': criteria });
      expect([criteria, answer.statusCode]).toEqual([criteria, 400]);
    }
    const path = (identifier: string) =>
      `MedicationStatement?identifier=${SOURCE}|${identifier}&patient=${w.patient}`;
    const changed = statementOf(w.nhsNumber, '1', { status: 'stopped' });
    const updated = await w.practice.put(path('1'), changed);
    expect([updated.statusCode, updated.json().status]).toEqual([200, 'stopped']);
    const made = await w.practice.put(path('2'), statementOf(w.nhsNumber, '2'));
    expect([made.statusCode, await w.total(w.practice)]).toEqual([201, 2]);
    const otherId = { ...changed, id: idIn(made) };
    expect((await w.practice.put(path('1'), otherId)).statusCode).toBe(400);
    const both = `MedicationStatement?identifier=${SOURCE}|1,${SOURCE}|2&patient=${w.patient}`;
    expect(codes([await w.practice.delete(both), await w.practice.put(both, changed)])).toEqual([
      412, 412,
    ]);
    const patched = await w.practice.patch(path('2'), [
      { op: 'replace', path: '/status', value: 'stopped' },
    ]);
    expect([patched.statusCode, patched.json().status]).toEqual([200, 'stopped']);
    // Nobody else's entry meets anybody's criteria.
    expect((await w.nurses.delete(path('1'))).statusCode).toBe(204);
    expect((await w.practice.delete(path('1'))).statusCode).toBe(204);
    expect(await w.total(w.practice)).toBe(1);
    expect((await w.practice.delete(`MedicationStatement?identifier=${SOURCE}|2`)).statusCode).toBe(
      400,
    );
  });

  it('takes references to the patient in every form, and resolves conditional ones', async () => {
    const base = 'http://127.0.0.1:8080/FHIR/R4';
    const subjects = [
      { reference: `Patient/${w.patient}` },
      { reference: `${base}/Patient/${w.patient}` },
      { reference: `Patient?identifier=${NHS}|${w.nhsNumber}` },
      { reference: `Patient/${w.patient}/_history/1` },
    ];
    for (const [index, subject] of subjects.entries()) {
      const answer = await w.create(w.practice, String(index), { subject });
      expect([subject, answer.statusCode]).toEqual([subject, 201]);
    }
    const [, , conditional] = (await w.practice.get(`MedicationStatement?patient=${w.patient}`))
      .json()
      .entry.map((entry: { resource: { subject: object } }) => entry.resource.subject);
    expect(conditional).toEqual(expect.objectContaining({ reference: expect.any(String) }));
    const derivedFrom = (identifier: string) => ({
      derivedFrom: [{ reference: `MedicationStatement?identifier=${SOURCE}|${identifier}` }],
    });
    const linked = await w.create(w.practice, 'a', derivedFrom('0'));
    expect(linked.json().derivedFrom[0].reference).toMatch(/^MedicationStatement\/[0-9a-f-]{49}$/);
    expect((await w.create(w.practice, 'b', derivedFrom('none'))).statusCode).toBe(412);
  });
});
