import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TokenRequest } from '../../src/adapters/jwt/mint-token.ts';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, aConsent, anAllergy, aPatient, aStatement } from '../support/bundles.ts';
import { nhsNumbers } from '../support/nhs-numbers.ts';
import { claimOf } from '../support/parameters.ts';
import { type Client, clientOf, submissionOf } from '../support/requests.ts';

const NUMBERS = nhsNumbers(40);

interface Version {
  readonly id: string;
  readonly status: string;
  readonly policy: readonly { readonly uri: string }[];
}

describeOnBothStores('opting out and in again', (start) => {
  let app: TestApp;
  let practice: Client;
  let nurses: Client;
  let staff: Client;
  let person: Client;
  let doctor: Client;
  let nhsNumber: string;
  let id: string;
  let turn = 0;
  const client = (token: Omit<TokenRequest, 'now'>) => clientOf(app, token);

  beforeAll(async () => {
    app = await start();
    practice = await client({ role: 'gp-system', organization: 'A81001', lifetimeHours: 48 });
    nurses = await client({ role: 'care-system', organization: 'RY601', lifetimeHours: 48 });
    staff = await client({ role: 'practice-staff', organization: 'A81001', lifetimeHours: 48 });
  });
  afterAll(() => app.close());

  beforeEach(async () => {
    nhsNumber = NUMBERS[turn++] ?? '';
    id = app.context.names.recordId(nhsNumber);
    person = await client({ role: 'patient', nhsNumber, lifetimeHours: 48 });
    const clinician = { role: 'clinician', organization: 'RX1', purpose: 'ETREAT' } as const;
    doctor = await client({ ...clinician, patient: id, lifetimeHours: 48 });
  });

  const submit = async (who: Client, resources: object[] = [aStatement('1'), anAllergy('2')]) => {
    app.advance(1000);
    const bundle = aBundle([aPatient(nhsNumber, who === nurses ? null : 'A81001'), ...resources]);
    return (await who.post('$submit-record', submissionOf(bundle))).statusCode;
  };
  const choose = async (who: Client, policy: string, more: object = {}, owner = 'A81001') => {
    app.advance(1000);
    const type = policy === 'scr-dissent' ? 'deny' : 'permit';
    const dateTime = new Date(app.context.clock.now()).toISOString();
    return who.post('Consent', aConsent(id, policy, type, owner, { dateTime, ...more }));
  };
  const total = async (who: Client) => {
    const answer = await who.get(`MedicationStatement?patient=${id}`);
    return answer.statusCode === 200 ? answer.json().total : answer.statusCode;
  };
  const policies = async (who: Client, path: string) => {
    const { entry = [] } = (await who.get(path)).json() as { entry?: { resource: Version }[] };
    return entry.map(({ resource }) => resource.policy[0]?.uri.split('/').at(-1));
  };

  it.each(['the practice’s staff', 'the patient'])(
    'recorded by %s hides the record at once, refuses submissions and keeps the evidence',
    async (who) => {
      expect(await submit(practice)).toBe(200);
      expect(await submit(nurses, [aStatement('9')])).toBe(200);
      expect([await total(doctor), (await doctor.get(`Patient/${id}`)).statusCode]).toEqual([
        2, 200,
      ]);
      const recorded = await choose(who === 'the patient' ? person : staff, 'scr-dissent');
      expect(recorded.statusCode).toBe(201);
      expect([await total(doctor), await total(nurses)]).toEqual([0, 0]);
      expect((await doctor.get(`Patient/${id}`)).statusCode).toBe(404);
      const shown = [await total(person), await total(practice), await total(staff)];
      expect(shown).toEqual([2, 1, 1]);
      expect([await submit(practice), await submit(nurses)]).toEqual([403, 403]);
      expect(
        (await doctor.post('$claim-relationship', claimOf(nhsNumber, 'emergency'))).statusCode,
      ).toBe(201);
      expect(await total(doctor)).toBe(0);
      expect(await total(person)).toBe(2);
    },
  );

  it('is undone by opting in, and each service’s next submission brings its part back', async () => {
    await submit(practice);
    await submit(nurses, [aStatement('9')]);
    await choose(staff, 'scr-dissent');
    expect((await choose(person, 'scr-core-and-additional')).statusCode).toBe(201);
    expect([await total(doctor), await total(person)]).toEqual([0, 2]);
    expect(await submit(practice)).toBe(200);
    expect([await total(doctor), await total(nurses)]).toEqual([1, 0]);
    expect(await submit(nurses, [aStatement('9')])).toBe(200);
    expect([await total(doctor), await total(nurses)]).toEqual([2, 1]);
    expect((await choose(person, 'scr-dissent')).statusCode).toBe(201);
    expect(await total(doctor)).toBe(0);
  });

  it('by ending the Consent goes back to what held before', async () => {
    await submit(practice);
    const dissent = (await choose(staff, 'scr-dissent')).json();
    const ended = await staff.put(`Consent/${dissent.id}`, { ...dissent, status: 'inactive' });
    expect([ended.statusCode, ended.json().status]).toEqual([200, 'inactive']);
    expect(await total(doctor)).toBe(0);
    expect([await submit(practice), await total(doctor)]).toEqual([200, 1]);
  });

  it('is a history of choices that the practice and the patient can read, newest first', async () => {
    await submit(practice);
    const first = (await choose(staff, 'scr-core')).json();
    await choose(person, 'scr-dissent');
    await choose(person, 'scr-core-and-additional');
    app.advance(1000);
    const changed = { ...first, status: 'inactive' };
    expect((await staff.put(`Consent/${first.id}`, changed)).statusCode).toBe(200);
    const all = ['scr-core', 'scr-core-and-additional', 'scr-dissent'];
    const history = ['scr-core', 'scr-core-and-additional', 'scr-dissent', 'scr-core'];
    for (const who of [staff, person]) {
      expect((await policies(who, `Consent?patient=${id}`)).sort()).toEqual(all);
      expect(await policies(who, `Consent/_history?patient=${id}`)).toEqual(history);
      const versions = (await who.get(`Consent/${first.id}/_history`)).json().entry;
      const statuses = versions.map((each: { resource: Version }) => each.resource.status);
      expect(statuses).toEqual(['inactive', 'active']);
    }
    expect(await policies(doctor, `Consent?patient=${id}`)).toEqual([]);
    expect(await policies(doctor, `Consent/_history?patient=${id}`)).toEqual([]);
  });

  it('stays in the history through an opt-out, for the practice and the patient alone', async () => {
    await submit(practice);
    await submit(practice, [aStatement('1', { note: [{ text: 'Changed' }] })]);
    await choose(person, 'scr-dissent');
    const path = `MedicationStatement/_history?patient=${id}`;
    for (const who of [person, practice]) expect((await who.get(path)).json().total).toBe(2);
    expect((await doctor.get(path)).json().total).toBe(0);
    expect(await policies(staff, `Consent/_history?patient=${id}`)).toEqual(['scr-dissent']);
  });

  it('begins and ends with the period that the choice states', async () => {
    await submit(practice);
    const at = (hours: number) =>
      new Date(app.context.clock.now() + hours * 3_600_000).toISOString();
    const provision = { type: 'deny', period: { start: at(1), end: at(2) } };
    expect((await choose(person, 'scr-dissent', { provision })).statusCode).toBe(201);
    expect(await total(doctor)).toBe(1);
    app.advance(1.5 * 3_600_000);
    expect([await total(doctor), await submit(practice)]).toEqual([0, 403]);
    app.advance(3_600_000);
    expect(await total(doctor)).toBe(0);
    expect([await submit(practice), await total(doctor)]).toEqual([200, 1]);
  });

  it('moves with the patient to another practice', async () => {
    await submit(practice);
    await choose(person, 'scr-dissent');
    const next = await client({ role: 'gp-system', organization: 'B82002', lifetimeHours: 48 });
    const bundle = aBundle([aPatient(nhsNumber, 'B82002'), aStatement('1')]);
    expect((await next.post('$submit-record', submissionOf(bundle))).statusCode).toBe(403);
    await choose(person, 'scr-core');
    expect((await next.post('$submit-record', submissionOf(bundle))).statusCode).toBe(200);
    expect(await total(doctor)).toBe(1);
  });

  it('is open to a patient who has no practice here yet, and holds when one registers', async () => {
    expect(await submit(nurses, [aStatement('9')])).toBe(200);
    expect(await total(doctor)).toBe(1);
    const nowhere = await choose(person, 'scr-dissent');
    expect([nowhere.statusCode, nowhere.json().issue[0].code]).toEqual([403, 'forbidden']);
    expect((await choose(person, 'scr-dissent', {}, 'RY601')).statusCode).toBe(201);
    expect([await total(doctor), await total(nurses), await total(person)]).toEqual([0, 0, 1]);
    expect([await submit(nurses), await submit(practice)]).toEqual([403, 403]);
    expect((await choose(person, 'scr-core', {}, 'RY601')).statusCode).toBe(201);
    expect([await submit(nurses, [aStatement('9')]), await total(doctor)]).toEqual([200, 1]);
    expect(await submit(practice)).toBe(200);
    expect(await policies(staff, `Consent/_history?patient=${id}`)).toEqual([
      'scr-core',
      'scr-dissent',
    ]);
  });

  it('is not recorded by services that are not the patient’s practice', async () => {
    await submit(practice);
    const foreign = await client({ role: 'practice-staff', organization: 'B82002' });
    const unknown = nhsNumbers(60)[59] ?? '';
    const elsewhere = await choose(foreign, 'scr-dissent', {}, 'B82002');
    const nobody = await foreign.post(
      'Consent',
      aConsent(app.context.names.recordId(unknown), 'scr-dissent', 'deny', 'B82002'),
    );
    expect([elsewhere.statusCode, nobody.statusCode]).toEqual([403, 403]);
    expect(elsewhere.body).toBe(nobody.body);
    expect((await choose(doctor, 'scr-dissent')).statusCode).toBe(403);
    expect(await total(doctor)).toBe(1);
  });

  it('needs a record here: whoever has none opts out at their practice', async () => {
    expect((await choose(person, 'scr-dissent')).statusCode).toBe(404);
    const dissent = aConsent(id, 'scr-dissent', 'deny', 'A81001', {
      patient: { reference: 'Patient/p1' },
      performer: [{ reference: 'Patient/p1' }],
      identifier: [{ system: 'https://source.test/id', value: 'c1' }],
    });
    expect(await submit(practice, [dissent])).toBe(200);
    expect(await submit(practice)).toBe(403);
    expect(await policies(person, `Consent?patient=${id}`)).toEqual(['scr-dissent']);
    expect((await doctor.get(`Patient/${id}`)).statusCode).toBe(404);
  });

  it('holds at once though a clock goes a little before ours, and is refused far ahead of it', async () => {
    await submit(practice);
    const at = (minutes: number) => ({
      dateTime: new Date(app.context.clock.now() + minutes * 60_000).toISOString(),
    });
    const far = await choose(staff, 'scr-dissent', at(10));
    expect([far.statusCode, await total(doctor)]).toEqual([422, 1]);
    expect((await choose(staff, 'scr-dissent', at(2))).statusCode).toBe(201);
    expect((await doctor.get(`Patient/${id}`)).statusCode).toBe(404);
  });
});
