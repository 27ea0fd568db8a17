import { expect, it } from 'vitest';
import { aBundle, anAllergy, aPatient, NHS } from '../support/bundles.ts';
import { type Client, submissionOf } from '../support/requests.ts';
import { codes, describeWriting, idIn, SOURCE, type Writing } from '../support/writing.ts';

const RESTRICTED = {
  security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
};
const LETTER = 'UmV2aWV3IGluIHNpeCBtb250aHMu';
const ABSENT = '0123456789abcdef01234567';

interface Resource {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}

/** A document with itself inside, by a practitioner. */
function aDocument(identifier: string, more: object = {}): object {
  return {
    resourceType: 'DocumentReference',
    id: `doc-${identifier}`,
    identifier: [{ system: SOURCE, value: identifier }],
    status: 'current',
    type: { text: 'Outpatient letter' },
    subject: { reference: 'Patient/p1' },
    date: '2026-02-03T10:30:00.50+00:00',
    content: [{ attachment: { contentType: 'text/plain', data: LETTER, size: 21 } }],
    ...more,
  };
}

/** A Provenance of some entries. */
function aProvenance(id: string, targets: readonly string[], more: object = {}): object {
  return {
    resourceType: 'Provenance',
    id,
    target: targets.map((reference) => ({ reference })),
    recorded: '2026-02-03T10:31:00Z',
    agent: [{ who: { display: 'Dr Khan' } }],
    ...more,
  };
}

const DOCTOR = { resourceType: 'Practitioner', id: 'dr', name: [{ family: 'Khan' }] };
const BY_DOCTOR = { agent: [{ who: { reference: 'Practitioner/dr' } }] };

describeWriting('documents and Provenances', (w) => {
  async function submit(resources: readonly object[], client = w.practice): Promise<void> {
    const bundle = aBundle([aPatient(w.nhsNumber, 'A81001'), ...resources]);
    const answer = await client.post('$submit-record', submissionOf(bundle));
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  }

  async function found(client: Client, query: string): Promise<Resource[]> {
    const answer = await client.get(query);
    expect([query, answer.statusCode]).toEqual([query, 200]);
    return (answer.json().entry ?? []).map(({ resource }: { resource: Resource }) => resource);
  }

  const typesOf = (resources: readonly Resource[]) =>
    resources.map(({ resourceType }) => resourceType).sort();
  const everything = (client: Client) => found(client, `Patient/${w.patient}/$everything`);
  const one = async (client: Client, type: string) =>
    (await everything(client)).find(({ resourceType }) => resourceType === type);

  it('come in a submission, and a document comes back as it was sent', async () => {
    const document = aDocument('1', { author: [{ reference: 'Practitioner/dr' }] });
    await submit([DOCTOR, document, aProvenance('pr', ['DocumentReference/doc-1'])]);
    const back = await one(w.clinician, 'DocumentReference');
    expect(back?.content).toEqual([
      { attachment: { contentType: 'text/plain', data: LETTER, size: 21 } },
    ]);
    expect(back?.date).toBe('2026-02-03T10:30:00.50+00:00');
    const provenance = await one(w.clinician, 'Provenance');
    expect(provenance?.target).toEqual([{ reference: `DocumentReference/${back?.id}` }]);
    const statuses = codes([
      await w.clinician.get(`DocumentReference/${back?.id}`),
      await w.clinician.get(`Provenance/${provenance?.id}`),
      await w.clinician.get(`Provenance/${provenance?.id}/_history`),
    ]);
    expect(statuses).toEqual([200, 200, 200]);
    expect(typesOf(await everything(w.clinician))).toContain('Practitioner');
  });

  it('are created, updated, patched and withdrawn by who records them', async () => {
    const subject = { identifier: { system: NHS, value: w.nhsNumber } };
    const created = await w.practice.post('DocumentReference', aDocument('1', { subject }));
    const target = [{ reference: `DocumentReference/${idIn(created)}` }];
    const made = await w.practice.post('Provenance', aProvenance('x', [], { target }));
    expect(codes([created, made])).toEqual([201, 201]);
    const path = `Provenance/${idIn(made)}`;
    const updated = await w.practice.put(path, {
      ...(made.json() as object),
      recorded: '2026-02-04T00:00:00Z',
    });
    const patched = await w.practice.patch(path, [
      { op: 'add', path: '/occurredDateTime', value: '2026-02-03' },
    ]);
    expect(codes([updated, patched])).toEqual([200, 200]);
    expect((await w.clinician.get(path)).json()).toMatchObject({
      recorded: '2026-02-04T00:00:00Z',
      occurredDateTime: '2026-02-03',
      target,
    });
    const byTarget = `Provenance?target=DocumentReference/${idIn(created)}`;
    const removed = await w.practice.delete(byTarget);
    expect(codes([removed, await w.clinician.get(path)])).toEqual([204, 410]);
  });

  it('come in a transaction, where a Provenance says by its targets whose it is', async () => {
    const urn = 'urn:uuid:11111111-2222-4333-8444-555555555555';
    const subject = { identifier: { system: NHS, value: w.nhsNumber } };
    const entries = [
      { fullUrl: urn, resource: aDocument('1', { subject }), type: 'DocumentReference' },
      { resource: aProvenance('x', [urn], BY_DOCTOR), type: 'Provenance' },
    ];
    const answer = await w.practice.post('', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: entries.map(({ type, ...entry }) => ({
        ...entry,
        request: { method: 'POST', url: type },
      })),
    });
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
    const document = await one(w.clinician, 'DocumentReference');
    const provenance = await one(w.clinician, 'Provenance');
    expect(provenance?.target).toEqual([{ reference: `DocumentReference/${document?.id}` }]);
  });

  it('are found by what they refer to, and come along', async () => {
    await submit([
      DOCTOR,
      anAllergy('1'),
      aDocument('1', { context: { related: [{ reference: 'AllergyIntolerance/ai-1' }] } }),
      aProvenance('pr', ['AllergyIntolerance/ai-1'], BY_DOCTOR),
      aProvenance('of-patient', ['Patient/p1']),
    ]);
    const allergy = (await one(w.clinician, 'AllergyIntolerance'))?.id ?? '';
    const about = `AllergyIntolerance/${allergy}`;
    const counts = async (query: string) => (await found(w.clinician, query)).length;
    expect(await counts(`Provenance?target=${about}`)).toBe(1);
    expect(await counts(`Provenance?target:AllergyIntolerance=${allergy}`)).toBe(1);
    expect(await counts(`Provenance?target.patient=${w.patient}`)).toBe(1);
    expect(await counts(`Provenance?target:AllergyIntolerance.patient=${w.patient}`)).toBe(1);
    expect(await counts(`Provenance?patient=${w.patient}`)).toBe(1);
    expect(await counts(`DocumentReference?related=${about}`)).toBe(1);
    expect(await counts(`DocumentReference?patient=${w.patient}&contenttype=text/plain`)).toBe(1);
    const along = `AllergyIntolerance?_id=${allergy}&_revinclude=Provenance:target`;
    expect(typesOf(await found(w.clinician, along))).toEqual(['AllergyIntolerance', 'Provenance']);
    const actors = `${along}&_include:iterate=Provenance:agent`;
    expect(typesOf(await found(w.clinician, actors))).toContain('Practitioner');
    expect((await w.clinician.get('Provenance?recorded=2026')).statusCode).toBe(400);
  });

  it('hide a Provenance with what it tells of, and who acted in it', async () => {
    await submit([
      DOCTOR,
      anAllergy('open'),
      anAllergy('secret', { meta: RESTRICTED }),
      aProvenance('pr', ['AllergyIntolerance/ai-open', 'AllergyIntolerance/ai-secret'], BY_DOCTOR),
    ]);
    expect(typesOf(await everything(w.clinician))).toEqual(['AllergyIntolerance', 'Patient']);
    const own = await everything(w.practice);
    expect(typesOf(own)).toContain('Provenance');
    const id = own.find(({ resourceType }) => resourceType === 'Provenance')?.id ?? '';
    const hidden = await w.clinician.get(`Provenance/${id}`);
    const absent = await w.clinician.get(`Provenance/${w.patient}-${ABSENT}`);
    expect(hidden.statusCode).toBe(404);
    expect(hidden.body).toBe(absent.body);
  });

  it('take a Provenance away with what it told of, for its recorder too', async () => {
    await submit([anAllergy('1'), aProvenance('pr', ['AllergyIntolerance/ai-1'])]);
    const provenance = `Provenance/${(await one(w.practice, 'Provenance'))?.id}`;
    expect((await w.practice.get(provenance)).statusCode).toBe(200);
    const allergy = (await one(w.practice, 'AllergyIntolerance'))?.id;
    await w.practice.delete(`AllergyIntolerance/${allergy}`);
    expect(codes(await both(w, provenance))).toEqual([404, 404]);
    await submit([anAllergy('1'), aProvenance('pr', ['AllergyIntolerance/ai-1'])]);
    expect(codes(await both(w, provenance))).toEqual([200, 200]);
    await submit([]);
    expect(codes(await both(w, provenance))).toEqual([410, 410]);
  });

  it('refuse a Provenance that reaches into what is not its organisation’s', async () => {
    await submit([anAllergy('1')]);
    const there = `AllergyIntolerance/${(await one(w.practice, 'AllergyIntolerance'))?.id}`;
    const never = `AllergyIntolerance/${w.patient}-${ABSENT}`;
    const other = `Patient/${w.app.context.names.recordId(w.unknownNumber())}`;
    const sent = (target: string) =>
      w.nurses.post('Provenance', aProvenance('x', [`Patient/${w.patient}`, target]));
    await submit([aDocument('1')], w.nurses);
    const refusals = [await sent(there), await sent(never), await sent(other)];
    expect(codes(refusals)).toEqual([422, 422, 422]);
    expect(refusals[0]?.body).toBe(refusals[1]?.body);
    const inBundle = (target: string) =>
      w.nurses.post(
        '$submit-record',
        submissionOf(aBundle([aPatient(w.nhsNumber, 'A81001'), aProvenance('x', [target])])),
      );
    expect(codes([await inBundle(there), await inBundle(never)])).toEqual([422, 422]);
    expect(codes([await inBundle(other), await inBundle('Patient/p2')])).toEqual([422, 422]);
    expect(codes([await inBundle('Patient/p1')])).toEqual([200]);
  });

  it('tell the missing record of a Provenance whose targets lie elsewhere', async () => {
    const stray = aProvenance('x', ['Procedure/example/_history/1']);
    expect((await w.practice.post('Provenance', stray)).statusCode).toBe(422);
    await submit([stray]);
    expect(typesOf(await everything(w.clinician))).toEqual(['Patient', 'Provenance']);
  });

  it('find a document again by its master identifier', async () => {
    const subject = { identifier: { system: NHS, value: w.nhsNumber } };
    const masterIdentifier = { system: SOURCE, value: 'v1' };
    const more = { id: undefined, identifier: undefined };
    const body = aDocument('1', { subject, masterIdentifier, ...more });
    const created = await w.practice.post('DocumentReference', body);
    const again = await w.practice.post('DocumentReference', body);
    expect(codes([created, again])).toEqual([201, 409]);
    const query = `DocumentReference?identifier=${SOURCE}|v1&patient=${w.patient}`;
    const updated = await w.practice.put(query, { ...body, status: 'superseded' });
    expect([updated.statusCode, updated.json().id]).toEqual([200, idIn(created)]);
  });
});

/** How one path is answered to its recorder and to a clinician elsewhere. */
async function both({ practice, clinician }: Writing, path: string) {
  return [await practice.get(path), await clinician.get(path)];
}
