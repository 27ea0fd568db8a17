import { beforeEach, expect, it } from 'vitest';
import { aBundle, aConsent, anAllergy, aPatient, aStatement } from '../support/bundles.ts';
import { type Client, clientOf, submissionOf } from '../support/requests.ts';
import { codes, describeWriting } from '../support/writing.ts';

const HOUR_MS = 3_600_000;
const RESTRICTED = {
  security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
};
const UNKNOWN = '01a2011b-93d2-76e9-ab25-a9d0aa5d3c0f';

describeWriting('a generated document', (writing) => {
  let staff: Client;
  beforeEach(async () => {
    staff = await clientOf(writing.app, { role: 'practice-staff', organization: 'A81001' });
    await submit([aStatement('1'), anAllergy('1')]);
  });

  const submit = async (entries: readonly object[]) => {
    const record = aBundle([aPatient(writing.nhsNumber, 'A81001'), ...entries]);
    expect((await writing.practice.post('$submit-record', submissionOf(record))).statusCode).toBe(
      200,
    );
  };
  const clinician = (more: object = {}) =>
    clientOf(writing.app, {
      role: 'clinician',
      organization: 'RX1',
      purpose: 'TREAT',
      patient: writing.patient,
      ...more,
    });
  const generate = async (client: Client) => {
    const answer = await client.get(`Patient/${writing.patient}/$summary`);
    expect(answer.statusCode).toBe(200);
    return { id: String(answer.json().id), body: answer.body };
  };
  /** Whether it is answered as a document that never existed is, in all but what differs anyway. */
  const expectNothing = async (client: Client, id: string) => {
    const [hidden, absent] = [await client.get(`Bundle/${id}`), await client.get(`Bundle/none`)];
    const told = ({ statusCode, body, headers }: typeof hidden) => {
      const { date: _, 'x-request-id': __, ...rest } = headers;
      return { statusCode, body, headers: rest };
    };
    expect(absent.statusCode).toBe(404);
    expect(told(hidden)).toEqual(told(absent));
  };

  it('is read again as it was, by the person who asked for it', async () => {
    const { id, body } = await generate(writing.clinician);
    writing.app.advance(HOUR_MS);
    const again = await writing.clinician.get(`Bundle/${id}`);
    expect([again.statusCode, again.body]).toEqual([200, body]);
    expect(again.headers).toMatchObject({
      etag: 'W/"1"',
      'content-type': 'application/fhir+json; charset=utf-8',
    });
    expect(Date.parse(String(again.headers['last-modified']))).toBeLessThanOrEqual(
      Date.parse(again.json().timestamp),
    );
  });

  it('is answered to HEAD without its body, and with 304 to who has it', async () => {
    const { id } = await generate(writing.clinician);
    const authorization = await writing.app.authorization({
      role: 'clinician',
      organization: 'RX1',
      purpose: 'TREAT',
      patient: writing.patient,
    });
    const url = `/FHIR/R4/Bundle/${id}`;
    const head = await writing.app.server.inject({
      method: 'HEAD',
      url,
      headers: { authorization },
    });
    expect([head.statusCode, head.body, head.headers.etag]).toEqual([200, '', 'W/"1"']);
    const known = await writing.clinician.get(`Bundle/${id}`, { 'if-none-match': 'W/"1"' });
    expect([known.statusCode, known.body]).toEqual([304, '']);
    const other = await writing.clinician.get(`Bundle/${id}`, { 'if-none-match': 'W/"2"' });
    expect(other.statusCode).toBe(200);
  });

  it('is found by nobody else: another person, organisation or role', async () => {
    const { id } = await generate(writing.clinician);
    await expectNothing(await clinician({ subject: 'another-person' }), id);
    await expectNothing(await clinician({ organization: 'RX2' }), id);
    await expectNothing(staff, id);
    await expectNothing(writing.practice, id);
    expect((await writing.clinician.get(`Bundle/${id}`)).statusCode).toBe(200);
  });

  it('is not found by another id, nor by that of an access that made none', async () => {
    const { id } = await generate(writing.clinician);
    const auditor = await clientOf(writing.app, { role: 'auditor', organization: 'X26' });
    expect(
      (await writing.clinician.get(`MedicationStatement?patient=${writing.patient}`)).statusCode,
    ).toBe(200);
    const log = await auditor.get(`AuditEvent?patient=Patient/${writing.patient}`);
    const others = (log.json().entry as { resource: { id: string } }[])
      .map(({ resource }) => resource.id)
      .filter((each) => each !== id);
    expect(others.length).toBeGreaterThan(2);
    const tampered = id.replace(/.$/, (last) => (last === 'f' ? 'e' : 'f'));
    for (const each of [UNKNOWN, tampered, id.toUpperCase(), `${id}-`, ...others]) {
      await expectNothing(writing.clinician, each);
    }
  });

  it('is gone without a trace when it is no longer retained', async () => {
    const { id } = await generate(writing.clinician);
    writing.app.advance(24 * HOUR_MS - 1);
    const lasting = await clinician();
    expect((await lasting.get(`Bundle/${id}`)).statusCode).toBe(200);
    writing.app.advance(1);
    await expectNothing(lasting, id);
  });

  it('does not exist while the patient is opted out, and does again when they opted in', async () => {
    const { id, body } = await generate(writing.clinician);
    const choose = (policy: string, type: 'permit' | 'deny', dateTime: string) =>
      staff.post('Consent', aConsent(writing.patient, policy, type, 'A81001', { dateTime }));
    expect((await choose('scr-dissent', 'deny', '2026-03-01T10:00:00Z')).statusCode).toBe(201);
    await expectNothing(writing.clinician, id);
    writing.app.advance(1_000);
    expect(
      (await choose('scr-core-and-additional', 'permit', '2026-03-01T11:00:00Z')).statusCode,
    ).toBe(201);
    // What was submitted before the dissent stays masked until the next submission.
    await expectNothing(writing.clinician, id);
    writing.app.advance(1_000);
    await submit([aStatement('1'), anAllergy('1')]);
    expect((await writing.clinician.get(`Bundle/${id}`)).body).toBe(body);
  });

  it('does not exist once something in it was made private, and does for who recorded it', async () => {
    const [theirs, own] = [await generate(writing.clinician), await generate(writing.practice)];
    await submit([aStatement('1'), anAllergy('1', { meta: RESTRICTED })]);
    await expectNothing(writing.clinician, theirs.id);
    expect((await writing.practice.get(`Bundle/${own.id}`)).body).toBe(own.body);
  });

  it('does not exist once permission to view is refused, and does in an emergency', async () => {
    const { id } = await generate(writing.clinician);
    const view = aConsent(writing.patient, 'view', 'deny', 'A81001');
    expect((await staff.post('Consent', view)).statusCode).toBe(201);
    expect(
      (await writing.clinician.get(`MedicationStatement?patient=${writing.patient}`)).statusCode,
    ).toBe(403);
    await expectNothing(writing.clinician, id);
    const emergency = await clinician({ purpose: 'ETREAT' });
    expect((await emergency.get(`Bundle/${id}`)).statusCode).toBe(200);
  });

  it('does not exist once the relationship is lost, and does when there is one again', async () => {
    const claiming = await clinician({ patient: undefined });
    const claim = () =>
      claiming.post('$claim-relationship', {
        resourceType: 'Parameters',
        parameter: [
          { name: 'nhsNumber', valueString: writing.nhsNumber },
          { name: 'reason', valueCode: 'care-episode' },
        ],
      });
    expect((await claim()).statusCode).toBe(201);
    writing.app.advance(12 * HOUR_MS);
    const later = await clinician({ patient: undefined });
    const { id, body } = await generate(later);
    writing.app.advance(12 * HOUR_MS);
    const lost = await clinician({ patient: undefined });
    await expectNothing(lost, id);
    expect((await lost.get(`Patient/${writing.patient}/$summary`)).statusCode).toBe(403);
    expect(
      (
        await clinician({ patient: undefined }).then((again) =>
          again.post('$claim-relationship', {
            resourceType: 'Parameters',
            parameter: [
              { name: 'nhsNumber', valueString: writing.nhsNumber },
              { name: 'reason', valueCode: 'care-episode' },
            ],
          }),
        )
      ).statusCode,
    ).toBe(201);
    expect((await lost.get(`Bundle/${id}`)).body).toBe(body);
  });

  it('does not reach beyond the patient that a token is limited to', async () => {
    const { id } = await generate(writing.clinician);
    await expectNothing(await clinician({ patient: `${writing.patient}0` }), id);
    expect((await (await clinician()).get(`Bundle/${id}`)).statusCode).toBe(200);
  });

  it('stays what it was when the record changes, as long as all of it may be seen', async () => {
    const { id, body } = await generate(writing.clinician);
    for (const text of ['one daily', 'two daily']) {
      writing.app.advance(1_000);
      await submit([aStatement('1', { dosage: [{ text }] }), aStatement('2'), anAllergy('1')]);
    }
    expect((await writing.clinician.get(`Bundle/${id}`)).body).toBe(body);
    expect((await generate(writing.clinician)).body).toContain('two daily');
    writing.app.advance(1_000);
    await submit([anAllergy('1')]);
    // The withdrawn medicine is gone to them, and its earlier versions may be seen.
    expect((await writing.clinician.get(`Bundle/${id}`)).body).toBe(body);
  });

  it('is not disturbed by what happens to entries that its reader never could see', async () => {
    const hidden = (text: string) => anAllergy('2', { meta: RESTRICTED, code: { text } });
    const { id, body } = await generate(writing.clinician);
    const first = await writing.clinician.get(`Bundle/${id}`);
    for (const extract of [[hidden('one')], [hidden('two')], []]) {
      await submit([aStatement('1'), anAllergy('1'), ...extract]);
      const again = await writing.clinician.get(`Bundle/${id}`);
      expect([again.body, again.headers.etag]).toEqual([body, first.headers.etag]);
    }
    await submit([aStatement('1'), anAllergy('1'), hidden('three')]);
    const own = await generate(writing.practice);
    expect(own.body).toContain('three');
  });

  it('names the practice of its time when the patient has moved', async () => {
    await writing.nurses.post(
      '$submit-record',
      submissionOf(aBundle([aPatient(writing.nhsNumber, 'A81001'), anAllergy('n')])),
    );
    const { id, body } = await generate(writing.clinician);
    expect(body).toContain('registered practice A81001');
    writing.app.advance(1_000);
    const moved = aBundle([aPatient(writing.nhsNumber, 'B82002'), aStatement('9')]);
    expect((await writing.other.post('$submit-record', submissionOf(moved))).statusCode).toBe(200);
    expect((await generate(writing.clinician)).body).toContain('registered practice B82002');
    const again = await writing.clinician.get(`Bundle/${id}`);
    expect([again.statusCode, again.body]).toEqual([200, body]);
  });

  it('is the patient’s own to read again, and is read as part of a batch', async () => {
    const patient = await clientOf(writing.app, {
      role: 'patient',
      nhsNumber: writing.nhsNumber,
    });
    const { id, body } = await generate(patient);
    const batch = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: `Bundle/${id}` } }],
    };
    const answer = await patient.post('', batch);
    expect(answer.json().entry[0].resource).toEqual(JSON.parse(body));
    expect(answer.json().entry[0].response).toMatchObject({
      status: '200 OK',
      etag: 'W/"1"',
    });
  });

  it('is in the audit log each time it is read, and each time it is not found', async () => {
    const { id } = await generate(writing.clinician);
    await writing.clinician.get(`Bundle/${id}`);
    await staff.post('Consent', aConsent(writing.patient, 'scr-dissent', 'deny', 'A81001'));
    await writing.clinician.get(`Bundle/${id}`);
    const auditor = await clientOf(writing.app, { role: 'auditor', organization: 'X26' });
    const log = await auditor.get(`AuditEvent?patient=Patient/${writing.patient}&action=R`);
    const [missed, read, made] = (log.json().entry as { resource: Logged }[]).map(
      ({ resource }) => resource,
    );
    expect([missed?.outcome, read?.outcome, made?.id]).toEqual(['4', '0', id]);
    const named = (event?: Logged) =>
      event?.entity.map(({ what }) => what?.reference).filter((each) => each?.includes('_history'));
    expect(named(read)).toEqual(named(made));
    expect(named(read)?.length).toBe(3);
    expect(JSON.stringify(missed)).toContain('https://scr.example/fhir/rule/dissent');
  });

  it('needs a scope on Bundle, and a role that reads records', async () => {
    const { id } = await generate(writing.clinician);
    const without = await clinician({ scope: 'user/Patient.r user/MedicationStatement.rs' });
    const officer = await clientOf(writing.app, { role: 'privacy-officer', organization: 'RX1' });
    const answers = [await without.get(`Bundle/${id}`), await officer.get(`Bundle/${id}`)];
    expect(codes(answers)).toEqual([403, 403]);
    const within = await clinician({ scope: 'user/*.r' });
    expect((await within.get(`Bundle/${id}`)).statusCode).toBe(200);
    // A scope that reaches less than the document holds does not reach the document.
    await expectNothing(await clinician({ scope: 'user/Bundle.r user/Patient.r' }), id);
  });
});

interface Logged {
  readonly id: string;
  readonly outcome: string;
  readonly entity: readonly { readonly what?: { readonly reference?: string } }[];
}
