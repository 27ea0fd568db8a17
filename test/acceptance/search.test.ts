import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, anAllergy, aPatient, aStatement, NHS } from '../support/bundles.ts';
import { type Client, clientOf, submissionOf } from '../support/requests.ts';
import { SOURCE } from '../support/writing.ts';

const NHS_NUMBER = '9990000018';
const CONFIDENTIALITY = 'http://terminology.hl7.org/ValueSet/v3-ConfidentialityClassification';
const SNOMED = 'http://snomed.info/sct';
const RESTRICTED = {
  security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
};

interface Entry {
  readonly resource: { readonly resourceType: string; readonly id: string };
  readonly search: { readonly mode: string };
}

describeOnBothStores('a search', (start) => {
  let app: TestApp;
  let viewer: Client;
  let practice: Client;
  let patient: string;

  beforeAll(async () => {
    app = await start();
    patient = app.context.names.recordId(NHS_NUMBER);
    practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
    const medication = {
      resourceType: 'Medication',
      id: 'med',
      code: {
        coding: [{ system: SNOMED, code: '321945000', display: 'Fluvoxamine 50mg tablets' }],
      },
    };
    const referring = {
      medicationCodeableConcept: undefined,
      medicationReference: { reference: 'Medication/med' },
      effectivePeriod: { start: '2026-02-01' },
    };
    const bundle = aBundle([
      aPatient(NHS_NUMBER, 'A81001', {
        birthDate: '1970-06-01',
        identifier: [
          { system: NHS, value: NHS_NUMBER },
          { system: SOURCE, value: 'hospital-1' },
        ],
      }),
      medication,
      aStatement('1'),
      aStatement('2', referring),
      aStatement('3', {
        effectivePeriod: { start: '2026-02-20' },
        subject: {
          reference: 'Patient/p1',
          identifier: { system: SOURCE, value: 'logical' },
        },
      }),
      aStatement('hidden', { meta: RESTRICTED, effectivePeriod: { start: '2026-02-25' } }),
      anAllergy('1', { criticality: 'high' }),
      anAllergy('2', { criticality: 'low', meta: RESTRICTED }),
    ]);
    expect((await practice.post('$submit-record', submissionOf(bundle))).statusCode).toBe(200);
    viewer = await clientOf(app, {
      role: 'clinician',
      organization: 'RX1',
      purpose: 'TREAT',
      patient,
    });
  });
  afterAll(() => app.close());

  const search = async (client: Client, query: string) => {
    const answer = await client.get(query);
    expect([query, answer.statusCode]).toEqual([query, 200]);
    return answer.json() as { total?: number; entry?: Entry[]; link: { url: string }[] };
  };
  const modes = (bundle: { entry?: Entry[] }) =>
    (bundle.entry ?? []).map(
      ({ resource, search: { mode } }) => `${mode} ${resource.resourceType}`,
    );
  const mine = (type: string, more: string) => `${type}?patient=${patient}&${more}`;

  it.each([
    ['MedicationStatement', 'status=active', 3],
    ['MedicationStatement', 'status:not=active', 0],
    ['MedicationStatement', `code=${SNOMED}|322236009`, 2],
    ['MedicationStatement', 'medication.code=321945000', 1],
    ['MedicationStatement', 'effective=ge2026-02-10', 3],
    ['MedicationStatement', 'effective=sa2026-02-10', 1],
    ['MedicationStatement', 'identifier=https://source.test/id|1,https://source.test/id|3', 2],
    ['MedicationStatement', 'medication:missing=true', 2],
    ['MedicationStatement', 'patient.birthdate=1970-06-01', 3],
    ['MedicationStatement', 'patient.birthdate=1971', 0],
    ['AllergyIntolerance', 'criticality=high', 1],
    ['AllergyIntolerance', 'criticality=low', 0],
    ['AllergyIntolerance', '_security=R', 0],
  ])('finds in %s by %s what is disclosed: %i', async (type, query, total) => {
    expect((await search(viewer, mine(type, query))).total).toBe(total);
  });

  it.each([
    ['MedicationStatement', `patient.identifier=${SOURCE}|hospital-1`, 3],
    ['MedicationStatement', 'patient.identifier=hospital-1', 3],
    ['MedicationStatement', `patient.identifier=${SOURCE}|other`, 0],
    ['MedicationStatement', `subject:identifier=${SOURCE}|logical`, 1],
    ['MedicationStatement', `patient:identifier=logical,${SOURCE}|other`, 1],
    ['Patient', `_id=PATIENT&identifier=${SOURCE}|hospital-1`, 1],
    ['Patient', '_id=PATIENT&identifier=hospital-1', 1],
    ['Patient', '_id=PATIENT&identifier=other', 0],
  ])(
    'finds in %s by another identifier than the NHS number, once it is known whose record it is: %s',
    async (type, query, total) => {
      const whose = type === 'Patient' ? '' : 'patient=PATIENT&';
      const asked = `${type}?${whose}${query}`.replaceAll('PATIENT', patient);
      expect((await search(viewer, asked)).total).toBe(total);
    },
  );

  it('finds for the recorder what it withholds from others', async () => {
    expect((await search(practice, mine('AllergyIntolerance', 'criticality=low'))).total).toBe(1);
  });

  it('finds medication by what refers to it, which names the patient', async () => {
    const query = `Medication?_has:MedicationStatement:medication:patient=${patient}`;
    expect((await search(viewer, query)).total).toBe(1);
    expect((await viewer.get('Medication?code=321945000')).statusCode).toBe(400);
  });

  it('includes and reverse-includes what is disclosed', async () => {
    const including = mine('MedicationStatement', '_include=MedicationStatement:medication');
    expect(modes(await search(viewer, including)).sort()).toEqual([
      'include Medication',
      'match MedicationStatement',
      'match MedicationStatement',
      'match MedicationStatement',
    ]);
    const reverse = `Patient?_id=${patient}&_revinclude=AllergyIntolerance:patient`;
    expect(modes(await search(viewer, reverse))).toEqual([
      'match Patient',
      'include AllergyIntolerance',
    ]);
  });

  it('sorts, counts, pages and cuts', async () => {
    const first = await search(viewer, mine('MedicationStatement', '_sort=-effective&_count=2'));
    expect([first.total, first.entry?.length]).toEqual([3, 2]);
    const next = first.link[1]?.url.split('/FHIR/R4/')[1] ?? '';
    const second = await search(viewer, next);
    expect([second.total, second.entry?.length]).toEqual([3, 1]);
    const ids = [...(first.entry ?? []), ...(second.entry ?? [])].map((each) => each.resource.id);
    expect(new Set(ids).size).toBe(3);
    const counted = await search(viewer, mine('MedicationStatement', '_summary=count'));
    expect([counted.total, counted.entry]).toEqual([3, undefined]);
    const cut = await search(viewer, mine('AllergyIntolerance', '_elements=criticality'));
    expect(Object.keys(cut.entry?.[0]?.resource ?? {})).not.toContain('identifier');
  });

  it('refuses a page link that was tampered with, and evaluates a good one anew', async () => {
    const first = await search(viewer, mine('MedicationStatement', '_count=1'));
    const link = first.link[1]?.url.split('/FHIR/R4/')[1] ?? '';
    const other = await clientOf(app, { role: 'clinician', organization: 'RX2', purpose: 'TREAT' });
    expect((await other.get(link)).statusCode).toBe(403);
    const tampered = `${link.slice(0, -3)}AAA`;
    expect((await viewer.get(tampered)).statusCode).toBe(400);
    expect((await viewer.get(link)).statusCode).toBe(200);
  });

  it('finds by value set and by hierarchy among what is disclosed, and counts no more', async () => {
    const system = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
    const below = `_security:below=${encodeURIComponent(`${system}|_Confidentiality`)}`;
    const unknown = 'http://x.test/ValueSet/unknown';
    for (const [type, query, seen, all] of [
      [
        'AllergyIntolerance',
        'clinical-status:in=http://hl7.org/fhir/ValueSet/condition-clinical',
        0,
        0,
      ],
      ['AllergyIntolerance', `criticality:not-in=http://hl7.org/fhir/ValueSet/event-status`, 1, 2],
      ['AllergyIntolerance', below, 0, 1],
      ['MedicationStatement', 'status:below=active', 3, 4],
      ['MedicationStatement', `_security:not-in=${CONFIDENTIALITY}`, 3, 3],
      ['MedicationStatement', `_security:in=${CONFIDENTIALITY}`, 0, 1],
    ] as const) {
      const totals = [
        await search(viewer, mine(type, query)),
        await search(practice, mine(type, query)),
      ];
      expect([query, ...totals.map(({ total }) => total)]).toEqual([query, seen, all]);
    }
    const refused = await viewer.get(mine('MedicationStatement', `code:not-in=${unknown}`));
    expect(refused.statusCode).toBe(400);
    expect(refused.json().issue[0].diagnostics).toContain(`:not-in of code`);
    expect(refused.json().issue[0].diagnostics).toContain(unknown);
  });

  it.each([
    ...['_text=x', '_filter=x', 'effective=nonsense', 'code:below=x', '_sort=colour'],
    ...['code:in=http://x.test/ValueSet/unknown', `code:below=${SNOMED}%7C1`],
  ])('refuses what it cannot obey instead of passing it over: %s', async (query) => {
    expect((await viewer.get(mine('MedicationStatement', query))).statusCode).toBe(400);
  });
});
