import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, aConsent, anAllergy, aPatient, aStatement, NHS } from '../support/bundles.ts';
import { nhsNumbers } from '../support/nhs-numbers.ts';
import { type Client, clientOf, submissionOf } from '../support/requests.ts';

const SOURCE = 'https://source.test/id';
const BASE = 'http://127.0.0.1:8080/FHIR/R4';

function labelled(...codes: string[]): object {
  const system = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
  return { meta: { security: codes.map((code) => ({ system, code })) } };
}

interface Found {
  readonly total?: number;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly { readonly resource: { readonly id: string; readonly meta: object } }[];
}

/** Pitfalls that other servers fell into; `docs/pitfalls.md` lists them all. */
describeOnBothStores('where other servers leak', (start) => {
  let app: TestApp;
  let practice: Client;
  let viewer: Client;
  let nhsNumber: string;
  let patient: string;
  const numbers = nhsNumbers(100);
  const hidden = () => app.context.names.entryId(patient, `A81001|MedicationStatement|${SOURCE}|h`);
  const never = () => `${patient}-000000000000000000000000`;
  const viewing = () =>
    ({ role: 'clinician', organization: 'RX1', purpose: 'TREAT', patient }) as const;

  beforeAll(async () => {
    app = await start();
    practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    nhsNumber = numbers.pop() ?? '';
    patient = app.context.names.recordId(nhsNumber);
    viewer = await clientOf(app, viewing());
    await submit(practice, entries());
  });

  const entries = () => [
    aStatement('1'),
    aStatement('h', labelled('R')),
    aStatement('2'),
    aStatement('both', labelled('N', 'R')),
    aStatement('3', labelled('PSY')),
    anAllergy('1'),
  ];
  const submit = async (client: Client, resources: object[], number = nhsNumber) => {
    const bundle = aBundle([aPatient(number, 'A81001'), ...resources]);
    const answer = await client.post('$submit-record', submissionOf(bundle));
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  };
  const find = async (client: Client, query: string): Promise<Found> => {
    const answer = await client.get(query);
    expect([query, answer.statusCode]).toEqual([query, 200]);
    return answer.json();
  };
  const statements = (more = '') => `MedicationStatement?patient=${patient}${more}`;
  const ids = (found: Found) => (found.entry ?? []).map(({ resource }) => resource.id);
  const nextOf = ({ link }: Found) =>
    link.find(({ relation }) => relation === 'next')?.url.replace(`${BASE}/`, '');

  it('counts only what the caller may see, in every form of total', async () => {
    const forms = ['', '&_summary=count', '&_total=accurate', '&_total=estimate', '&_count=1'];
    for (const form of forms) {
      expect([form, (await find(viewer, statements(form))).total]).toEqual([form, 3]);
      expect([form, (await find(practice, statements(form))).total]).toEqual([form, 5]);
    }
  });

  it('fills every page but the last, whatever is hidden between', async () => {
    const sizes: number[] = [];
    const seen: string[] = [];
    for (let next: string | undefined = statements('&_count=2'); next !== undefined; ) {
      const page: Found = await find(viewer, next);
      sizes.push(ids(page).length);
      seen.push(...ids(page));
      next = nextOf(page);
    }
    expect([sizes, new Set(seen).size]).toEqual([[2, 1], 3]);
  });

  it('answers a page link anew for whoever follows it, and when', async () => {
    const link = nextOf(await find(practice, statements('&_count=1'))) ?? '';
    expect((await viewer.get(link)).body).not.toContain(hidden());
    const stranger = await clientOf(app, { ...viewing(), patient: undefined, subject: 'dr-x' });
    expect((await stranger.get(link)).statusCode).toBe(403);
    const mine = nextOf(await find(viewer, statements('&_count=1'))) ?? '';
    expect((await find(viewer, mine)).total).toBe(3);
    const staff = await clientOf(app, { role: 'practice-staff', organization: 'A81001' });
    const dissent = aConsent(patient, 'scr-dissent', 'deny', 'A81001');
    expect((await staff.post('Consent', dissent)).statusCode).toBe(201);
    const after = await find(viewer, mine);
    expect([after.total, ids(after)]).toEqual([0, []]);
  });

  it('finds nothing under a hidden id, as under one that never was', async () => {
    const forms = ['_id', 'identifier', 'part-of', 'patient', 'subject', 'based-on'];
    for (const form of forms) {
      const answers = await Promise.all(
        [hidden(), never()].map(async (id) => {
          const more = form === 'patient' || form === 'subject' ? '' : `&patient=${patient}`;
          const answer = await viewer.get(`MedicationStatement?${form}=${id}${more}`);
          return [answer.statusCode, answer.body.replaceAll(id, 'ID')];
        }),
      );
      expect([form, answers[0]]).toEqual([form, answers[1]]);
    }
    expect(ids(await find(practice, statements(`&_id=${hidden()}`)))).toEqual([hidden()]);
  });

  it('finds the same by every name of the patient, and nothing by what is no name', async () => {
    const same = [
      `patient=Patient/${patient}`,
      `patient=Patient%2F${patient}`,
      `patient=${BASE}/Patient/${patient}`,
      `subject=${patient}`,
      `subject=Patient/${patient}`,
      `patient.identifier=${NHS}|${nhsNumber}`,
      `subject:identifier=${NHS}|${nhsNumber}`,
      `patient=${patient}&patient=${patient}`,
      `patient=${patient}&subject=${patient}`,
    ];
    const expected = ids(await find(viewer, statements()));
    for (const each of same) {
      const found = await find(viewer, `MedicationStatement?${each}`);
      expect([each, ids(found)]).toEqual([each, expected]);
    }
    const other = app.context.names.recordId(numbers[0] ?? '');
    const none = [patient.toUpperCase(), `Practitioner/${patient}`, other, `${patient}x`];
    for (const each of none) {
      const answer = await viewer.get(`MedicationStatement?patient=${each}`);
      expect([each, answer.body.includes('"search":{"mode":"match"}')]).toEqual([each, false]);
    }
  });

  it('shows no more for a parameter that it does not know', async () => {
    const expected = ids(await find(viewer, statements()));
    for (const more of [
      '&colour=red',
      '&_purpose=ETREAT',
      '&organization=A81001',
      '&role=patient',
    ]) {
      const found = await find(viewer, statements(more));
      expect([more, ids(found).filter((id) => id !== undefined)]).toEqual([more, expected]);
      const strict = await viewer.get(statements(more), { prefer: 'handling=strict' });
      expect([more, strict.statusCode]).toEqual([more, 400]);
    }
  });

  it('answers a form and a batch entry as it answers the query', async () => {
    for (const client of [viewer, practice]) {
      const plain = await client.get(statements());
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const form = await client.post('MedicationStatement/_search', `patient=${patient}`, headers);
      expect(form.body).toBe(plain.body);
      const request = { method: 'GET', url: statements() };
      const batch = { resourceType: 'Bundle', type: 'batch', entry: [{ request }] };
      const answer = await client.post('', batch);
      expect(answer.json().entry[0].resource).toEqual(plain.json());
    }
  });

  it('has no other way in', async () => {
    const paths = ['$export', 'Patient/$export', `Patient/${patient}/$export`, '$graphql'];
    const types = ['Group', 'List', 'Subscription', 'Binary', 'Basic', 'Composition'];
    for (const path of [...paths, ...types, ...types.map((type) => `${type}/1`)]) {
      expect([path, (await viewer.get(path)).statusCode]).toEqual([path, 404]);
    }
    expect((await viewer.get(`Patient/${patient}`)).statusCode).toBe(200);
  });

  it('hides the open versions of what became private later, wherever they are asked for', async () => {
    const [id = ''] = ids(await find(viewer, `AllergyIntolerance?patient=${patient}`));
    const open = await viewer.get(`AllergyIntolerance/${id}`);
    const version = open.json().meta.versionId;
    app.advance(1000);
    await submit(practice, [anAllergy('1', labelled('R'))]);
    const paths = (of: string) => [
      `AllergyIntolerance/${of}`,
      `AllergyIntolerance/${of}/_history`,
      `AllergyIntolerance/${of}/_history/${version}`,
      `AllergyIntolerance/${of}/_history/0`,
    ];
    for (const [index, path] of paths(id).entries()) {
      const answer = await viewer.get(path, { 'if-none-match': `W/"${version}"` });
      const absent = await viewer.get(paths(never())[index] ?? '');
      expect([path, comparable(answer)]).toEqual([path, comparable(absent)]);
    }
    expect((await practice.get(paths(id)[2] ?? '')).json().meta.versionId).toBe(version);
  });

  it('takes the same identifier under another patient as another entry', async () => {
    const second = numbers.pop() ?? '';
    await submit(practice, []);
    await submit(practice, [aStatement('1')], second);
    const other = app.context.names.recordId(second);
    expect(ids(await find(viewer, statements()))).toEqual([]);
    const [id = ''] = ids(await find(practice, `MedicationStatement?patient=${other}`));
    expect(id.startsWith(`${other}-`)).toBe(true);
    expect((await viewer.get(`MedicationStatement/${id}`)).statusCode).toBe(404);
  });

  it('decides before it cuts: asking for a part uncovers nothing', async () => {
    for (const cut of ['_elements=id', '_summary=true', '_summary=data', '_summary=text']) {
      expect([cut, ids(await find(viewer, statements(`&${cut}`))).length]).toEqual([cut, 3]);
      expect([cut, ids(await find(practice, statements(`&${cut}`))).length]).toEqual([cut, 5]);
    }
  });

  it('hides by one private label among several, and by none that no rule knows', async () => {
    const body = (await viewer.get(statements())).body;
    expect(body).toContain('"value":"3"');
    expect(body).not.toContain('"value":"both"');
    expect((await practice.get(statements())).body).toContain('"value":"both"');
  });

  it('takes a private label inside a contained resource for the whole entry, or refuses it', async () => {
    const contained = [{ resourceType: 'Medication', id: 'm', ...labelled('R') }];
    const inside = aStatement('inside', {
      contained,
      medicationCodeableConcept: undefined,
      medicationReference: { reference: '#m' },
    });
    const bundle = aBundle([aPatient(nhsNumber, 'A81001'), inside]);
    const { statusCode } = await practice.post('$submit-record', submissionOf(bundle));
    expect([200, 422]).toContain(statusCode);
    expect((await viewer.get(statements())).body).not.toContain('"value":"inside"');
    const own = (await practice.get(statements())).body.includes('"value":"inside"');
    expect(own).toBe(statusCode === 200);
  });

  it('takes nothing about who asks from headers', async () => {
    const plain = await viewer.get(statements());
    const answer = await viewer.get(statements(), {
      'x-forwarded-host': 'evil.test',
      'x-forwarded-for': '127.0.0.1',
      forwarded: 'host=evil.test',
      'x-patient': patient,
      'x-role': 'patient',
      'x-organization': 'A81001',
      'x-purpose-of-use': 'ETREAT',
      'x-consent': 'permit',
      'x-no-audit': 'true',
    });
    expect(answer.body).toBe(plain.body);
    expect((await practice.get(statements())).json().total).toBe(5);
  });

  it('takes a reference to what is hidden like one to nothing', async () => {
    const nurses = await clientOf(app, { role: 'care-system', organization: 'RY601' });
    const answers = await Promise.all(
      [hidden(), never()].map(async (id) => {
        const derivedFrom = [{ reference: `MedicationStatement/${id}` }];
        const bundle = aBundle([aPatient(nhsNumber, 'A81001'), aStatement('n', { derivedFrom })]);
        const answer = await nurses.post('$submit-record', submissionOf(bundle));
        return [answer.statusCode, answer.json().resourceType];
      }),
    );
    expect(answers).toEqual([
      [200, 'Parameters'],
      [200, 'Parameters'],
    ]);
    expect((await viewer.get(statements('&_include=*'))).body).not.toContain('"value":"h"');
    expect((await practice.get(statements('&_include=*'))).body).toContain('"value":"h"');
  });

  it('makes one entry of conditional creates at the same moment', async () => {
    const unless = { 'if-none-exist': `identifier=${SOURCE}|new&patient=${patient}` };
    const subject = { reference: `Patient/${patient}` };
    const statement = { ...aStatement('new', { subject }), id: undefined };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => practice.post('MedicationStatement', statement, unless)),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([
      ...Array(7).fill(200),
      201,
    ]);
    expect((await find(practice, statements())).total).toBe(6);
  });

  it('repeats in no error what is stored, nor a value that was sent', async () => {
    const marker = 'Zanzibar';
    const answers = [
      await viewer.get(`MedicationStatement?patient=${marker}&status=a|b|${marker}&_sort=x`),
      await viewer.get(`MedicationStatement/${marker}`),
      await viewer.post('Consent', { resourceType: 'Consent', status: marker }),
      await practice.post('$submit-record', submissionOf(aBundle([{ resourceType: marker }]))),
      await practice.post('MedicationStatement', `{"resourceType":"${marker}`),
      await viewer.get(`MedicationStatement/${hidden()}`),
    ];
    for (const { statusCode, body } of answers) {
      expect([statusCode >= 400, body.includes(marker), body.includes('Paracetamol')]).toEqual([
        true,
        false,
        false,
      ]);
    }
  });

  it('records every page and every refusal, with what was disclosed and nothing else', async () => {
    const log = async () =>
      (await app.context.store.searchAudit({ patients: [patient], limit: 100 })).entries;
    const before = (await log()).length;
    const first = await find(viewer, statements('&_count=2'));
    await find(viewer, nextOf(first) ?? '');
    const stranger = await clientOf(app, { ...viewing(), patient: undefined, subject: 'dr-y' });
    expect((await stranger.get(statements())).statusCode).toBe(403);
    const fresh = (await log()).slice(0, -before);
    expect(fresh.map(({ outcome }) => outcome).sort()).toEqual(['0', '0', '4']);
    const named = fresh.flatMap(({ entities }) => entities.map((each) => each.split('/')[1]));
    expect(new Set(named)).toEqual(new Set(ids(await find(viewer, statements()))));
    expect(JSON.stringify(fresh)).not.toContain(hidden());
    expect(JSON.stringify(fresh)).not.toContain('Paracetamol');
  });
});

/** All of an answer that must not differ: status, body, and every header but dates and request ids. */
function comparable(answer: LightMyRequestResponse): unknown {
  const { date: _, 'x-request-id': __, ...headers } = answer.headers;
  return { status: answer.statusCode, body: answer.body, headers };
}
