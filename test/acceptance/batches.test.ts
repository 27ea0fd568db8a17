import { beforeEach, expect, it } from 'vitest';
import {
  asking,
  bundle,
  type Entry,
  entriesAbout,
  posting,
  statuses,
} from '../support/bundle-entries.ts';
import { aConsent, aPatient } from '../support/bundles.ts';
import { type Client, clientOf } from '../support/requests.ts';
import { describeWriting } from '../support/writing.ts';

describeWriting('a Bundle at the base', (w) => {
  let nhsNumber: string;
  let patient: string;
  let statement: ReturnType<typeof entriesAbout>['statement'];
  beforeEach(() => {
    nhsNumber = w.unknownNumber();
    patient = w.app.context.names.recordId(nhsNumber);
    ({ statement } = entriesAbout(nhsNumber));
  });

  const transact = (client: Client, entries: Entry[], more: object = {}) =>
    client.post('', bundle('transaction', entries, more));
  const register = async () => {
    const answer = await w.practice.post('Patient', aPatient(nhsNumber, 'A81001'));
    expect(answer.statusCode).toBe(201);
  };

  it('that is a batch answers each entry by itself, across patients', async () => {
    await register();
    const id = (await w.practice.post('MedicationStatement', statement('1'))).json().id;
    const second = w.unknownNumber();
    const base = 'http://127.0.0.1:8080/FHIR/R4';
    const before = (await w.app.context.store.searchAudit({ limit: 100 })).entries.length;
    const answer = await w.practice.post(
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
    const after = (await w.app.context.store.searchAudit({ limit: 100 })).entries;
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
    const staff = await clientOf(w.app, { role: 'practice-staff', organization: 'A81001' });
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
    expect((await transact(w.practice, [])).json()).toEqual({
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
  ])('is answered without failing when it is %s', async (_, body, status) => {
    expect((await w.practice.post('', body)).statusCode).toBe(status);
    expect((await w.practice.post('?_format=json', body)).statusCode).toBe(status);
  });

  it('is taken with a slash behind the base as well', async () => {
    const authorization = await w.app.authorization({ role: 'gp-system', organization: 'A81001' });
    const headers = { authorization, 'content-type': 'application/fhir+json' };
    const payload = JSON.stringify(bundle('batch', []));
    const url = '/FHIR/R4/';
    const answer = await w.app.server.inject({ method: 'POST', url, headers, payload });
    expect([answer.statusCode, answer.json().type]).toEqual([200, 'batch-response']);
  });
});
