import type { LightMyRequestResponse } from 'fastify';
import { expect, it } from 'vitest';
import { aConsent } from '../support/bundles.ts';
import { type Client, clientOf } from '../support/requests.ts';
import { describeWriting, idIn, statementOf, type Writing } from '../support/writing.ts';

interface Told {
  readonly severity: string;
  readonly code: string;
  readonly diagnostics: string;
  readonly expression?: readonly string[];
}

const told = (answer: LightMyRequestResponse): readonly Told[] => {
  expect([answer.statusCode, answer.json().resourceType]).toEqual([200, 'OperationOutcome']);
  return answer.json().issue;
};
const errorsOf = (answer: LightMyRequestResponse) =>
  told(answer).filter(({ severity }) => severity === 'error');
const codesOf = (answer: LightMyRequestResponse) => errorsOf(answer).map(({ code }) => code);

/** What does not depend on the moment or the request. */
function comparable({ statusCode, body, headers }: LightMyRequestResponse): unknown {
  const { date: _, 'x-request-id': __, ...others } = headers;
  return { statusCode, body, others };
}

async function staffOf({ app }: Writing, organization: string): Promise<Client> {
  return clientOf(app, { role: 'practice-staff', organization });
}

describeWriting('$validate of one resource', (writing) => {
  const stated = async (client: Client, identifier: string, more = {}) =>
    `MedicationStatement/${idIn(await writing.create(client, identifier, more))}`;
  const replacing = (path: string, more = {}) => ({
    ...statementOf(writing.nhsNumber, '1', more),
    id: path.split('/')[1],
  });

  it('validates what is stored, against the profile that is asked for', async () => {
    const path = await stated(writing.practice, '1');
    for (const client of [writing.practice, writing.clinician]) {
      const plain = told(await client.get(`${path}/$validate`));
      expect(plain.map(({ severity }) => severity)).toEqual(['information']);
      expect(told(await client.post(`${path}/$validate`, ''))).toEqual(plain);
      const asked = { name: 'profile', valueUri: R4('MedicationStatement') };
      const parameters = { resourceType: 'Parameters', parameter: [asked] };
      expect(told(await client.post(`${path}/$validate`, parameters))).toEqual(plain);
      const other = await client.get(`${path}/$validate?profile=${R4('Condition')}`);
      expect(codesOf(other)).toEqual(['not-supported']);
      const unknown = await client.get(`${path}/$validate?profile=urn:unknown`);
      expect(unknown.statusCode).toBe(400);
    }
  });

  it('validates what is sent in its place', async () => {
    const path = await stated(writing.practice, '1');
    const broken = replacing(path, { status: 'gone', colour: 'red' });
    for (const mode of ['', '?mode=profile', '?mode=update']) {
      const found = errorsOf(await writing.practice.post(`${path}/$validate${mode}`, broken));
      expect(found.flatMap(({ expression = [] }) => expression).toSorted()).toEqual([
        'MedicationStatement.colour',
        'MedicationStatement.status',
      ]);
    }
    const otherType = { resourceType: 'Condition' };
    expect((await writing.practice.post(`${path}/$validate`, otherType)).statusCode).toBe(400);
    expect((await writing.practice.post(`${path}/$validate?mode=guess`, broken)).statusCode).toBe(
      400,
    );
  });

  it('says of an update what the update itself says, and writes nothing', async () => {
    const path = await stated(writing.practice, '1');
    const before = (await writing.practice.get(path)).json();
    const taken = await stated(writing.practice, '2');
    const cases: readonly [Client, object, number][] = [
      [writing.practice, replacing(path, { status: 'completed' }), 200],
      [writing.practice, replacing('x/another'), 400],
      [writing.practice, { ...statementOf(writing.nhsNumber, '2'), id: idOf(path) }, 409],
      [writing.practice, { ...statementOf(writing.unknownNumber(), '1'), id: idOf(path) }, 422],
      [writing.clinician, replacing(path), 403],
    ];
    for (const [client, body] of cases) await client.post(`${path}/$validate?mode=update`, body);
    expect((await writing.practice.get(path)).json()).toEqual(before);
    expect((await writing.practice.get(taken)).statusCode).toBe(200);
    for (const [client, body, wanted] of cases.toReversed()) {
      const said = await client.post(`${path}/$validate?mode=update`, body);
      const done = await client.put(path, body);
      expect(done.statusCode).toBe(wanted);
      const refused = wanted === 200 ? [] : done.json().issue.map(words);
      expect(errorsOf(said).map(words)).toEqual(refused);
    }
  });

  it('says whether this caller could delete it, which stays where it is', async () => {
    const own = await stated(writing.practice, '1');
    const could = await writing.practice.get(`${own}/$validate?mode=delete`);
    expect(told(could)).toMatchObject([{ severity: 'information' }]);
    const asked = [{ name: 'mode', valueCode: 'delete' }];
    const parameters = { resourceType: 'Parameters', parameter: asked };
    expect(told(await writing.practice.post(`${own}/$validate`, parameters))).toEqual(told(could));
    expect((await writing.practice.get(own)).statusCode).toBe(200);
    const viewer = await writing.clinician.get(`${own}/$validate?mode=delete`);
    expect(codesOf(viewer)).toEqual(['forbidden']);
    const person = `Patient/${writing.patient}/$validate?mode=delete`;
    expect(codesOf(await writing.practice.get(person))).toEqual(['forbidden']);
    expect((await writing.practice.delete(own)).statusCode).toBe(204);
    expect((await writing.practice.get(`${own}/$validate?mode=delete`)).statusCode).toBe(410);
  });

  it('says that what exists is not created', async () => {
    const path = await stated(writing.practice, '1');
    expect(codesOf(await writing.practice.get(`${path}/$validate?mode=create`))).toEqual([
      'duplicate',
    ]);
  });

  it('asks the rules for choices about a Consent, and writes none', async () => {
    const staff = await staffOf(writing, 'A81001');
    const body = aConsent(writing.patient, 'sharing-out', 'permit', 'A81001');
    const made = (await staff.post('Consent', body)).json();
    const path = `Consent/${made.id}/$validate`;
    const patient = await clientOf(writing.app, { role: 'patient', nhsNumber: writing.nhsNumber });
    for (const mode of ['update', 'delete']) {
      expect(errorsOf(await staff.get(`${path}?mode=${mode}`))).toEqual([]);
      expect(errorsOf(await patient.get(`${path}?mode=${mode}`))).toEqual([]);
      expect(codesOf(await writing.practice.get(`${path}?mode=${mode}`))).toEqual(['forbidden']);
    }
    const foreign = aConsent(writing.patient, 'sharing-out', 'permit', 'B82002', { id: made.id });
    expect(codesOf(await staff.post(`${path}?mode=update`, foreign))).toEqual(['forbidden']);
    const moved = aConsent(recordIdOf(writing), 'sharing-out', 'deny', 'A81001', { id: made.id });
    expect(codesOf(await staff.post(`${path}?mode=update`, moved))).toEqual(['invariant']);
    expect((await staff.get(`Consent/${made.id}`)).json()).toEqual(made);
  });

  it('answers for what is hidden as for what does not exist, in every mode', async () => {
    const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' };
    const hidden = await stated(writing.practice, '1', { meta: { security: [label] } });
    const absent = `MedicationStatement/${writing.patient}-000000000000000000000000`;
    for (const client of [writing.clinician, writing.nurses]) {
      for (const query of ['', '?mode=update', '?mode=delete', '?mode=create']) {
        const [one, other] = await Promise.all(
          [hidden, absent].map((path) => client.get(`${path}/$validate${query}`)),
        );
        expect(one?.statusCode).toBe(404);
        expect(one && comparable(one)).toEqual(other && comparable(other));
        const body = replacing(hidden);
        const [sent, nowhere] = await Promise.all(
          [hidden, absent].map((path) => client.post(`${path}/$validate${query}`, body)),
        );
        expect(sent?.statusCode).toBe(404);
        expect(sent && comparable(sent)).toEqual(nowhere && comparable(nowhere));
      }
    }
    expect((await writing.practice.get(`${hidden}/$validate`)).statusCode).toBe(200);
  });

  it('is refused without a relationship, as a read is', async () => {
    const path = await stated(writing.practice, '1');
    const stranger = { role: 'clinician', organization: 'RX1', purpose: 'TREAT' } as const;
    const client = await clientOf(writing.app, { ...stranger, subject: 'dr-stranger' });
    const [read, validated] = [await client.get(path), await client.get(`${path}/$validate`)];
    expect([validated.statusCode, validated.body]).toEqual([403, read.body]);
  });

  it('is audited with the version that was looked at, and so is a refusal', async () => {
    const path = await stated(writing.practice, '1');
    const { versionId } = (await writing.practice.get(path)).json().meta;
    await writing.clinician.get(`${path}/$validate?mode=delete`);
    await writing.nurses.get(`${path}/$validate`);
    const auditor = await clientOf(writing.app, { role: 'auditor', organization: 'X26' });
    const log = await auditor.get(`AuditEvent?patient=Patient/${writing.patient}&_count=2`);
    const [refused, done] = log.json().entry.map((each: { resource: object }) => each.resource);
    const operation = [{ code: 'operation' }, { code: 'validate' }];
    expect(done).toMatchObject({ action: 'R', outcome: '0', subtype: operation });
    expect(JSON.stringify(done.entity)).toContain(`${path}/_history/${versionId}`);
    expect(refused).toMatchObject({ outcome: '4', subtype: operation });
    expect(JSON.stringify(refused.entity)).not.toContain(versionId);
  });

  it('says no to a system while the patient has opted out', async () => {
    const path = await stated(writing.practice, '1');
    const staff = await staffOf(writing, 'A81001');
    const dissent = aConsent(writing.patient, 'scr-dissent', 'deny', 'A81001');
    expect((await staff.post('Consent', dissent)).statusCode).toBe(201);
    const said = await writing.practice.post(`${path}/$validate?mode=update`, {
      ...replacing(path),
      status: 'completed',
    });
    expect(codesOf(said)).toEqual(['suppressed']);
    expect((await writing.clinician.get(`${path}/$validate`)).statusCode).toBe(404);
  });
});

const R4 = (type: string) => `http://hl7.org/fhir/StructureDefinition/${type}`;
const idOf = (path: string) => path.split('/')[1];
const words = ({ diagnostics }: Told) => diagnostics;
const recordIdOf = ({ app, unknownNumber }: Writing) => app.context.names.recordId(unknownNumber());
