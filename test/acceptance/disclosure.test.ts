import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TokenRequest } from '../../src/adapters/jwt/mint-token.ts';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, aConsent, anAllergy, aPatient, aStatement } from '../support/bundles.ts';
import { type Client, clientOf, patientIn, submissionOf } from '../support/requests.ts';

const NHS = 'https://fhir.nhs.uk/Id/nhs-number';
const KNOWN = '9990000018';
const OPTED_OUT = '9990000026';
const UNKNOWN = '9990000034';
const SHARED = '9990000042';
const CLINICIAN = { role: 'clinician', organization: 'RX1', purpose: 'TREAT' } as const;

describeOnBothStores('what is disclosed', (start) => {
  let app: TestApp;
  let practice: Client;
  let staff: Client;
  const client = (token: Omit<TokenRequest, 'now'>) => clientOf(app, token);
  const recordId = (nhsNumber: string) => app.context.names.recordId(nhsNumber);

  beforeAll(async () => {
    app = await start();
    practice = await client({ role: 'gp-system', organization: 'A81001' });
    staff = await client({ role: 'practice-staff', organization: 'A81001' });
    for (const nhsNumber of [KNOWN, OPTED_OUT]) {
      const resources = [aPatient(nhsNumber, 'A81001'), aStatement('1'), anAllergy('2')];
      const answer = await practice.post('$submit-record', submissionOf(aBundle(resources)));
      expect(answer.statusCode).toBe(200);
    }
    const dissent = aConsent(recordId(OPTED_OUT), 'scr-dissent', 'deny', 'A81001');
    expect((await staff.post('Consent', dissent)).statusCode).toBe(201);
  });
  afterAll(() => app.close());

  it('answers alike for a patient who opted out and one who does not exist', async () => {
    const claimant = await client(CLINICIAN);
    const emergency = await client({ ...CLINICIAN, purpose: 'ETREAT' });
    for (const nhsNumber of [OPTED_OUT, UNKNOWN]) {
      const claim = { nhsNumber, reason: 'emergency' };
      expect((await claimant.post('$claim-relationship', claiming(claim))).statusCode).toBe(201);
    }
    for (const each of [claimant, emergency, await client({ ...CLINICIAN, subject: 'dr-b' })]) {
      for (const path of PATHS) {
        const [hidden, absent] = await Promise.all(
          [OPTED_OUT, UNKNOWN].map((number) => each.get(path(number, recordId(number)))),
        );
        expect([path(UNKNOWN, 'id'), comparable(hidden)]).toEqual([
          path(UNKNOWN, 'id'),
          comparable(absent),
        ]);
      }
      // The same requests find something where there is something to find.
      expect((await each.get(`Patient?identifier=${NHS}|${KNOWN}`)).json().total).toBe(1);
    }
    const own = await practice.get(`MedicationStatement?patient=${recordId(OPTED_OUT)}`);
    expect(own.json().total).toBe(1);
  });

  it('refuses a clinical request without a relationship and says how to state one', async () => {
    const stranger = await client({ ...CLINICIAN, subject: 'dr-stranger' });
    const refused = await stranger.get(`MedicationStatement?patient=${recordId(KNOWN)}`);
    expect(refused.statusCode).toBe(403);
    expect(refused.json().issue[0].diagnostics).toContain('$claim-relationship');
    const launched = await client({ ...CLINICIAN, patient: recordId(KNOWN) });
    const found = await launched.get(`MedicationStatement?patient=${recordId(KNOWN)}`);
    expect([found.statusCode, found.json().total]).toEqual([200, 1]);
    expect((await launched.get(`Patient/${recordId(OPTED_OUT)}`)).statusCode).toBe(404);
  });

  it('gives access for 24 hours after a relationship was claimed', async () => {
    const doctor = await client({ ...CLINICIAN, subject: 'dr-claims', lifetimeHours: 48 });
    const path = `AllergyIntolerance?patient.identifier=${NHS}|${KNOWN}`;
    expect((await doctor.get(path)).statusCode).toBe(403);
    const claim = claiming({ nhsNumber: KNOWN, reason: 'care-episode' });
    expect((await doctor.post('$claim-relationship', claim)).statusCode).toBe(201);
    expect((await doctor.get(path)).statusCode).toBe(200);
    const colleague = await client({ ...CLINICIAN, subject: 'dr-other' });
    expect((await colleague.get(path)).statusCode).toBe(403);
    app.advance(24 * 3_600_000);
    expect((await doctor.get(path)).statusCode).toBe(403);
  });

  it('needs a purpose away from the registered practice', async () => {
    const path = `MedicationStatement?patient=${recordId(KNOWN)}`;
    const none = { role: 'clinician', organization: 'RX1', patient: recordId(KNOWN) } as const;
    expect((await (await client(none)).get(path)).statusCode).toBe(403);
    const registered = await client({ role: 'clinician', organization: 'A81001' });
    expect((await registered.get(path)).statusCode).toBe(200);
    const legal = await client({ ...none, purpose: 'HLEGAL' });
    expect((await legal.get(path)).statusCode).toBe(403);
    const basis = claiming({ nhsNumber: KNOWN, reason: 'legal', note: 'Court order' });
    expect((await legal.post('$claim-relationship', basis)).statusCode).toBe(201);
    expect((await legal.get(path)).statusCode).toBe(200);
  });

  it('lets the GP and the nurses see all three services and the smoking clinic its own', async () => {
    const services = [
      ['gp-system', 'A81001'],
      ['care-system', 'RY601'],
      ['care-system', 'SMOKE'],
    ] as const;
    for (const [role, organization] of services) {
      const system = await client({ role, organization });
      const resources = [aPatient(SHARED, 'A81001'), aStatement(organization)];
      const answer = await system.post('$submit-record', submissionOf(aBundle(resources)));
      expect([answer.statusCode, patientIn(answer)]).toEqual([200, recordId(SHARED)]);
    }
    const seen = async (organization: string) => {
      const viewer = await client({ ...CLINICIAN, organization, patient: recordId(SHARED) });
      const answer = await viewer.get(`MedicationStatement?patient=${recordId(SHARED)}`);
      return [answer.json().total, answer.body.includes('"value":"A81001"')];
    };
    expect(await seen('SMOKE')).toEqual([3, true]);
    const clinician = await client({
      ...CLINICIAN,
      organization: 'SMOKE',
      patient: recordId(SHARED),
    });
    const refusal = aConsent(recordId(SHARED), 'sharing-in', 'deny', 'SMOKE');
    expect((await clinician.post('Consent', refusal)).statusCode).toBe(201);
    expect(await seen('SMOKE')).toEqual([1, false]);
    expect(await seen('A81001')).toEqual([3, true]);
    expect(await seen('RY601')).toEqual([3, true]);
    // In turn and in a row: what is ready for one viewer is not shown to another.
    for (const each of [
      'SMOKE',
      'A81001',
      'A81001',
      'A81001',
      'SMOKE',
      'SMOKE',
      'SMOKE',
      'RY601',
    ]) {
      expect([each, await seen(each)]).toEqual([each, each === 'SMOKE' ? [1, false] : [3, true]]);
    }
  });

  it('shows a private entry to its recorder and the patient alone, in an emergency too', async () => {
    const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' };
    const hidden = anAllergy('private', { meta: { security: [label] } });
    const resources = [aPatient(KNOWN, 'A81001'), aStatement('1'), anAllergy('2'), hidden];
    const system = await client({ role: 'gp-system', organization: 'A81001' });
    const sent = await system.post('$submit-record', submissionOf(aBundle(resources)));
    expect(sent.statusCode).toBe(200);
    const total = async (token: Omit<TokenRequest, 'now'>) =>
      (await (await client(token)).get(`AllergyIntolerance?patient=${recordId(KNOWN)}`)).json()
        .total;
    const viewer = { ...CLINICIAN, patient: recordId(KNOWN) };
    expect(await total(viewer)).toBe(1);
    expect(await total({ ...viewer, purpose: 'ETREAT' })).toBe(1);
    expect(await total({ role: 'gp-system', organization: 'A81001' })).toBe(2);
    expect(await total({ role: 'patient', nhsNumber: KNOWN })).toBe(2);
    expect(await total({ role: 'patient', nhsNumber: UNKNOWN })).toBe(0);
  });

  it('follows includes only to what is disclosed, and lists what it passed over', async () => {
    const viewer = await client({ ...CLINICIAN, patient: recordId(KNOWN) });
    const path = `MedicationStatement?patient=${recordId(KNOWN)}`;
    const answer = await viewer.get(`${path}&_include=MedicationStatement:patient&_colour=red`);
    const modes = answer.json().entry.map((each: { search: { mode: string } }) => each.search.mode);
    expect(modes).toEqual(['match', 'include', 'outcome']);
    const strict = await viewer.get(`${path}&_colour=red`, { prefer: 'handling=strict' });
    expect(strict.statusCode).toBe(400);
  });

  it('refuses a clinical search that names no patient', async () => {
    const viewer = await client(CLINICIAN);
    expect((await viewer.get('MedicationStatement')).statusCode).toBe(400);
    expect((await viewer.get('Patient?family=Smith')).statusCode).toBe(400);
  });
});

const PATHS: readonly ((nhsNumber: string, id: string) => string)[] = [
  (number) => `Patient?identifier=${NHS}|${number}`,
  (_, id) => `Patient/${id}`,
  (_, id) => `Patient?_id=${id}`,
  (_, id) => `MedicationStatement?patient=${id}`,
  (_, id) => `MedicationStatement?patient=Patient/${id}&_include=*&_other=1`,
  (number) => `AllergyIntolerance?patient.identifier=${NHS}|${number}`,
  (number) => `AllergyIntolerance?patient:identifier=${number}`,
  (_, id) => `Consent?patient=${id}`,
  (_, id) => `MedicationStatement/${id}-000000000000000000000000`,
  (_, id) => `Patient/${id}/$validate`,
  (_, id) => `Patient/${id}/$validate?mode=update`,
  (_, id) => `MedicationStatement/${id}-000000000000000000000000/$validate?mode=delete`,
];

/**
 * All of an answer that must not differ: status, body, and every header but dates and request ids.
 */
function comparable(answer: LightMyRequestResponse | undefined): unknown {
  const { date: _, 'x-request-id': __, ...headers } = answer?.headers ?? {};
  return { status: answer?.statusCode, body: answer?.body, headers };
}

function claiming(claim: { nhsNumber: string; reason: string; note?: string }): object {
  const parameter = [
    { name: 'nhsNumber', valueString: claim.nhsNumber },
    { name: 'reason', valueCode: claim.reason },
    ...(claim.note === undefined ? [] : [{ name: 'note', valueString: claim.note }]),
  ];
  return { resourceType: 'Parameters', parameter };
}
