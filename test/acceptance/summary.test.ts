import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, anAllergy, aPatient, aStatement } from '../support/bundles.ts';
import { type Client, clientOf, submissionOf } from '../support/requests.ts';

const NHS_NUMBER = '9990000018';
const RESTRICTED = {
  meta: {
    security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
  },
  code: { text: 'Secret substance' },
};

const CLINICIAN = { role: 'clinician', organization: 'RX1', purpose: 'TREAT' } as const;

interface Document {
  readonly type: string;
  readonly entry: { readonly fullUrl: string; readonly resource: Resource }[];
}
interface Resource {
  readonly resourceType: string;
  readonly section: {
    readonly title: string;
    readonly text: { readonly div: string };
    readonly entry: { readonly reference: string }[];
  }[];
}

describeOnBothStores('a patient summary', (start) => {
  let app: TestApp;
  let patient: string;
  let practice: Client;

  beforeAll(async () => {
    app = await start();
    patient = app.context.names.recordId(NHS_NUMBER);
    practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
    const bundle = aBundle([
      aPatient(NHS_NUMBER, 'A81001'),
      aStatement('1', { dosage: [{ text: 'one <b>daily</b> & at night' }] }),
      anAllergy('secret', RESTRICTED),
    ]);
    expect((await practice.post('$submit-record', submissionOf(bundle))).statusCode).toBe(200);
  });
  afterAll(() => app.close());

  const summaryFor = async (client: Client, path = `Patient/${patient}/$summary`) => {
    const answer = await client.get(path);
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
    return answer.json() as Document;
  };
  const viewing = () =>
    clientOf(app, { role: 'clinician', organization: 'RX1', purpose: 'TREAT', patient });

  it('has the mandatory sections, each with a narrative and entries that are in it', async () => {
    const document = await summaryFor(await viewing());
    const [first] = document.entry;
    expect([document.type, first?.resource.resourceType]).toEqual(['document', 'Composition']);
    const sections = first?.resource.section ?? [];
    expect(sections.map((each) => each.title)).toEqual([
      'Medication Summary',
      'Allergies and Intolerances',
      'Problem List',
    ]);
    const urls = new Set(document.entry.map((each) => each.fullUrl));
    for (const { text, entry } of sections) {
      expect(text.div).toContain('may be incomplete');
      expect(entry.every((each) => urls.has(each.reference))).toBe(true);
    }
    expect(sections[0]?.text.div).toContain('one &lt;b&gt;daily&lt;/b&gt; &amp; at night');
  });

  it('says of a withheld entry what it says where there is none, and shows it to its recorder', async () => {
    const withheld = JSON.stringify(await summaryFor(await viewing()));
    expect(withheld).toContain('no-allergy-info');
    expect(withheld).not.toContain('Secret substance');
    expect(JSON.stringify(await summaryFor(practice))).toContain('Secret substance');
  });

  it('is for each what it was, in whatever order they ask', async () => {
    const viewer = await viewing();
    const contentFor = async (client: Client) => {
      const { id, ...document } = (await summaryFor(client)) as Document & { readonly id: string };
      // The ids of what is not stored come from the document's own.
      return JSON.stringify(document).replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '');
    };
    const first = [await contentFor(viewer), await contentFor(practice)];
    expect(first[0]).not.toBe(first[1]);
    expect(await contentFor(practice)).toBe(first[1]);
    expect(await contentFor(viewer)).toBe(first[0]);
    expect(await contentFor(practice)).toBe(first[1]);
  });

  it('says that no allergy is known where that is recorded, and never where nothing is', async () => {
    const stated = {
      code: {
        coding: [
          { system: 'http://snomed.info/sct', code: '716186003', display: 'No known allergy' },
        ],
      },
    };
    for (const [number, entries] of [
      ['9990000026', [anAllergy('none', stated)]],
      ['9990000034', []],
    ] as const) {
      const bundle = aBundle([aPatient(number, 'A81001'), ...entries]);
      expect((await practice.post('$submit-record', submissionOf(bundle))).statusCode).toBe(200);
    }
    const told = async (number: string) => {
      const of = app.context.names.recordId(number);
      const client = await clientOf(app, { ...CLINICIAN, patient: of });
      const found = await client.get(`AllergyIntolerance?patient=${of}`);
      const summary = await summaryFor(client, `Patient/${of}/$summary`);
      return { found: found.json(), summary: JSON.stringify(summary) };
    };
    const known = await told('9990000026');
    expect(known.found.entry[0].resource.code).toMatchObject({ text: 'No known allergy' });
    expect(known.summary).toContain('<td>No known allergy</td>');
    expect(known.summary).not.toContain('no-allergy-info');
    const unknown = await told('9990000034');
    expect(unknown.found).toMatchObject({ total: 0 });
    // That there is no information is not that there is no allergy.
    expect(unknown.summary).toContain('"code":"no-allergy-info"');
    expect(unknown.summary).not.toMatch(/no[- ]known[- ]allerg/i);
  });

  it('is found by NHS number, and not found for a number that is unknown', async () => {
    const viewer = await viewing();
    const by = (number: string) =>
      `Patient/$summary?identifier=https://fhir.nhs.uk/Id/nhs-number|${number}`;
    expect((await summaryFor(viewer, by(NHS_NUMBER))).type).toBe('document');
    expect((await viewer.get(by('9990000026'))).statusCode).toBe(404);
    expect((await viewer.get('Patient/$summary')).statusCode).toBe(400);
  });
});
