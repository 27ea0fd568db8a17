import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aConsent, anAllergy, aPatient, aStatement, NHS } from '../support/bundles.ts';
import { nhsNumbers } from '../support/nhs-numbers.ts';
import { type Client, clientOf } from '../support/requests.ts';

const SOURCE = 'https://source.test/id';
const NUMBERS = nhsNumbers(60).slice(40);

interface Entry {
  readonly request?: object;
  readonly resource?: object;
  readonly fullUrl?: string;
}

interface Response {
  readonly status: string;
  readonly location?: string;
  readonly etag?: string;
  readonly outcome?: { readonly issue: readonly { readonly diagnostics: string }[] };
}

const bundle = (type: string, entry: readonly Entry[], more: object = {}) => ({
  resourceType: 'Bundle',
  type,
  ...more,
  entry,
});
const posting = (resource: object, more: object = {}, fullUrl?: string): Entry => ({
  ...(fullUrl === undefined ? {} : { fullUrl }),
  resource,
  request: { method: 'POST', url: (resource as { resourceType: string }).resourceType, ...more },
});
const putting = (url: string, resource: object, more: object = {}): Entry => ({
  resource,
  request: { method: 'PUT', url, ...more },
});
const asking = (method: string, url: string, more: object = {}): Entry => ({
  request: { method, url, ...more },
});
const responses = (answer: LightMyRequestResponse): Response[] =>
  (answer.json().entry ?? []).map((entry: { response: Response }) => entry.response);
const statuses = (answer: LightMyRequestResponse): string[] =>
  responses(answer).map(({ status }) => status);
const idAt = (answer: LightMyRequestResponse, index: number): string =>
  /\/([^/]+)\/_history\//.exec(responses(answer)[index]?.location ?? '')?.[1] ?? '';

describeOnBothStores('a Bundle at the base', (start) => {
  let app: TestApp;
  let practice: Client;
  let nurses: Client;
  let nhsNumber: string;
  let patient: string;
  let numbers = 0;

  beforeAll(async () => {
    app = await start();
    practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
    nurses = await clientOf(app, { role: 'care-system', organization: 'RY601' });
  });
  afterAll(() => app.close());
  beforeEach(() => {
    nhsNumber = NUMBERS[numbers++] ?? '';
    patient = app.context.names.recordId(nhsNumber);
  });

  const subject = () => ({ identifier: { system: NHS, value: nhsNumber } });
  const statement = (identifier: string, more: object = {}) => ({
    ...aStatement(identifier),
    id: undefined,
    subject: subject(),
    ...more,
  });
  const allergy = (identifier: string, more: object = {}) => ({
    ...anAllergy(identifier),
    id: undefined,
    patient: subject(),
    ...more,
  });
  const transact = (client: Client, entries: Entry[], more: object = {}) =>
    client.post('', bundle('transaction', entries, more));
  const register = async () => {
    const answer = await practice.post('Patient', aPatient(nhsNumber, 'A81001'));
    expect(answer.statusCode).toBe(201);
  };
  const version = async () => (await app.context.store.currentRecord(patient))?.version ?? 0;
  const found = async (client: Client, type: string) =>
    ((await client.get(`${type}?patient=${patient}`)).json().entry ?? []).map(
      ({ resource }: { resource: object }) => resource,
    );

  it('that is a transaction writes a record in one commit, its references resolved', async () => {
    const urn = (n: number) => `urn:uuid:00000000-0000-4000-8000-00000000000${n}`;
    const plan = {
      resourceType: 'MedicationRequest',
      identifier: [{ system: SOURCE, value: 'plan' }],
      status: 'active',
      intent: 'plan',
      subject: { reference: urn(1) },
      medicationReference: { reference: urn(2) },
    };
    const answer = await transact(practice, [
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
    const { entries } = await app.context.store.searchAudit({ limit: 1 });
    expect(entries[0]).toMatchObject({ interaction: 'transaction', action: 'E', patient });
    expect(entries[0]?.entities).toHaveLength(5);
    const [stored] = await found(practice, 'MedicationStatement');
    expect(stored).toMatchObject({
      id: idAt(answer, 0),
      subject: { reference: `Patient/${patient}` },
      basedOn: [{ reference: `MedicationRequest/${idAt(answer, 3)}` }],
      medicationReference: { reference: `Medication/${idAt(answer, 2)}` },
      derivedFrom: [{ reference: `MedicationRequest/${idAt(answer, 3)}` }],
    });
    // The practice is found by its Organization, then and later.
    expect((await app.context.store.currentRecord(patient))?.practice).toBe('A81001');
    const read = await practice.get(`Patient/${patient}`);
    const again = await practice.put(`Patient/${patient}`, {
      ...read.json<object>(),
      gender: 'female',
    });
    expect([again.statusCode, again.json().gender]).toEqual([200, 'female']);
  });

  it('that is a transaction does all or nothing', async () => {
    await register();
    const first = await practice.post('MedicationStatement', statement('1'));
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
      const answer = await transact(practice, [posting(statement('2')), entry]);
      expect([entry, answer.statusCode]).toEqual([entry, status]);
      if (entry.request !== undefined && !JSON.stringify(entry.request).includes('Audit')) {
        expect(answer.json().issue[0].expression?.[0]).toMatch(/^Bundle\.entry\[1\]/);
      }
    }
    expect(await version()).toBe(before);
    expect((await transact(practice, [posting(statement('2'))])).statusCode).toBe(200);
    expect(await version()).toBe(before + 1);
  });

  it('that is a transaction names every fault at once, each with its entry', async () => {
    await register();
    const answer = await transact(practice, [
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

  it('that is a transaction deletes, creates, then changes, and reads last', async () => {
    await register();
    const one = (await practice.post('MedicationStatement', statement('1'))).json().id;
    const two = (await practice.post('MedicationStatement', statement('2'))).json().id;
    const patch = [{ op: 'replace', path: '/status', value: 'stopped' }];
    const data = Buffer.from(JSON.stringify(patch)).toString('base64');
    const contentType = 'application/json-patch+json';
    const answer = await transact(practice, [
      asking('GET', `MedicationStatement?patient=${patient}`),
      {
        ...asking('PATCH', `MedicationStatement/${two}`),
        resource: { resourceType: 'Binary', contentType, data },
      },
      posting(statement('3')),
      asking('DELETE', `MedicationStatement/${one}`),
      asking('GET', `MedicationStatement/${one}`),
      posting(statement('2'), { ifNoneExist: `identifier=${SOURCE}|2&status=x` }),
    ]);
    expect(answer.statusCode).toBe(400);
    const done = await transact(practice, [
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
    const preferred = await practice.post(
      '',
      bundle('transaction', [
        putting(`MedicationStatement?identifier=${SOURCE}|3`, statement('3')),
      ]),
      { prefer: 'return=representation' },
    );
    expect(preferred.json().entry[0].resource.identifier[0].value).toBe('3');
  });

  it('that is a transaction about two patients is refused, and says so', async () => {
    await register();
    const stranger = { identifier: { system: NHS, value: NUMBERS[19] } };
    const answer = await transact(practice, [
      posting(statement('1')),
      posting(allergy('2', { patient: stranger })),
    ]);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().issue[0]).toMatchObject({ expression: ['Bundle.entry[1]'] });
    expect(answer.json().issue[0].diagnostics).toContain('about one patient');
    const other = await transact(practice, [
      posting(statement('1')),
      asking('DELETE', `AllergyIntolerance/${app.context.names.recordId(NUMBERS[19] ?? '')}-1`),
    ]);
    expect(other.statusCode).toBe(400);
    expect((await transact(practice, [posting(statement('1'))])).statusCode).toBe(200);
  });

  it('that is a transaction of another service identifies the patient and no more', async () => {
    const entries = (n: string) => [
      posting(aPatient(nhsNumber, 'A81001'), {}, 'urn:uuid:p'),
      posting(statement(n, { subject: { reference: 'urn:uuid:p' } })),
    ];
    const first = await transact(nurses, entries('1'));
    expect(statuses(first)).toEqual(['200 OK', '201 Created']);
    expect((await nurses.get(`Patient/${patient}`)).json().name).toBeUndefined();
    await register();
    expect(statuses(await transact(nurses, entries('2')))).toEqual(['200 OK', '201 Created']);
    expect((await nurses.get(`Patient/${patient}`)).json().name).toBeDefined();
    expect(await found(practice, 'MedicationStatement')).toEqual([]);
    expect(await found(nurses, 'MedicationStatement')).toHaveLength(2);
  });

  it('that is a transaction of a new practice moves the patient', async () => {
    await register();
    await practice.post('MedicationStatement', statement('1'));
    const other = await clientOf(app, { role: 'gp-system', organization: 'B82002' });
    const moved = await transact(other, [
      posting(aPatient(nhsNumber, 'B82002')),
      posting(statement('1')),
    ]);
    expect(statuses(moved)).toEqual(['201 Created', '201 Created']);
    expect((await practice.get(`Patient/${patient}`)).statusCode).toBe(404);
    const back = [posting(aPatient(nhsNumber, 'A81001')), posting(statement('1'))];
    expect((await transact(practice, back)).statusCode).toBe(403);
    app.advance(1000);
    const timestamp = new Date(app.context.clock.now()).toISOString();
    expect((await transact(practice, back, { timestamp })).statusCode).toBe(200);
    const late = { timestamp: '2026-03-01T00:00:00Z' };
    expect((await transact(practice, [posting(statement('5'))], late)).statusCode).toBe(409);
    expect((await transact(practice, [], { timestamp: 'soon' })).statusCode).toBe(422);
  });

  it('that is a batch answers each entry by itself, across patients', async () => {
    await register();
    const id = (await practice.post('MedicationStatement', statement('1'))).json().id;
    const second = NUMBERS[18] ?? '';
    const base = 'http://127.0.0.1:8080/FHIR/R4';
    const before = (await app.context.store.searchAudit({ limit: 100 })).entries.length;
    const answer = await practice.post(
      '',
      bundle('batch', [
        asking('GET', `MedicationStatement/${id}`),
        asking('HEAD', `MedicationStatement/${id}`),
        asking('GET', `${base}/MedicationStatement?patient=${patient}`),
        posting(statement('1')),
        posting(aPatient(second, 'A81001')),
        asking('DELETE', `MedicationStatement/${id}`),
        asking('GET', `MedicationStatement/${id}`),
        asking('GET', 'AuditEvent'),
        asking('GET', 'Basic/1'),
        asking('GET', 'Patient/%zz'),
        asking('POST', ''),
        asking('POST', 'Patient/_search'),
        posting(statement('7', { status: undefined })),
        {},
      ]),
    );
    expect([answer.statusCode, answer.json().type]).toEqual([200, 'batch-response']);
    expect(statuses(answer)).toEqual([
      '200 OK',
      '200 OK',
      '200 OK',
      '409 Conflict',
      '201 Created',
      '204 No Content',
      '410 Gone',
      '403 Forbidden',
      '404 Not Found',
      '404 Not Found',
      '404 Not Found',
      '404 Not Found',
      '422 Unprocessable Entity',
      '400 Bad Request',
    ]);
    const { entry } = answer.json();
    const [read, head] = [entry[0], entry[1]];
    expect([read.resource.id, head.resource, read.response.etag]).toEqual([
      id,
      undefined,
      head.response.etag,
    ]);
    expect(entry[3].response.outcome.issue[0].code).toBe('duplicate');
    expect(entry[12].response.outcome.issue[0].expression).toEqual(['MedicationStatement.status']);
    const after = (await app.context.store.searchAudit({ limit: 100 })).entries;
    expect(after.length - before).toBe(9);
    expect(after.slice(0, 9).map((each) => each.interaction)).toEqual([
      'create',
      'search-type',
      'read',
      'delete',
      'create',
      'create',
      'search-type',
      'read',
      'read',
    ]);
  });

  it('that is a batch lets everybody ask for what they may', async () => {
    await register();
    const staff = await clientOf(app, { role: 'practice-staff', organization: 'A81001' });
    const ifNoneMatch = async (client: Client) => {
      const etag = (await client.get(`Patient/${patient}`)).headers.etag;
      return asking('GET', `Patient/${patient}`, { ifNoneMatch: etag });
    };
    const answer = await staff.post(
      '',
      bundle('batch', [
        posting(aConsent(patient, 'view', 'permit', 'A81001')),
        posting(statement('1')),
        await ifNoneMatch(staff),
      ]),
    );
    expect(statuses(answer)).toEqual(['201 Created', '403 Forbidden', '304 Not Modified']);
    expect((await transact(staff, [])).statusCode).toBe(403);
    expect((await transact(practice, [])).json()).toEqual({
      resourceType: 'Bundle',
      type: 'transaction-response',
    });
  });

  it.each([
    ['no Bundle', { resourceType: 'Patient' }, 400],
    ['no kind of it', { resourceType: 'Bundle', type: 'collection' }, 400],
    ['nothing', null, 400],
    ['too much', { resourceType: 'Bundle', type: 'batch', entry: Array(501).fill({}) }, 413],
    ['lists of lists', { resourceType: 'Bundle', type: 'transaction', entry: [[]] }, 400],
    ['no list', { resourceType: 'Bundle', type: 'batch', entry: 'x' }, 200],
  ])('that is %s is answered without failing', async (_, body, status) => {
    expect((await practice.post('', body)).statusCode).toBe(status);
    expect((await practice.post('?_format=json', body)).statusCode).toBe(status);
  });

  it('is taken with a slash behind the base as well', async () => {
    const authorization = await app.authorization({ role: 'gp-system', organization: 'A81001' });
    const headers = { authorization, 'content-type': 'application/fhir+json' };
    const payload = JSON.stringify(bundle('batch', []));
    const url = '/FHIR/R4/';
    const answer = await app.server.inject({ method: 'POST', url, headers, payload });
    expect([answer.statusCode, answer.json().type]).toEqual([200, 'batch-response']);
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
