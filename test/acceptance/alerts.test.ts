import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TokenRequest } from '../../src/adapters/jwt/mint-token.ts';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, aConsent, anAllergy, aPatient, aStatement } from '../support/bundles.ts';
import { claimOf, type Event, eventsIn, parametersOf } from '../support/parameters.ts';
import { type Client, clientOf, submissionOf } from '../support/requests.ts';

const NUMBERS = ['9990000018', '9990000026', '9990000034', '9990000042', '9990000050'];
const NHS_NUMBER = '9990000077';
const UNKNOWN = '9990000085';

describeOnBothStores('alerts to the privacy officer', (start) => {
  let app: TestApp;
  let practice: Client;
  let officer: Client;
  let organization: string;
  let turn = 0;
  const client = (token: Omit<TokenRequest, 'now'>) => clientOf(app, token);
  const patient = () => app.context.names.recordId(NHS_NUMBER);

  beforeAll(async () => {
    app = await start();
    practice = await client({ role: 'gp-system', organization: 'A81001' });
    const resources = [aPatient(NHS_NUMBER, 'A81001'), aStatement('1'), anAllergy('2')];
    const sent = await practice.post('$submit-record', submissionOf(aBundle(resources)));
    expect(sent.statusCode).toBe(200);
  });
  afterAll(() => app.close());

  beforeEach(async () => {
    organization = `RX${++turn}`;
    officer = await client({ role: 'privacy-officer', organization });
  });

  const viewer = (more: Partial<TokenRequest> = {}) =>
    client({ role: 'clinician', organization, patient: patient(), ...more });
  const queue = async (query = 'alert=true'): Promise<readonly Event[]> => {
    const answer = await officer.get(`AuditEvent?${query}`);
    expect([answer.statusCode, answer.json().resourceType]).toEqual([200, 'Bundle']);
    return eventsIn(answer);
  };
  const kinds = async (query?: string) =>
    (await queue(query)).map(({ subtype }) => subtype.at(-1)?.code);
  const resolve = (id: string, action: string, reason: string, who = officer) =>
    who.post(
      `AuditEvent/${id}/$resolve-alert`,
      parametersOf({ action: { valueCode: action }, reason: { valueString: reason } }),
    );
  const raise = async (): Promise<Event> => {
    const emergency = await viewer({ purpose: 'ETREAT' });
    await emergency.get(`MedicationStatement?patient=${patient()}`);
    const [alert] = await queue('alert=true&_count=1');
    if (alert === undefined) throw new Error('no alert was raised');
    return alert;
  };

  it.each([
    ['ETREAT', 'emergency-access'],
    ['BTG', 'emergency-access'],
    ['HLEGAL', 'legal-access'],
  ])('are raised once by each access with the purpose %s', async (purpose, kind) => {
    const doctor = await viewer({ purpose });
    if (purpose === 'HLEGAL') {
      const claimed = await doctor.post('$claim-relationship', claimOf(NHS_NUMBER, 'legal'));
      expect(claimed.statusCode).toBe(201);
    }
    const before = await kinds();
    const found = await doctor.get(`MedicationStatement?patient=${patient()}`);
    expect([found.statusCode, found.json().total]).toEqual([200, 1]);
    expect(await kinds()).toEqual([kind, ...before]);
    expect((await doctor.get(`Patient/${patient()}`)).statusCode).toBe(200);
    expect(await kinds()).toEqual([kind, kind, ...before]);
  });

  it('are not raised by access that the patient agreed to, nor by what was refused', async () => {
    const agreed = await viewer({ purpose: 'TREAT' });
    expect((await agreed.get(`Patient/${patient()}`)).statusCode).toBe(200);
    const stranger = await client({ role: 'clinician', organization, purpose: 'ETREAT' });
    const refused = await stranger.get(`MedicationStatement?patient=${patient()}`);
    expect(refused.statusCode).toBe(403);
    const nobody = app.context.names.recordId(UNKNOWN);
    const absent = await viewer({ patient: nobody, purpose: 'ETREAT' });
    expect((await absent.get(`MedicationStatement?patient=${nobody}`)).json().total).toBe(0);
    expect(await kinds()).toEqual([]);
  });

  it('are raised too when an opened record does not hold what was asked for', async () => {
    const emergency = await viewer({ purpose: 'ETREAT' });
    const missing = await emergency.get(`AllergyIntolerance/${patient()}-${'0'.repeat(24)}`);
    expect(missing.statusCode).toBe(404);
    expect(await kinds()).toEqual(['emergency-access']);
  });

  it('are raised by a claim, whether or not the number is known', async () => {
    const doctor = await client({ role: 'clinician', organization, purpose: 'TREAT' });
    for (const number of [NHS_NUMBER, UNKNOWN]) {
      const claimed = await doctor.post('$claim-relationship', claimOf(number, 'care-episode'));
      expect(claimed.statusCode).toBe(201);
    }
    expect(await kinds()).toEqual(['self-claim', 'self-claim']);
  });

  it('are raised once more for a request sent again: it is another disclosure', async () => {
    const emergency = await viewer({ purpose: 'ETREAT' });
    const headers = { 'x-request-id': 'the-same-request' };
    for (let sent = 0; sent < 2; sent++) {
      await emergency.get(`MedicationStatement?patient=${patient()}`, headers);
    }
    expect(await kinds()).toHaveLength(2);
  });

  it('go to the practice that a patient has left', async () => {
    const moving = NUMBERS[turn % NUMBERS.length] ?? '';
    const [old, next] = [`G${turn}`, `H${turn}`];
    for (const gp of [old, next]) {
      const system = await client({ role: 'gp-system', organization: gp });
      const bundle = aBundle([aPatient(moving, gp), aStatement('1')]);
      expect((await system.post('$submit-record', submissionOf(bundle))).statusCode).toBe(200);
    }
    officer = await client({ role: 'privacy-officer', organization: old });
    expect(await kinds()).toEqual(['patient-moved']);
    officer = await client({ role: 'privacy-officer', organization: next });
    expect(await kinds()).toEqual([]);
  });

  it('tell by a log line and a count, with a reference and nobody’s identity', async () => {
    const before = await counted();
    const { id } = await raise();
    const lines = app
      .logged()
      .split('\n')
      .filter((line) => line.includes(`"alert":"${id}"`));
    expect(lines).toHaveLength(1);
    const { level, alert, kind, organization: told, ...rest } = JSON.parse(lines[0] ?? '{}');
    expect({ level, alert, kind, told }).toEqual({
      level: 40,
      alert: id,
      kind: 'emergency-access',
      told: organization,
    });
    expect(Object.keys(rest).sort()).toEqual(['msg', 'pid', 'time']);
    expect(await counted()).toBe(before + 1);
  });

  const counted = async (): Promise<number> => {
    const text = (await app.server.inject('/metrics')).body;
    return Number(/scr_alerts_total\{kind="emergency-access"\} (\d+)/.exec(text)?.[1]);
  };

  it('are open until the officer closes them with a reason, and then stay as they were', async () => {
    const alert = await raise();
    expect(await ids('alert-status=open')).toEqual([alert.id]);
    const before = await officer.get(`AuditEvent/${alert.id}`);
    const closed = await resolve(alert.id, 'close', 'Spoke with Dr Khan: unconscious on arrival.');
    expect([closed.statusCode, closed.json().resourceType]).toEqual([201, 'AuditEvent']);
    expect(closed.headers.location).toContain(`/AuditEvent/${closed.json().id}`);
    const part = (closed.json() as Event).entity.find(
      ({ what }) => what?.reference === `AuditEvent/${alert.id}`,
    );
    expect(part?.detail?.map(({ valueString }) => valueString)).toEqual([
      'close',
      'Spoke with Dr Khan: unconscious on arrival.',
    ]);
    expect((await officer.get(`AuditEvent/${closed.json().id}`)).json()).toEqual(closed.json());
    expect((await officer.get(`AuditEvent/${alert.id}`)).json()).toEqual(before.json());
    expect(await ids('alert-status=open')).toEqual([]);
    expect(await ids('alert-status=closed')).toEqual([alert.id]);
  });

  const ids = async (query: string) => (await queue(`alert=true&${query}`)).map(({ id }) => id);

  it('can be escalated once, and closed once after that', async () => {
    const { id } = await raise();
    const other = await raise();
    expect((await resolve(id, 'escalate', 'Not on the rota that day.')).statusCode).toBe(201);
    expect((await resolve(id, 'escalate', 'Again.')).statusCode).toBe(409);
    expect(await ids('alert-status=escalated')).toEqual([id]);
    expect(await ids('alert-status=open,escalated')).toEqual([other.id, id]);
    expect((await resolve(id, 'close', 'Investigated.')).statusCode).toBe(201);
    const again = await resolve(id, 'close', 'Twice.');
    expect([again.statusCode, again.json().issue[0].diagnostics]).toEqual([
      409,
      'This alert is closed already.',
    ]);
    expect((await resolve(id, 'escalate', 'Too late.')).statusCode).toBe(409);
    expect(await ids('alert-status=closed')).toEqual([id]);
  });

  it('are closed by one of two officers who try at the same moment', async () => {
    const { id } = await raise();
    const answers = await Promise.all([
      resolve(id, 'close', 'I was first.'),
      resolve(id, 'close', 'No, I was.'),
    ]);
    expect(statusesIn(answers)).toEqual([201, 409]);
  });

  it('do not exist for officers of other organisations, and other entries are no alerts', async () => {
    const { id } = await raise();
    const elsewhere = await client({ role: 'privacy-officer', organization: 'RZ999' });
    const unknown = '019cb000-0000-7000-9000-ffffffffffff';
    const read = await officer.get('AuditEvent?action=E&_count=1');
    const plain = eventsIn(read).find(({ subtype }) => subtype.length === 1)?.id ?? '';
    expect(plain).not.toBe('');
    const refusals = await Promise.all([
      resolve(id, 'close', 'Mine?', elsewhere),
      resolve(unknown, 'close', 'Which?', elsewhere),
      resolve(plain, 'close', 'That was no alert.'),
    ]);
    expect(statusesIn(refusals)).toEqual([404, 404, 404]);
    expect(refusals[0]?.body).toBe(refusals[1]?.body);
    expect(await ids('alert-status=open')).toEqual([id]);
    for (const role of ['auditor', 'clinician', 'practice-staff'] as const) {
      const who = await client({ role, organization, scope: 'user/*.cruds' });
      expect((await resolve(id, 'close', 'Not my job.', who)).statusCode).toBe(403);
    }
  });

  it('are closed only with an action and a reason, and every fault is named', async () => {
    const { id } = await raise();
    const path = `AuditEvent/${id}/$resolve-alert`;
    const faults = await officer.post(path, parametersOf({ action: { valueCode: 'ignore' } }));
    expect([faults.statusCode, faults.json().issue.length]).toEqual([422, 2]);
    expect((await resolve(id, 'close', ' ')).statusCode).toBe(422);
    expect((await resolve(id, 'close', 'x'.repeat(1001))).statusCode).toBe(422);
    const escaped = await officer.post(
      path.replace('$', '%24'),
      parametersOf({ action: { valueCode: 'close' }, reason: { valueString: 'Fine.' } }),
    );
    expect(escaped.statusCode).toBe(201);
  });

  it('are asked for by their status only together with alert', async () => {
    expect((await officer.get('AuditEvent?alert-status=open')).statusCode).toBe(400);
    expect((await officer.get('AuditEvent?alert=true&alert-status=new')).statusCode).toBe(400);
    expect((await officer.get('AuditEvent?alert=true&alert-status=open')).statusCode).toBe(200);
  });

  it('are raised when an emergency is stated to record a choice', async () => {
    const emergency = await viewer({ purpose: 'ETREAT' });
    const choice = aConsent(patient(), 'sharing-in', 'permit', organization);
    expect((await emergency.post('Consent', choice)).statusCode).toBe(201);
    expect(await kinds()).toEqual(['emergency-access']);
  });
});

function statusesIn(answers: readonly LightMyRequestResponse[]): readonly number[] {
  return answers.map(({ statusCode }) => statusCode).sort();
}
