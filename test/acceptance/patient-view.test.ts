import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TokenRequest } from '../../src/adapters/jwt/mint-token.ts';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, aConsent, anAllergy, aPatient, aStatement, NHS } from '../support/bundles.ts';
import { claimOf, eventsIn, parametersOf } from '../support/parameters.ts';
import { type Client, clientOf, submissionOf } from '../support/requests.ts';

const NHS_NUMBER = '9990000018';
const OTHER = '9990000026';
const NOPAT = {
  meta: {
    security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'NOPAT' }],
  },
};
const KHAN = { name: 'Dr A Khan', organizationName: 'Leeds Urgent Care', organization: 'RX1' };

describeOnBothStores('what a patient sees', (start) => {
  let app: TestApp;
  let practice: Client;
  let person: Client;
  let id: string;
  const client = (token: Omit<TokenRequest, 'now'>) => clientOf(app, token);

  beforeAll(async () => {
    app = await start();
    id = app.context.names.recordId(NHS_NUMBER);
    practice = await client({
      role: 'gp-system',
      organization: 'A81001',
      organizationName: 'Heaton Medical Centre',
    });
    person = await client({ role: 'patient', nhsNumber: NHS_NUMBER });
    for (const number of [NHS_NUMBER, OTHER]) {
      const resources = [
        aPatient(number, 'A81001'),
        aStatement('1'),
        anAllergy('2'),
        anAllergy('3', NOPAT),
        aCondition('4', NOPAT),
      ];
      const sent = await practice.post('$submit-record', submissionOf(aBundle(resources)));
      expect(sent.statusCode).toBe(200);
    }
  });
  afterAll(() => app.close());

  const doctor = (more: Partial<TokenRequest> = {}) =>
    client({ role: 'clinician', purpose: 'TREAT', patient: id, ...KHAN, ...more });
  const log = async (query = `patient=${id}`) => {
    const answer = await person.get(`AuditEvent?${query}`);
    expect(answer.statusCode).toBe(200);
    return eventsIn(answer);
  };
  /** What the newest entry of the patient's log says, as plain text. */
  const newest = async (): Promise<string> => {
    const [event] = await log(`patient=${id}&_count=1`);
    app.advance(60_000);
    return (event?.text?.div ?? '')
      .replace(/^<div xmlns="http:\/\/www\.w3\.org\/1999\/xhtml">(.*)<\/div>$/, '$1')
      .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  };
  const totals = async (who: Client) =>
    Promise.all(
      ['MedicationStatement', 'AllergyIntolerance', 'Condition'].map(
        async (type) => (await who.get(`${type}?patient=${id}`)).json().total,
      ),
    );

  it('is their own record less what is labelled NOPAT, and nobody else’s', async () => {
    expect(await totals(await doctor())).toEqual([1, 2, 1]);
    expect(await totals(person)).toEqual([1, 1, 0]);
    const hidden = (await (await doctor()).get(`Condition?patient=${id}`)).json().entry[0].resource;
    for (const path of [`Condition/${hidden.id}`, `Condition/${hidden.id}/_history`]) {
      expect((await person.get(path)).statusCode).toBe(404);
      expect((await (await doctor()).get(path)).statusCode).toBe(200);
    }
    const other = app.context.names.recordId(OTHER);
    expect((await person.get(`Patient/${other}`)).statusCode).toBe(404);
    expect((await person.get(`MedicationStatement?patient=${other}`)).json().total).toBe(0);
  });

  it('includes their choices, which they read and record', async () => {
    const choice = aConsent(id, 'sharing-out', 'permit', 'A81001');
    const made = await person.post('Consent', choice);
    expect(made.statusCode).toBe(201);
    expect((await person.get(`Consent/${made.json().id}`)).statusCode).toBe(200);
    expect((await person.get(`Consent?patient=${id}`)).json().total).toBe(1);
    const ended = { ...made.json(), status: 'inactive' };
    expect((await person.put(`Consent/${made.json().id}`, ended)).statusCode).toBe(200);
    expect((await person.get(`Consent/_history?patient=${id}`)).json().total).toBe(2);
    const foreign = aConsent(app.context.names.recordId(OTHER), 'scr-dissent', 'deny', 'A81001');
    expect((await person.post('Consent', foreign)).statusCode).toBe(404);
  });

  it('is who looked, at what, when and why, in plain words', async () => {
    app.advance(60_000 - (app.context.clock.now() % 60_000));
    app.advance(Date.parse('2026-03-02T14:00:00Z') - app.context.clock.now());
    await (await doctor()).get(`MedicationStatement?patient=${id}`);
    expect(await newest()).toBe(
      'Dr A Khan (clinician, Leeds Urgent Care) looked at your medicines on ' +
        '2 March 2026 at 14:00 because they said you agreed.',
    );
    await (await doctor({ purpose: 'ETREAT' })).get(`AllergyIntolerance?patient=${id}`);
    expect(await newest()).toBe(
      'Dr A Khan (clinician, Leeds Urgent Care) looked at your allergies and bad reactions on ' +
        '2 March 2026 at 14:01 because they said it was an emergency and you could not be asked. ' +
        'The privacy officer of their organisation was told.',
    );
    const stranger = await doctor({ patient: undefined, subject: 'dr-b' });
    expect((await stranger.get(`MedicationStatement?patient=${id}`)).statusCode).toBe(403);
    expect(await newest()).toBe(
      'Dr A Khan (clinician, Leeds Urgent Care) tried to look at your record on ' +
        '2 March 2026 at 14:02, but was refused.',
    );
    await stranger.post('$claim-relationship', claimOf(NHS_NUMBER, 'care-episode'));
    expect(await newest()).toBe(
      'Dr A Khan (clinician, Leeds Urgent Care) said that they are involved in your care on ' +
        '2 March 2026 at 14:03 because you are being cared for there. ' +
        'The privacy officer of their organisation was told.',
    );
    await practice.get(`AllergyIntolerance?patient=${id}`);
    expect(await newest()).toBe(
      'The computer system of Heaton Medical Centre looked at your allergies and bad reactions ' +
        'on 2 March 2026 at 14:04.',
    );
    await person.post('Consent', aConsent(id, 'view', 'permit', 'A81001'));
    expect(await newest()).toBe(
      'You recorded your choices about sharing on 2 March 2026 at 14:05.',
    );
  });

  it('says so when staff ask who could see the record, or an officer looks into an alert', async () => {
    const staff = await client({ role: 'practice-staff', organization: 'A81001', name: 'J Hill' });
    const asked = parametersOf({
      patient: { valueReference: { reference: `Patient/${id}` } },
      role: { valueCode: 'clinician' },
      organization: { valueString: 'RX1' },
    });
    expect((await staff.post('$explain-access', asked)).statusCode).toBe(200);
    expect(await newest()).toContain(
      'J Hill (practice staff, A81001) checked who could see your record',
    );
    await (await doctor({ purpose: 'ETREAT' })).get(`Patient/${id}`);
    const officer = await client({ role: 'privacy-officer', organization: 'RX1', name: 'P O' });
    const [alert] = eventsIn(await officer.get('AuditEvent?alert=true&_count=1'));
    const reason = 'Words for officers alone.';
    const closed = await officer.post(
      `AuditEvent/${alert?.id}/$resolve-alert`,
      parametersOf({ action: { valueCode: 'close' }, reason: { valueString: reason } }),
    );
    expect(closed.statusCode).toBe(201);
    expect(await newest()).toContain('P O (privacy officer, RX1) looked into an alert');
    expect(JSON.stringify(await log())).not.toContain(reason);
    expect(JSON.stringify(eventsIn(await officer.get('AuditEvent')))).toContain(reason);
  });

  it('does not tell by the log what is withheld from them', async () => {
    const viewer = await doctor();
    const found = (await viewer.get(`Condition?patient=${id}`)).json().entry[0].resource;
    await viewer.get(`Condition/${found.id}`);
    expect(await newest()).toContain('asked for one entry of your record on');
    const [event] = await log(`patient=${id}&action=R&_count=1&agent=development-clinician`);
    expect(JSON.stringify(event)).not.toMatch(/Condition|NOPAT|not-for-patient/);
    expect(await log(`patient=${id}&entity-name:exact=Condition&action=R`)).toEqual([]);
    const open = (await person.get(`AllergyIntolerance?patient=${id}`)).json().entry[0].resource;
    await viewer.get(`AllergyIntolerance/${open.id}`);
    expect(await newest()).toContain('about your allergies and bad reactions, on');
    expect(await log(`patient=${id}&entity-name:exact=AllergyIntolerance&action=R`)).not.toEqual(
      [],
    );
  });

  it('does not take another patient for them', async () => {
    const stranger = await client({ role: 'patient', nhsNumber: OTHER, subject: 'a-stranger' });
    const query = `patient.identifier=${encodeURIComponent(`${NHS}|${NHS_NUMBER}`)}`;
    expect((await stranger.get(`MedicationStatement?${query}`)).json().total).toBe(0);
    expect(await newest()).toContain(
      'Somebody who signed in as a patient looked at your medicines',
    );
    await person.get(`MedicationStatement?patient=${id}`);
    expect(await newest()).toContain('You looked at your medicines on');
  });

  it('takes no markup from a name', async () => {
    const name = `<img src="x" onerror='alert(1)'> & Co`;
    await (await doctor({ name })).get(`Patient/${id}`);
    const [event] = await log(`patient=${id}&_count=1`);
    const div = event?.text?.div ?? '';
    expect(div.match(/</g)).toHaveLength(2);
    expect(div).toContain('&#60;img src=&#34;x&#34; onerror=&#39;alert(1)&#39;&#62; &#38; Co');
  });

  it('is told in words when one entry is read, and words are for patients alone', async () => {
    await (await doctor()).get(`Patient/${id}`);
    const [event] = await log(`patient=${id}&_count=1`);
    const read = await person.get(`AuditEvent/${event?.id}`);
    expect([read.statusCode, read.json().text]).toEqual([200, event?.text]);
    const auditor = await client({ role: 'auditor', organization: 'X26' });
    expect((await auditor.get(`AuditEvent/${event?.id}`)).json()).not.toHaveProperty('text');
  });
});

function aCondition(identifier: string, more: object): object {
  return {
    resourceType: 'Condition',
    id: `co-${identifier}`,
    identifier: [{ system: 'https://source.test/id', value: identifier }],
    code: { coding: [{ system: 'http://snomed.info/sct', code: '195967001' }] },
    subject: { reference: 'Patient/p1' },
    ...more,
  };
}
