import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TokenRequest } from '../../src/adapters/jwt/mint-token.ts';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import {
  aBundle,
  aConsent,
  anAllergy,
  aPatient,
  aStatement,
  NHS,
  organization,
} from '../support/bundles.ts';
import {
  decisionIn,
  entriesIn,
  type Question,
  question,
  rulesIn,
  theOne,
} from '../support/explanations.ts';
import { eventsIn, parametersOf } from '../support/parameters.ts';
import { type Client, clientOf, submissionOf } from '../support/requests.ts';

const SHARED = '9990000018';
const OPTED_OUT = '9990000026';
const ELSEWHERE = '9990000034';
const UNKNOWN = '9990000042';
const PRIVATE = {
  meta: {
    security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
  },
};
/** Acute, and long past the summary's window. */
const OLD = { status: 'completed', effectivePeriod: { start: '2019-01-05', end: '2019-01-12' } };

describeOnBothStores('explaining access', (start) => {
  let app: TestApp;
  let staff: Client;
  let auditor: Client;
  const client = (token: Omit<TokenRequest, 'now'>) => clientOf(app, token);
  const recordId = (nhsNumber: string) => app.context.names.recordId(nhsNumber);
  const submit = async (who: Omit<TokenRequest, 'now'>, resources: object[]) => {
    const system = await client(who);
    const answer = await system.post('$submit-record', submissionOf(aBundle(resources)));
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  };

  beforeAll(async () => {
    app = await start();
    staff = await client({ role: 'practice-staff', organization: 'A81001' });
    auditor = await client({ role: 'auditor', organization: 'X26' });
    const practice = { role: 'gp-system', organization: 'A81001' } as const;
    const own = [aStatement('1'), aStatement('2', OLD), anAllergy('3'), anAllergy('4', PRIVATE)];
    for (const number of [SHARED, OPTED_OUT]) {
      await submit(practice, [aPatient(number, 'A81001'), ...own]);
    }
    await submit({ role: 'gp-system', organization: 'B82002' }, [
      aPatient(ELSEWHERE, 'B82002'),
      aStatement('1'),
    ]);
    await submit({ role: 'care-system', organization: 'RY601' }, [
      aPatient(SHARED, 'A81001'),
      aStatement('5'),
      anAllergy('6', PRIVATE),
    ]);
    const dissent = aConsent(recordId(OPTED_OUT), 'scr-dissent', 'deny', 'A81001');
    expect((await staff.post('Consent', dissent)).statusCode).toBe(201);
  });
  afterAll(() => app.close());

  const ask = (who: Client, nhsNumber: string, more: Question = {}) =>
    who.post('$explain-access', question({ patient: `Patient/${recordId(nhsNumber)}`, ...more }));

  it('tells a practice which of its entries a clinician would see, and why not the others', async () => {
    const answer = await ask(staff, SHARED, { purpose: 'TREAT', relationship: true });
    expect(answer.statusCode).toBe(200);
    expect(decisionIn(answer)).toEqual('permitted');
    expect(rulesIn(answer)).toEqual({
      relationship: 0,
      'permission-to-view': 0,
      'summary-window': 1,
      'private-entry': 1,
    });
    const entries = entriesIn(answer);
    expect(
      entries
        .filter(({ disclosed }) => disclosed)
        .map(({ reference }) => reference.split('/')[0])
        .sort(),
    ).toEqual(['AllergyIntolerance', 'MedicationStatement', 'Patient']);
    const withheld = entries.filter(({ disclosed }) => !disclosed);
    expect(withheld.map(({ rule, reason }) => [rule, typeof reason]).sort()).toEqual([
      ['private-entry', 'string'],
      ['summary-window', 'string'],
    ]);
  });

  it('agrees, entry by entry, with what such a clinician then gets', async () => {
    const doctor = await client({
      role: 'clinician',
      organization: 'RX1',
      purpose: 'TREAT',
      patient: recordId(SHARED),
    });
    const explained = entriesIn(await ask(staff, SHARED, { purpose: 'TREAT', relationship: true }));
    expect(explained.length).toBeGreaterThan(4);
    for (const { reference, disclosed } of explained) {
      const answer = await doctor.get(reference);
      expect([reference, answer.statusCode]).toEqual([reference, disclosed ? 200 : 404]);
    }
  });

  it('says what is missing: a relationship, a purpose, and what an override would alert', async () => {
    const stranger = await ask(staff, SHARED, { purpose: 'TREAT' });
    expect([decisionIn(stranger), rulesIn(stranger)]).toEqual(['refused', { relationship: 5 }]);
    expect(entriesIn(stranger).every(({ disclosed }) => disclosed === false)).toBe(true);
    const mute = await ask(staff, SHARED, { relationship: true });
    expect([decisionIn(mute), Object.keys(rulesIn(mute))]).toEqual([
      'refused',
      ['permission-to-view'],
    ]);
    const emergency = await ask(staff, SHARED, { relationship: true, purpose: 'ETREAT' });
    expect([decisionIn(emergency), theOne(emergency, 'alert')]).toEqual([
      'permitted',
      'emergency-access',
    ]);
    const legal = await ask(staff, SHARED, { relationship: true, purpose: 'HLEGAL' });
    expect([decisionIn(legal), theOne(legal, 'alert')]).toEqual(['permitted', 'legal-access']);
    const registered = await ask(staff, SHARED, { organization: 'A81001' });
    expect([decisionIn(registered), theOne(registered, 'alert')]).toEqual(['permitted', null]);
  });

  it('follows a choice at once', async () => {
    const refusal = aConsent(recordId(SHARED), 'sharing-in', 'deny', 'RX7');
    const clinic = { role: 'clinician', organization: 'RX7', purpose: 'TREAT' } as const;
    const doctor = await client({ ...clinic, patient: recordId(SHARED) });
    const asked = { organization: 'RX7', purpose: 'TREAT', relationship: true };
    expect(rulesIn(await ask(staff, SHARED, asked))).not.toHaveProperty('sharing-in');
    expect((await doctor.post('Consent', refusal)).statusCode).toBe(201);
    expect(rulesIn(await ask(staff, SHARED, asked))).toMatchObject({ 'sharing-in': 3 });
  });

  it('tells staff nothing of other organisations’ entries, not even how many there are', async () => {
    const asked = { purpose: 'TREAT', relationship: true };
    const before = await ask(staff, SHARED, asked);
    await submit({ role: 'care-system', organization: 'RY601' }, [
      aPatient(SHARED, 'A81001'),
      aStatement('5'),
      aStatement('7'),
      anAllergy('6', PRIVATE),
      anAllergy('8', PRIVATE),
    ]);
    expect((await ask(staff, SHARED, asked)).body).toBe(before.body);
    const whole = await ask(auditor, SHARED, asked);
    expect(rulesIn(whole)['private-entry']).toBe(3);
    const system = await ask(staff, SHARED, { role: 'care-system', organization: 'RY601' });
    expect([system.statusCode, system.json().issue[0].expression[0]]).toEqual([
      422,
      "Parameters.parameter.where(name='role')",
    ]);
    const own = await ask(staff, SHARED, { role: 'gp-system', organization: 'A81001' });
    expect(decisionIn(own)).toBe('permitted');
  });

  it('tells an auditor how many entries each rule withholds, and never which', async () => {
    const asked = { purpose: 'TREAT', relationship: true };
    const hidden = await ask(auditor, OPTED_OUT, asked);
    expect([decisionIn(hidden), rulesIn(hidden)]).toEqual(['nothing-found', { dissent: 6 }]);
    const shown = await ask(auditor, SHARED, { ...asked, role: 'patient', organization: null });
    expect(decisionIn(shown)).toBe('permitted');
    const unknown = await ask(auditor, UNKNOWN, asked);
    expect([decisionIn(unknown), rulesIn(unknown)]).toEqual(['nothing-found', {}]);
    for (const answer of [hidden, shown, unknown]) {
      expect(answer.body).not.toMatch(/"name":"entry"|MedicationStatement|AllergyIntolerance/);
    }
  });

  it('shows the practice that an opt-out hides everything, and from whom', async () => {
    const elsewhere = await ask(staff, OPTED_OUT, { purpose: 'ETREAT', relationship: true });
    expect([decisionIn(elsewhere), rulesIn(elsewhere)]).toEqual(['nothing-found', { dissent: 6 }]);
    const own = await ask(staff, OPTED_OUT, { organization: 'A81001' });
    expect(decisionIn(own)).toBe('permitted');
    const person = await ask(staff, OPTED_OUT, { role: 'patient', organization: null });
    expect(entriesIn(person).every(({ disclosed }) => disclosed)).toBe(true);
  });

  it('answers alike for patients of another practice and for unknown ones', async () => {
    const [other, unknown] = [await ask(staff, ELSEWHERE), await ask(staff, UNKNOWN)];
    expect(other.statusCode).toBe(404);
    expect(unknown.body).toBe(other.body);
    expect((await ask(staff, SHARED)).statusCode).toBe(200);
  });

  it('refuses roles that see no records, as the server would', async () => {
    const answer = await ask(staff, SHARED, { role: 'auditor' });
    expect([decisionIn(answer), rulesIn(answer)]).toEqual(['refused', { role: 5 }]);
  });

  it('takes the patient by reference or NHS number, and names every fault', async () => {
    const byNumber = await staff.post(
      '$explain-access',
      parametersOf({
        patient: { valueIdentifier: { system: NHS, value: SHARED } },
        role: { valueCode: 'clinician' },
        organization: { valueReference: organization('RX1') },
      }),
    );
    expect(byNumber.statusCode).toBe(200);
    const logical = { identifier: { system: NHS, value: SHARED } };
    const byReference = await staff.post(
      '$explain-access',
      parametersOf({
        patient: { valueReference: logical },
        role: { valueCode: 'clinician' },
        organization: { valueString: 'RX1' },
      }),
    );
    expect(byReference.body).toBe(byNumber.body);
    const faults = await staff.post('$explain-access', parametersOf({ role: { valueCode: 'x' } }));
    expect([faults.statusCode, faults.json().issue.length]).toEqual([422, 3]);
    expect((await staff.post('$explain-access', { resourceType: 'Basic' })).statusCode).toBe(422);
  });

  it('is for practice staff and auditors alone', async () => {
    for (const role of ['clinician', 'privacy-officer', 'gp-system'] as const) {
      const who = await client({ role, organization: 'A81001', scope: 'user/*.rs system/*.rs' });
      expect((await ask(who, SHARED)).statusCode).toBe(403);
    }
    const narrow = { role: 'practice-staff', organization: 'A81001' } as const;
    const unscoped = await client({ ...narrow, scope: 'user/Condition.rs' });
    expect((await ask(unscoped, SHARED)).statusCode).toBe(403);
    const scoped = await client({ ...narrow, scope: 'user/Consent.rs' });
    const little = await ask(scoped, SHARED, { purpose: 'TREAT', relationship: true });
    expect([decisionIn(little), entriesIn(little)]).toEqual(['permitted', []]);
  });

  it('is in the audit log with what was asked, and raises no alert', async () => {
    await ask(staff, SHARED, { purpose: 'ETREAT', relationship: true, organization: 'RX5' });
    const log = await auditor.get(`AuditEvent?patient=${recordId(SHARED)}&_count=1`);
    const [event] = eventsIn(log);
    expect(event?.subtype.map(({ code }) => code)).toEqual(['operation', 'explain-access']);
    const target = event?.entity.flatMap(({ detail = [] }) => detail).at(-1) as unknown;
    const { valueBase64Binary } = target as { valueBase64Binary: string };
    const text = Buffer.from(valueBase64Binary, 'base64').toString();
    expect(text).toContain('role=clinician&organization=RX5&purpose=ETREAT&relationship=true');
    expect(text).not.toContain(SHARED);
    const officer = await client({ role: 'privacy-officer', organization: 'RX5' });
    expect(eventsIn(await officer.get('AuditEvent?alert=true'))).toEqual([]);
  });
});
