import { beforeEach, expect, it } from 'vitest';
import {
  asking,
  bundle,
  type Entry,
  entriesAbout,
  idAt,
  posting,
  putting,
  statuses,
} from '../support/bundle-entries.ts';
import { aConsent, aPatient, NHS } from '../support/bundles.ts';
import { type Client, clientOf } from '../support/requests.ts';
import { describeWriting, SOURCE } from '../support/writing.ts';

describeWriting('a transaction', (w) => {
  let nhsNumber: string;
  let patient: string;
  let statement: ReturnType<typeof entriesAbout>['statement'];
  let allergy: ReturnType<typeof entriesAbout>['allergy'];
  beforeEach(() => {
    nhsNumber = w.unknownNumber();
    patient = w.app.context.names.recordId(nhsNumber);
    ({ statement, allergy } = entriesAbout(nhsNumber));
  });

  const transact = (client: Client, entries: Entry[], more: object = {}) =>
    client.post('', bundle('transaction', entries, more));
  const register = async () => {
    const answer = await w.practice.post('Patient', aPatient(nhsNumber, 'A81001'));
    expect(answer.statusCode).toBe(201);
  };
  const version = async () => (await w.app.context.store.currentRecord(patient))?.version ?? 0;
  const found = async (client: Client, type: string) =>
    ((await client.get(`${type}?patient=${patient}`)).json().entry ?? []).map(
      ({ resource }: { resource: object }) => resource,
    );

  it('writes a record in one commit, its references resolved', async () => {
    const urn = (n: number) => `urn:uuid:00000000-0000-4000-8000-00000000000${n}`;
    const plan = {
      resourceType: 'MedicationRequest',
      identifier: [{ system: SOURCE, value: 'plan' }],
      status: 'active',
      intent: 'plan',
      subject: { reference: urn(1) },
      medicationReference: { reference: urn(2) },
    };
    const answer = await transact(w.practice, [
      posting(
        statement('1', {
          subject: { reference: urn(1) },
          basedOn: [{ reference: urn(3) }],
          medicationCodeableConcept: undefined,
          medicationReference: { reference: urn(2) },
          derivedFrom: [{ reference: `MedicationRequest?identifier=${SOURCE}|plan` }],
        }),
      ),
      posting(aPatient(nhsNumber, null, GP_IN_BUNDLE), {}, urn(1)),
      posting({ resourceType: 'Medication', code: { text: 'm' } }, {}, urn(2)),
      posting(plan, {}, urn(3)),
      posting(ORGANIZATION, {}, urn(4)),
    ]);
    expect([answer.statusCode, answer.json().type]).toEqual([200, 'transaction-response']);
    expect(statuses(answer)).toEqual(Array(5).fill('201 Created'));
    expect(await version()).toBe(1);
    const { entries } = await w.app.context.store.searchAudit({ limit: 1 });
    expect(entries[0]).toMatchObject({ interaction: 'transaction', action: 'E', patient });
    expect(entries[0]?.entities).toHaveLength(5);
    const [stored] = await found(w.practice, 'MedicationStatement');
    expect(stored).toMatchObject({
      id: idAt(answer, 0),
      subject: { reference: `Patient/${patient}` },
      basedOn: [{ reference: `MedicationRequest/${idAt(answer, 3)}` }],
      medicationReference: { reference: `Medication/${idAt(answer, 2)}` },
      derivedFrom: [{ reference: `MedicationRequest/${idAt(answer, 3)}` }],
    });
    // The practice is found by its Organization, then and later.
    expect((await w.app.context.store.currentRecord(patient))?.practice).toBe('A81001');
    const read = await w.practice.get(`Patient/${patient}`);
    const again = await w.practice.put(`Patient/${patient}`, {
      ...read.json<object>(),
      gender: 'female',
    });
    expect([again.statusCode, again.json().gender]).toEqual([200, 'female']);
  });

  it('does all or nothing', async () => {
    await register();
    const first = await w.practice.post('MedicationStatement', statement('1'));
    const id = first.json().id;
    const before = await version();
    const failing: readonly [number, Entry][] = [
      [409, posting(statement('1'))],
      [412, putting(`MedicationStatement/${id}`, { ...statement('1'), id }, { ifMatch: 'W/"1"' })],
      [404, putting(`MedicationStatement/${patient}-0`, { ...statement('9'), id: `${patient}-0` })],
      [400, putting(`MedicationStatement/${id}`, { ...statement('1'), id: 'x' })],
      [422, posting(statement('3', { status: undefined }))],
      [422, posting(statement('3', { subject: { reference: 'urn:uuid:nobody' } }))],
      [412, posting(statement('3', { partOf: [{ reference: 'Procedure?identifier=x|y' }] }))],
      [403, posting(aConsent(patient, 'view', 'deny', 'A81001'))],
      [400, posting(statement('2'))],
      [403, asking('DELETE', `Patient/${patient}`)],
      [400, asking('GET', 'Basic/1')],
      [403, asking('GET', 'AuditEvent')],
      [400, asking('EXPLODE', 'Patient')],
      [400, {}],
    ];
    for (const [status, entry] of failing) {
      const answer = await transact(w.practice, [posting(statement('2')), entry]);
      expect([entry, answer.statusCode]).toEqual([entry, status]);
      if (entry.request !== undefined && !JSON.stringify(entry.request).includes('Audit')) {
        expect(answer.json().issue[0].expression?.[0]).toMatch(/^Bundle\.entry\[1\]/);
      }
    }
    expect(await version()).toBe(before);
    expect((await transact(w.practice, [posting(statement('2'))])).statusCode).toBe(200);
    expect(await version()).toBe(before + 1);
  });

  it('names every fault at once, each with its entry', async () => {
    await register();
    const answer = await transact(w.practice, [
      posting(statement('1', { status: undefined })),
      posting(statement('2')),
      posting(allergy('3', { code: undefined })),
      asking('POST', 'Condition'),
    ]);
    const places = answer.json().issue.map((each: { expression: string[] }) => each.expression[0]);
    expect(answer.statusCode).toBe(400);
    expect(places).toEqual([
      'Bundle.entry[0].resource.status',
      'Bundle.entry[2].resource.code',
      'Bundle.entry[3]',
    ]);
  });

  it('deletes, creates, then changes, and reads last', async () => {
    await register();
    const one = (await w.practice.post('MedicationStatement', statement('1'))).json().id;
    const two = (await w.practice.post('MedicationStatement', statement('2'))).json().id;
    const patch = [{ op: 'replace', path: '/status', value: 'stopped' }];
    const data = Buffer.from(JSON.stringify(patch)).toString('base64');
    const contentType = 'application/json-patch+json';
    const answer = await transact(w.practice, [
      asking('GET', `MedicationStatement?patient=${patient}`),
      {
        ...asking('PATCH', `MedicationStatement/${two}`),
        resource: { resourceType: 'Binary', contentType, data },
      },
      posting(statement('3')),
      asking('DELETE', `MedicationStatement/${one}`),
      asking('GET', `MedicationStatement/${one}`),
      posting(statement('2'), { ifNoneExist: `identifier=${SOURCE}|2&_sort=x` }),
    ]);
    expect(answer.statusCode).toBe(400);
    const done = await transact(w.practice, [
      asking('GET', `MedicationStatement?patient=${patient}`),
      {
        ...asking('PATCH', `MedicationStatement/${two}`),
        resource: { resourceType: 'Binary', contentType, data },
      },
      posting(statement('3')),
      asking('DELETE', `MedicationStatement/${one}`),
      asking('GET', `MedicationStatement/${one}`),
    ]);
    expect(statuses(done)).toEqual([
      '200 OK',
      '200 OK',
      '201 Created',
      '204 No Content',
      '410 Gone',
    ]);
    const [search] = done.json().entry;
    expect(search.resource.total).toBe(2);
    expect(done.json().entry[1].resource).toBeUndefined();
    const preferred = await w.practice.post(
      '',
      bundle('transaction', [
        putting(`MedicationStatement?identifier=${SOURCE}|3`, statement('3')),
      ]),
      { prefer: 'return=representation' },
    );
    expect(preferred.json().entry[0].resource.identifier[0].value).toBe('3');
  });

  it('about two patients is refused, and says so', async () => {
    await register();
    const strangersNumber = w.unknownNumber();
    const stranger = { identifier: { system: NHS, value: strangersNumber } };
    const answer = await transact(w.practice, [
      posting(statement('1')),
      posting(allergy('2', { patient: stranger })),
    ]);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().issue[0]).toMatchObject({ expression: ['Bundle.entry[1]'] });
    expect(answer.json().issue[0].diagnostics).toContain('about one patient');
    const other = await transact(w.practice, [
      posting(statement('1')),
      asking('DELETE', `AllergyIntolerance/${w.app.context.names.recordId(strangersNumber)}-1`),
    ]);
    expect(other.statusCode).toBe(400);
    expect((await transact(w.practice, [posting(statement('1'))])).statusCode).toBe(200);
  });

  it('of another service identifies the patient and no more', async () => {
    const entries = (n: string) => [
      posting(aPatient(nhsNumber, 'A81001'), {}, 'urn:uuid:p'),
      posting(statement(n, { subject: { reference: 'urn:uuid:p' } })),
    ];
    const first = await transact(w.nurses, entries('1'));
    expect(statuses(first)).toEqual(['200 OK', '201 Created']);
    expect((await w.nurses.get(`Patient/${patient}`)).json().name).toBeUndefined();
    await register();
    expect(statuses(await transact(w.nurses, entries('2')))).toEqual(['200 OK', '201 Created']);
    expect((await w.nurses.get(`Patient/${patient}`)).json().name).toBeDefined();
    expect(await found(w.practice, 'MedicationStatement')).toEqual([]);
    expect(await found(w.nurses, 'MedicationStatement')).toHaveLength(2);
  });

  it('of a new practice moves the patient', async () => {
    await register();
    await w.practice.post('MedicationStatement', statement('1'));
    const other = await clientOf(w.app, { role: 'gp-system', organization: 'B82002' });
    const moved = await transact(other, [
      posting(aPatient(nhsNumber, 'B82002')),
      posting(statement('1')),
    ]);
    expect(statuses(moved)).toEqual(['201 Created', '201 Created']);
    expect((await w.practice.get(`Patient/${patient}`)).statusCode).toBe(404);
    const back = [posting(aPatient(nhsNumber, 'A81001')), posting(statement('1'))];
    expect((await transact(w.practice, back)).statusCode).toBe(403);
    w.app.advance(1000);
    const timestamp = new Date(w.app.context.clock.now()).toISOString();
    expect((await transact(w.practice, back, { timestamp })).statusCode).toBe(200);
    const late = { timestamp: '2026-03-01T00:00:00Z' };
    expect((await transact(w.practice, [posting(statement('5'))], late)).statusCode).toBe(409);
    expect((await transact(w.practice, [], { timestamp: 'soon' })).statusCode).toBe(422);
  });
});

const ORGANIZATION = {
  resourceType: 'Organization',
  identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'A81001' }],
};
const GP_IN_BUNDLE = {
  id: undefined,
  managingOrganization: { reference: 'urn:uuid:00000000-0000-4000-8000-000000000004' },
};
