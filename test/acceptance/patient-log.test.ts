import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aConsent, anAllergy } from '../support/bundles.ts';
import { nhsNumbers } from '../support/nhs-numbers.ts';
import { eventsIn, parametersOf } from '../support/parameters.ts';
import { logOf, SEARCHES, SOME_SEARCHES } from '../support/patients-answers.ts';
import { clientOf } from '../support/requests.ts';
import { hiddenCondition, type Twin, twins } from '../support/twin-records.ts';

/** What others do, in the same way with a record that holds hidden entries and one without. */
type Act = (twin: Twin) => Promise<LightMyRequestResponse>;

const ON_CALL = { role: 'clinician', organization: 'RX1', purpose: 'ETREAT' } as const;
const CLINIC = { role: 'care-system', organization: 'RY601' } as const;
const GP = { role: 'gp-system', organization: 'A81001' } as const;
const OFFICER = { role: 'privacy-officer', organization: 'RX1' } as const;
const AUDITOR = { role: 'auditor', organization: 'X26' } as const;
const IN_WORDS = [{ op: 'add', path: '/code/text', value: 'Asthma' }];

const READS: Readonly<Record<string, Act>> = {
  read: (t) => t.clinician.get(`Condition/${t.hidden('Condition')}`),
  'read of the same as it was': (t) =>
    t.clinician.get(`Condition/${t.hidden('Condition')}`, { 'if-none-match': '*' }),
  'read under another type': (t) => t.clinician.get(`Procedure/${t.hidden('Condition')}`),
  'read of a supporting resource': (t) => t.clinician.get(`Medication/${t.hidden('Medication')}`),
  'read in an emergency': async (t) =>
    (await t.as({ ...ON_CALL, patient: t.record })).get(`Condition/${t.hidden('Condition')}`),
  'read without a relationship': async (t) =>
    (await t.as(ON_CALL)).get(`Condition/${t.hidden('Condition')}`),
  'read by its own practice': async (t) =>
    (await t.as(GP)).get(`Observation/${t.hidden('Observation')}`),
  vread: (t) =>
    t.clinician.get(`Condition/${t.hidden('Condition')}/_history/${t.version('Condition')}`),
  'history of one': (t) => t.clinician.get(`Observation/${t.hidden('Observation')}/_history`),
  $meta: (t) => t.clinician.get(`Condition/${t.hidden('Condition')}/$meta`),
  $validate: (t) => t.clinician.get(`Condition/${t.hidden('Condition')}/$validate`),
  'read in a batch': (t) => {
    const request = { method: 'GET', url: `Condition/${t.hidden('Condition')}` };
    return t.clinician.post('', { resourceType: 'Bundle', type: 'batch', entry: [{ request }] });
  },
  'read of what was withdrawn': async (t) => {
    await (await t.as(GP)).delete(`Condition/${t.hidden('Condition')}`);
    return t.clinician.get(`Condition/${t.hidden('Condition')}`);
  },
  'search by id': (t) =>
    t.clinician.get(`Condition?patient=${t.record}&_id=${t.hidden('Condition')}`),
  'search by form': (t) =>
    t.clinician.post('Condition/_search', `patient=${t.record}&_id=${t.hidden('Condition')}`, {
      'content-type': 'application/x-www-form-urlencoded',
    }),
  'search with includes': (t) =>
    t.clinician.get(`MedicationStatement?patient=${t.record}&_include=*&_revinclude=*`),
  'search of what only hidden entries lead to': (t) =>
    t.clinician.get(`Medication?patient=${t.record}`),
  'history of a type': (t) => t.clinician.get(`Condition/_history?patient=${t.record}`),
  'history of the record': (t) => t.clinician.get(`_history?patient=${t.record}`),
  $everything: (t) => t.clinician.get(`Patient/${t.record}/$everything`),
  $summary: (t) => t.clinician.get(`Patient/${t.record}/$summary`),
  // A system sees that there is a record where it recorded some of it.
  '$everything by a service that recorded hidden entries alone': async (t) =>
    (await t.as(CLINIC)).get(`Patient/${t.record}/$everything`),
  '$summary by a service that recorded hidden entries alone': async (t) =>
    (await t.as(CLINIC)).get(`Patient/${t.record}/$summary`),
  'history by a service that recorded hidden entries alone': async (t) =>
    (await t.as(CLINIC)).get(`_history?patient=${t.record}`),
  'search by a service that recorded hidden entries alone': async (t) =>
    (await t.as(CLINIC)).get(`Procedure?patient=${t.record}&_include=*`),
  'tracing by a service that recorded hidden entries alone': async (t) =>
    (await t.as(CLINIC)).get(`Patient?identifier=${t.nhsNumber}`),
  'a document of what has gone since': async (t) => {
    const made = await t.clinician.get(`Patient/${t.record}/$summary`);
    await (await t.as(GP)).delete(`MedicationStatement/${t.hidden('MedicationStatement')}`);
    return t.clinician.get(`Bundle/${made.json().id}`);
  },
};

const WRITES: Readonly<Record<string, Act>> = {
  update: async (t) =>
    (await t.as(GP)).put(`Condition/${t.hidden('Condition')}`, {
      ...condition(t),
      id: t.hidden('Condition'),
    }),
  'update of another version': async (t) =>
    (await t.as(GP)).put(
      `Condition/${t.hidden('Condition')}`,
      { ...condition(t), id: t.hidden('Condition') },
      { 'if-match': `W/"${t.version('Condition')}"` },
    ),
  'update by criteria': async (t) => (await t.as(GP)).put(`Condition?${criteria(t)}`, condition(t)),
  patch: async (t) => (await t.as(GP)).patch(`Condition/${t.hidden('Condition')}`, IN_WORDS),
  'patch by criteria': async (t) => (await t.as(GP)).patch(`Condition?${criteria(t)}`, IN_WORDS),
  delete: async (t) => (await t.as(GP)).delete(`Condition/${t.hidden('Condition')}`),
  'delete of a version': async (t) =>
    (await t.as(GP)).delete(`Condition/${t.hidden('Condition')}`, {
      'if-match': `W/"${t.version('Condition')}"`,
    }),
  'delete by criteria': async (t) => (await t.as(GP)).delete(`Condition?${criteria(t)}`),
  create: async (t) => (await t.as(GP)).post('Condition', condition(t)),
  'conditional create': async (t) =>
    (await t.as(GP)).post('Condition', condition(t), { 'if-none-exist': criteria(t) }),
  // In one record the criteria name two, in the other the one that the patient sees.
  'conditional create of what is there': async (t) => {
    const practice = await t.as(GP);
    await practice.post('AllergyIntolerance', allergyOf(t, '8'), {});
    const both = `patient=${t.record}&code=91936005`;
    return practice.post('AllergyIntolerance', allergyOf(t, '2'), { 'if-none-exist': both });
  },
  transaction: async (t) => {
    const url = `Condition/${t.hidden('Condition')}`;
    const resource = { ...condition(t), id: t.hidden('Condition') };
    return (await t.as(GP)).post('', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ request: { method: 'PUT', url }, resource }],
    });
  },
  'choice that may not be made': (t) =>
    t.clinician.post(
      'Consent',
      aConsent(t.record, 'private-entry', 'deny', 'A81001', {
        provision: {
          type: 'deny',
          data: [
            {
              meaning: 'instance',
              reference: { reference: `Condition/${t.hidden('Condition')}` },
            },
          ],
        },
      }),
    ),
};

/** Those who read the log, and so leave traces in it themselves. */
const READERS: Readonly<Record<string, Act>> = {
  'an officer who reads of it': async (t) => {
    const [event] = await looked(t);
    return (await t.as(OFFICER)).get(`AuditEvent/${event}`);
  },
  'an officer who finds it by id': async (t) => {
    const [event] = await looked(t);
    return (await t.as(OFFICER)).get(`AuditEvent?_id=${event}`);
  },
  'an officer who searches for what was shown': async (t) => {
    const [event] = await looked(t);
    return (await t.as(OFFICER)).get(`AuditEvent?_id=${event}&outcome=0`);
  },
  'an auditor who searches for what was not found': async (t) => {
    const [event] = await looked(t);
    return (await t.as(AUDITOR)).get(`AuditEvent?_id=${event}&outcome=4`);
  },
  'an auditor who searches by type': async (t) => {
    const [event] = await looked(t);
    return (await t.as(AUDITOR)).get(`AuditEvent?_id=${event}&entity-name=Condition`);
  },
  'an officer who closes the alert': async (t) => {
    const onCall = await t.as({ ...ON_CALL, patient: t.record });
    await onCall.get(`Condition/${t.hidden('Condition')}`);
    const alerts = await (await t.as(AUDITOR)).get(`AuditEvent?patient=${t.record}&alert=RX1`);
    return (await t.as(OFFICER)).post(
      `AuditEvent/${eventsIn(alerts)[0]?.id}/$resolve-alert`,
      parametersOf({ action: { valueCode: 'close' }, reason: { valueString: 'As it should be' } }),
    );
  },
};

const EVERYTHING = { ...READERS, ...READS, ...WRITES };

// One act at a time finds which of them tells; what stores keep of all of them is compared below.
describe('the log of a patient, act by act', () => {
  let app: TestApp;
  const numbers = nhsNumbers(120);

  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it.each(Object.entries(EVERYTHING))(
    'is the same with hidden entries and without: %s',
    async (_, act) => {
      const [one, other] = await twins(app, [numbers.pop() ?? '', numbers.pop() ?? '']);
      const answers = [await act(one), await act(other)];
      expect(answers.map(({ statusCode }) => statusCode < 500)).toEqual([true, true]);
      expect(await logOf(other, SOME_SEARCHES)).toEqual(await logOf(one, SOME_SEARCHES));
    },
  );
});

describeOnBothStores('the log of a patient', (start) => {
  let app: TestApp;
  const numbers = nhsNumbers(20);
  const pair = () => twins(app, [numbers.pop() ?? '', numbers.pop() ?? '']);

  beforeAll(async () => {
    app = await start();
  });
  afterAll(() => app.close());

  it('is the same after all of it, however it is searched', async () => {
    const [one, other] = await pair();
    for (const act of Object.values(EVERYTHING)) {
      await act(one);
      await act(other);
    }
    expect(await logOf(other, SEARCHES)).toEqual(await logOf(one, SEARCHES));
  }, 120_000);

  it('is asked about acts that do come to different things', async () => {
    const [one, other] = await pair();
    const acts = [READS.read, READS.vread, READS.$meta, WRITES.update, WRITES.patch] as Act[];
    const statuses = async (twin: Twin) => {
      const answers: number[] = [];
      for (const act of acts) answers.push((await act(twin)).statusCode);
      return answers;
    };
    expect(await statuses(one)).toEqual([200, 200, 200, 200, 200]);
    expect(await statuses(other)).toEqual([404, 404, 404, 404, 404]);
  });

  it('says that somebody asked for an entry, who, when and why, and not what came of it', async () => {
    const [one] = await pair();
    await one.clinician.get(`Condition/${one.hidden('Condition')}`);
    const [asked] = (await one.person.get('AuditEvent?_count=1')).json().entry;
    expect(asked.resource.text.div).toContain(
      'Somebody (clinician, RX1) asked for one entry of your record on 2 March 2026 at 12:00 ' +
        'because they said you agreed.',
    );
    expect(asked.resource).not.toHaveProperty('outcome');
    expect(asked.resource).not.toHaveProperty('outcomeDesc');
    await one.clinician.get(`AllergyIntolerance/${one.open()}`);
    const [known] = (await one.person.get('AuditEvent?_count=1')).json().entry;
    expect(known.resource.text.div).toContain(
      'asked for one entry of your record, about your allergies and bad reactions, on 2 March',
    );
  });

  it('tells whole what the patient did themselves, and the auditor everything', async () => {
    const [one] = await pair();
    expect((await one.person.get(`Condition/${one.hidden('Condition')}`)).statusCode).toBe(404);
    const [own] = (await one.person.get('AuditEvent?_count=1')).json().entry;
    expect(own.resource).toMatchObject({ outcome: '4' });
    await one.clinician.get(`Condition/${one.hidden('Condition')}`);
    const auditor = await clientOf(app, AUDITOR);
    const [seen] = (await auditor.get(`AuditEvent?patient=${one.record}&_count=1`)).json().entry;
    expect(seen.resource).toMatchObject({ outcome: '0' });
    expect(JSON.stringify(seen.resource)).toContain(`Condition/${one.hidden('Condition')}`);
  });

  it('tells that a choice of theirs was recorded by staff, which they see', async () => {
    const [one] = await pair();
    const staff = await one.as({ role: 'practice-staff', organization: 'A81001', name: 'J Hill' });
    const choice = aConsent(one.record, 'scr-core', 'permit', 'A81001');
    expect((await staff.post('Consent', choice)).statusCode).toBe(201);
    const [event] = (await one.person.get('AuditEvent?_count=1')).json().entry;
    expect(event.resource.text.div).toContain('recorded your choices about sharing on 2 March');
    expect(event.resource).toMatchObject({ outcome: '0' });
  });
});

function condition(t: Twin): object {
  return hiddenCondition('4', { reference: `Patient/${t.record}` });
}

function criteria(t: Twin): string {
  const query = { patient: t.record, identifier: 'https://source.test/id|4' };
  return new URLSearchParams(query).toString();
}

function allergyOf(t: Twin, identifier: string): object {
  return { ...anAllergy(identifier), id: undefined, patient: { reference: `Patient/${t.record}` } };
}

/** A clinician looks at a hidden entry; the ids of what the log says of that. */
async function looked(t: Twin): Promise<readonly string[]> {
  await t.clinician.get(`Condition/${t.hidden('Condition')}`);
  const auditor = await t.as(AUDITOR);
  const query = `patient=${t.record}&agent=development-clinician`;
  return eventsIn(await auditor.get(`AuditEvent?${query}`)).map(({ id }) => id);
}
