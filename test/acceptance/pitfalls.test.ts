import type { LightMyRequestResponse } from 'fastify';
import { expect, it } from 'vitest';
import { aBundle, aConsent, anAllergy, aPatient, aStatement, NHS } from '../support/bundles.ts';
import { describeLeaks, type Found, ids, labelled, SOURCE } from '../support/leak-record.ts';
import { clientOf, submissionOf } from '../support/requests.ts';

const BASE = 'http://127.0.0.1:8080/FHIR/R4';

/** Pitfalls that other servers fell into; `docs/pitfalls.md` lists them all. */
describeLeaks('where other servers leak', (p) => {
  it('counts only what the caller may see, in every form of total', async () => {
    const forms = ['', '&_summary=count', '&_total=accurate', '&_total=estimate', '&_count=1'];
    for (const form of forms) {
      expect([form, (await p.find(p.viewer, p.statements(form))).total]).toEqual([form, 3]);
      expect([form, (await p.find(p.practice, p.statements(form))).total]).toEqual([form, 5]);
    }
  });

  it('fills every page but the last, whatever is hidden between', async () => {
    const sizes: number[] = [];
    const seen: string[] = [];
    for (let next: string | undefined = p.statements('&_count=2'); next !== undefined; ) {
      const page: Found = await p.find(p.viewer, next);
      sizes.push(ids(page).length);
      seen.push(...ids(page));
      next = nextOf(page);
    }
    expect([sizes, new Set(seen).size]).toEqual([[2, 1], 3]);
  });

  it('answers a page link anew for whoever follows it, and when', async () => {
    const link = nextOf(await p.find(p.practice, p.statements('&_count=1'))) ?? '';
    expect((await p.viewer.get(link)).body).not.toContain(p.hidden());
    const stranger = await clientOf(p.app, { ...p.viewing(), patient: undefined, subject: 'dr-x' });
    expect((await stranger.get(link)).statusCode).toBe(403);
    const mine = nextOf(await p.find(p.viewer, p.statements('&_count=1'))) ?? '';
    expect((await p.find(p.viewer, mine)).total).toBe(3);
    const staff = await clientOf(p.app, { role: 'practice-staff', organization: 'A81001' });
    const dissent = aConsent(p.patient, 'scr-dissent', 'deny', 'A81001');
    expect((await staff.post('Consent', dissent)).statusCode).toBe(201);
    const after = await p.find(p.viewer, mine);
    expect([after.total, ids(after)]).toEqual([0, []]);
  });

  it('finds nothing under a hidden id, as under one that never was', async () => {
    const forms = ['_id', 'identifier', 'part-of', 'patient', 'subject', 'based-on'];
    for (const form of forms) {
      const answers = await Promise.all(
        [p.hidden(), p.never()].map(async (id) => {
          const more = form === 'patient' || form === 'subject' ? '' : `&patient=${p.patient}`;
          const answer = await p.viewer.get(`MedicationStatement?${form}=${id}${more}`);
          return [answer.statusCode, answer.body.replaceAll(id, 'ID')];
        }),
      );
      expect([form, answers[0]]).toEqual([form, answers[1]]);
    }
    expect(ids(await p.find(p.practice, p.statements(`&_id=${p.hidden()}`)))).toEqual([p.hidden()]);
  });

  it('finds the same by every name of the patient, and nothing by what is no name', async () => {
    const same = [
      `patient=Patient/${p.patient}`,
      `patient=Patient%2F${p.patient}`,
      `patient=${BASE}/Patient/${p.patient}`,
      `subject=${p.patient}`,
      `subject=Patient/${p.patient}`,
      `patient.identifier=${NHS}|${p.nhsNumber}`,
      `subject:identifier=${NHS}|${p.nhsNumber}`,
      `patient=${p.patient}&patient=${p.patient}`,
      `patient=${p.patient}&subject=${p.patient}`,
    ];
    const expected = ids(await p.find(p.viewer, p.statements()));
    for (const each of same) {
      const found = await p.find(p.viewer, `MedicationStatement?${each}`);
      expect([each, ids(found)]).toEqual([each, expected]);
    }
    const other = p.app.context.names.recordId(p.numbers[0] ?? '');
    const none = [p.patient.toUpperCase(), `Practitioner/${p.patient}`, other, `${p.patient}x`];
    for (const each of none) {
      const answer = await p.viewer.get(`MedicationStatement?patient=${each}`);
      expect([each, answer.body.includes('"search":{"mode":"match"}')]).toEqual([each, false]);
    }
  });

  it('shows no more for a parameter that it does not know', async () => {
    const expected = ids(await p.find(p.viewer, p.statements()));
    for (const more of [
      '&colour=red',
      '&_purpose=ETREAT',
      '&organization=A81001',
      '&role=patient',
    ]) {
      const found = await p.find(p.viewer, p.statements(more));
      expect([more, ids(found).filter((id) => id !== undefined)]).toEqual([more, expected]);
      const strict = await p.viewer.get(p.statements(more), { prefer: 'handling=strict' });
      expect([more, strict.statusCode]).toEqual([more, 400]);
    }
  });

  it('answers a form and a batch entry as it answers the query', async () => {
    for (const client of [p.viewer, p.practice]) {
      const plain = await client.get(p.statements());
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const form = await client.post(
        'MedicationStatement/_search',
        `patient=${p.patient}`,
        headers,
      );
      expect(form.body).toBe(plain.body);
      const request = { method: 'GET', url: p.statements() };
      const batch = { resourceType: 'Bundle', type: 'batch', entry: [{ request }] };
      const answer = await client.post('', batch);
      expect(answer.json().entry[0].resource).toEqual(plain.json());
    }
  });

  it('has no other way in', async () => {
    const paths = ['$export', 'Patient/$export', `Patient/${p.patient}/$export`, '$graphql'];
    const types = ['Group', 'List', 'Subscription', 'Binary', 'Basic', 'Composition'];
    for (const path of [...paths, ...types, ...types.map((type) => `${type}/1`)]) {
      expect([path, (await p.viewer.get(path)).statusCode]).toEqual([path, 404]);
    }
    expect((await p.viewer.get(`Patient/${p.patient}`)).statusCode).toBe(200);
  });

  it('hides the open versions of what became private later, wherever they are asked for', async () => {
    const [id = ''] = ids(await p.find(p.viewer, `AllergyIntolerance?patient=${p.patient}`));
    const open = await p.viewer.get(`AllergyIntolerance/${id}`);
    const version = open.json().meta.versionId;
    p.app.advance(1000);
    await p.submit(p.practice, [anAllergy('1', labelled('R'))]);
    const paths = (of: string) => [
      `AllergyIntolerance/${of}`,
      `AllergyIntolerance/${of}/_history`,
      `AllergyIntolerance/${of}/_history/${version}`,
      `AllergyIntolerance/${of}/_history/0`,
    ];
    for (const [index, path] of paths(id).entries()) {
      const answer = await p.viewer.get(path, { 'if-none-match': `W/"${version}"` });
      const absent = await p.viewer.get(paths(p.never())[index] ?? '');
      expect([path, comparable(answer)]).toEqual([path, comparable(absent)]);
    }
    expect((await p.practice.get(paths(id)[2] ?? '')).json().meta.versionId).toBe(version);
  });

  it('takes the same identifier under another patient as another entry', async () => {
    const second = p.numbers.pop() ?? '';
    await p.submit(p.practice, []);
    await p.submit(p.practice, [aStatement('1')], second);
    const other = p.app.context.names.recordId(second);
    expect(ids(await p.find(p.viewer, p.statements()))).toEqual([]);
    const [id = ''] = ids(await p.find(p.practice, `MedicationStatement?patient=${other}`));
    expect(id.startsWith(`${other}-`)).toBe(true);
    expect((await p.viewer.get(`MedicationStatement/${id}`)).statusCode).toBe(404);
  });

  it('decides before it cuts: asking for a part uncovers nothing', async () => {
    for (const cut of ['_elements=id', '_summary=true', '_summary=data', '_summary=text']) {
      expect([cut, ids(await p.find(p.viewer, p.statements(`&${cut}`))).length]).toEqual([cut, 3]);
      expect([cut, ids(await p.find(p.practice, p.statements(`&${cut}`))).length]).toEqual([
        cut,
        5,
      ]);
    }
  });

  it('hides by one private label among several, and by none that no rule knows', async () => {
    const body = (await p.viewer.get(p.statements())).body;
    expect(body).toContain('"value":"3"');
    expect(body).not.toContain('"value":"both"');
    expect((await p.practice.get(p.statements())).body).toContain('"value":"both"');
  });

  it('takes a private label inside a contained resource for the whole entry, or refuses it', async () => {
    const contained = [{ resourceType: 'Medication', id: 'm', ...labelled('R') }];
    const inside = aStatement('inside', {
      contained,
      medicationCodeableConcept: undefined,
      medicationReference: { reference: '#m' },
    });
    const bundle = aBundle([aPatient(p.nhsNumber, 'A81001'), inside]);
    const { statusCode } = await p.practice.post('$submit-record', submissionOf(bundle));
    expect([200, 422]).toContain(statusCode);
    expect((await p.viewer.get(p.statements())).body).not.toContain('"value":"inside"');
    const own = (await p.practice.get(p.statements())).body.includes('"value":"inside"');
    expect(own).toBe(statusCode === 200);
  });

  it('takes nothing about who asks from headers', async () => {
    const plain = await p.viewer.get(p.statements());
    const answer = await p.viewer.get(p.statements(), {
      'x-forwarded-host': 'evil.test',
      'x-forwarded-for': '127.0.0.1',
      forwarded: 'host=evil.test',
      'x-patient': p.patient,
      'x-role': 'patient',
      'x-organization': 'A81001',
      'x-purpose-of-use': 'ETREAT',
      'x-consent': 'permit',
      'x-no-audit': 'true',
    });
    expect(answer.body).toBe(plain.body);
    expect((await p.practice.get(p.statements())).json().total).toBe(5);
  });

  it('takes a reference to what is hidden like one to nothing', async () => {
    const nurses = await clientOf(p.app, { role: 'care-system', organization: 'RY601' });
    const answers = await Promise.all(
      [p.hidden(), p.never()].map(async (id) => {
        const derivedFrom = [{ reference: `MedicationStatement/${id}` }];
        const bundle = aBundle([aPatient(p.nhsNumber, 'A81001'), aStatement('n', { derivedFrom })]);
        const answer = await nurses.post('$submit-record', submissionOf(bundle));
        return [answer.statusCode, answer.json().resourceType];
      }),
    );
    expect(answers).toEqual([
      [200, 'Parameters'],
      [200, 'Parameters'],
    ]);
    expect((await p.viewer.get(p.statements('&_include=*'))).body).not.toContain('"value":"h"');
    expect((await p.practice.get(p.statements('&_include=*'))).body).toContain('"value":"h"');
  });

  it('makes one entry of conditional creates at the same moment', async () => {
    const unless = { 'if-none-exist': `identifier=${SOURCE}|new&patient=${p.patient}` };
    const subject = { reference: `Patient/${p.patient}` };
    const statement = { ...aStatement('new', { subject }), id: undefined };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => p.practice.post('MedicationStatement', statement, unless)),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([
      ...Array(7).fill(200),
      201,
    ]);
    expect((await p.find(p.practice, p.statements())).total).toBe(6);
  });

  it('repeats in no error what is stored, nor a value that was sent', async () => {
    const marker = 'Zanzibar';
    const answers = [
      await p.viewer.get(`MedicationStatement?patient=${marker}&status=a|b|${marker}&_sort=x`),
      await p.viewer.get(`MedicationStatement/${marker}`),
      await p.viewer.post('Consent', { resourceType: 'Consent', status: marker }),
      await p.practice.post('$submit-record', submissionOf(aBundle([{ resourceType: marker }]))),
      await p.practice.post('MedicationStatement', `{"resourceType":"${marker}`),
      await p.viewer.get(`MedicationStatement/${p.hidden()}`),
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
      (await p.app.context.store.searchAudit({ patients: [p.patient], limit: 100 })).entries;
    const before = (await log()).length;
    const first = await p.find(p.viewer, p.statements('&_count=2'));
    await p.find(p.viewer, nextOf(first) ?? '');
    const stranger = await clientOf(p.app, { ...p.viewing(), patient: undefined, subject: 'dr-y' });
    expect((await stranger.get(p.statements())).statusCode).toBe(403);
    const fresh = (await log()).slice(0, -before);
    expect(fresh.map(({ outcome }) => outcome).sort()).toEqual(['0', '0', '4']);
    const named = fresh.flatMap(({ entities }) => entities.map((each) => each.split('/')[1]));
    expect(new Set(named)).toEqual(new Set(ids(await p.find(p.viewer, p.statements()))));
    expect(JSON.stringify(fresh)).not.toContain(p.hidden());
    expect(JSON.stringify(fresh)).not.toContain('Paracetamol');
  });
});

/**
 * All of an answer that must not differ: status, body, and every header but dates and request ids.
 */
function comparable(answer: LightMyRequestResponse): unknown {
  const { date: _, 'x-request-id': __, ...headers } = answer.headers;
  return { status: answer.statusCode, body: answer.body, headers };
}

function nextOf({ link }: Found): string | undefined {
  return link.find(({ relation }) => relation === 'next')?.url.replace(`${BASE}/`, '');
}
