import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, aPatient, aStatement } from '../support/bundles.ts';
import { type Client, clientOf, submissionOf } from '../support/requests.ts';

const RESTRICTED = {
  security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
};
const PATIENT = '9990000018';
const OTHER = '9990000026';
const OURS = { reference: 'Patient/p1' };

interface Entry {
  readonly fullUrl: string;
  readonly resource: { readonly resourceType: string; readonly id: string; readonly code?: object };
  readonly search: { readonly mode: string };
}

function medication(id: string, code: string): object {
  return {
    resourceType: 'Medication',
    id,
    code: { coding: [{ system: 'urn:drugs', code }] },
    amount: { numerator: { value: 1 }, denominator: { value: 1 } },
  };
}

function containing(number: string, drug: object, more: object = {}): object {
  return aStatement(number, {
    medicationCodeableConcept: undefined,
    medicationReference: { reference: '#m1' },
    contained: [drug],
    ...more,
  });
}

function observation(id: string, subject: object): object {
  return { resourceType: 'Observation', id, status: 'final', code: { text: id }, subject };
}

describeOnBothStores('what entries contain', (start) => {
  let app: TestApp;
  let practice: Client;
  let viewer: Client;
  let patient: string;

  beforeAll(async () => {
    app = await start();
    patient = app.context.names.recordId(PATIENT);
    practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
    const elsewhere = { reference: `Patient/${app.context.names.recordId(OTHER)}` };
    const bundle = aBundle([
      aPatient(PATIENT, 'A81001'),
      medication('plain', 'a'),
      aStatement('0', {
        medicationCodeableConcept: undefined,
        medicationReference: { reference: 'Medication/plain' },
      }),
      containing('1', medication('m1', 'a')),
      containing('2', medication('m1', 'b')),
      containing('hidden', medication('m1', 'a'), { meta: RESTRICTED }),
      {
        ...procedure('1'),
        contained: [
          observation('own', OURS),
          observation('own-too', OURS),
          observation('mothers', elsewhere),
        ],
        reasonReference: ['#own', '#own-too', '#mothers'].map((reference) => ({ reference })),
      },
    ]);
    const sent = await practice.post('$submit-record', submissionOf(bundle));
    expect([sent.statusCode, sent.body]).toEqual([200, expect.any(String)]);
    const clinician = { role: 'clinician', organization: 'RX1', purpose: 'TREAT' } as const;
    viewer = await clientOf(app, { ...clinician, patient });
  });
  afterAll(() => app.close());

  const search = async (client: Client, path: string) => {
    const answer = await client.get(path, { prefer: 'handling=strict' });
    expect([path, answer.statusCode]).toEqual([path, 200]);
    const { total, entry = [], link } = answer.json();
    return { total, entries: entry as Entry[], link, body: answer.body };
  };
  const medications = (query: string) =>
    `Medication?_has:MedicationStatement:medication:patient=${patient}&${query}`;

  it('is not found unless that is asked for', async () => {
    for (const query of ['', '_contained=false', '_containedType=contained']) {
      const { total, entries } = await search(viewer, medications(query));
      expect([total, entries[0]?.resource.resourceType]).toEqual([1, 'Medication']);
    }
  });

  it('is found in its container, of what is disclosed alone', async () => {
    const { total, entries, body } = await search(viewer, medications('code=a&_contained=true'));
    expect([total, entries.length]).toEqual([1, 1]);
    expect(entries[0]).toMatchObject({
      resource: { resourceType: 'MedicationStatement', contained: [{ id: 'm1' }] },
      search: { mode: 'match' },
    });
    const { id } = entries[0]?.resource ?? {};
    expect(entries[0]?.fullUrl).toMatch(new RegExp(`/FHIR/R4/MedicationStatement/${id}$`));
    // As it is read: presented for a person.
    expect(body).toContain(JSON.stringify((await viewer.get(`MedicationStatement/${id}`)).json()));
    expect((await search(practice, medications('code=a&_contained=true'))).total).toBe(2);
    expect((await search(viewer, medications('code=a&_contained=both'))).total).toBe(2);
    expect((await search(practice, medications('code=a&_contained=both'))).total).toBe(3);
    for (const [client, total] of [
      [viewer, 1],
      [practice, 2],
    ] as const) {
      const counted = await search(client, medications('code=a&_contained=true&_summary=count'));
      expect(counted.total).toBe(total);
    }
  });

  it('is shown by itself at an address inside its container', async () => {
    const each = '_contained=both&_containedType=contained&_sort=code';
    const { total, entries } = await search(viewer, medications(each));
    expect([total, entries.map(({ search: { mode } }) => mode)]).toEqual([
      3,
      ['match', 'match', 'match'],
    ]);
    const inside = entries.filter(({ fullUrl }) => fullUrl.includes('#'));
    expect(inside).toHaveLength(2);
    for (const { fullUrl, resource } of inside) {
      expect(fullUrl).toMatch(/\/FHIR\/R4\/MedicationStatement\/[^/#]+#m1$/);
      expect(resource).toMatchObject({ resourceType: 'Medication', id: 'm1' });
      expect(resource).not.toHaveProperty('contained');
    }
    expect(new Set(entries.map(({ fullUrl }) => fullUrl)).size).toBe(3);
    const cut = await search(viewer, medications(`${each}&_elements=code`));
    expect(cut.entries.map(({ resource }) => Object.keys(resource).toSorted().join())).toEqual(
      entries.map(() => 'code,id,meta,resourceType'),
    );
  });

  it('goes on over page links, and each page shows what may be seen then', async () => {
    const each = '_contained=both&_containedType=contained&_sort=code&_count=1';
    const urls: string[] = [];
    let path: string | undefined = medications(each);
    while (path !== undefined) {
      const { entries, link } = await search(viewer, path);
      urls.push(...entries.map(({ fullUrl }) => fullUrl));
      const next = link.find((one: { relation: string }) => one.relation === 'next');
      path = next?.url.split('/FHIR/R4/')[1];
    }
    expect([urls.length, new Set(urls).size]).toEqual([3, 3]);
  });

  it('is about whom it says itself, whosever record it is in', async () => {
    for (const whose of [
      `patient=${patient}`,
      `subject=Patient/${patient}`,
      `patient.identifier=https://fhir.nhs.uk/Id/nhs-number%7C${PATIENT}`,
    ]) {
      const query = `Observation?${whose}&_contained=true&_containedType=contained`;
      const { entries } = await search(viewer, query);
      expect([whose, entries.map(({ resource }) => resource.id)]).toEqual([
        whose,
        ['own', 'own-too'],
      ]);
    }
    const nobody = await search(practice, `Observation?patient=${UNKNOWN}&_contained=true`);
    expect(nobody.total).toBe(0);
  });

  it('is audited as the version of its container, once', async () => {
    await search(viewer, `Observation?patient=${patient}&_contained=true&_containedType=contained`);
    const auditor = await clientOf(app, { role: 'auditor', organization: 'X26' });
    const log = await auditor.get(`AuditEvent?patient=Patient/${patient}&_count=1`);
    const named = JSON.stringify(log.json().entry[0].resource.entity);
    expect(named.match(/Procedure\/[^/]+\/_history\//g)).toHaveLength(1);
  });
});

const UNKNOWN = '000000000000000000000000';

function procedure(number: string): object {
  return {
    resourceType: 'Procedure',
    id: `procedure-${number}`,
    identifier: [{ system: 'https://source.test/id', value: `procedure-${number}` }],
    status: 'completed',
    code: { text: 'Something' },
    subject: OURS,
  };
}
