import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, anAllergy, aPatient, aStatement } from '../support/bundles.ts';
import { type Client, clientOf, submissionOf } from '../support/requests.ts';

const NHS_NUMBER = '9990000018';

describeOnBothStores('a search for what other entries refer to', (start) => {
  let app: TestApp;
  let viewer: Client;
  let patient: string;

  beforeAll(async () => {
    app = await start();
    patient = app.context.names.recordId(NHS_NUMBER);
    const bundle = aBundle([
      aPatient(NHS_NUMBER, 'A81001'),
      aStatement('1', {
        medicationCodeableConcept: undefined,
        medicationReference: { reference: 'Medication/med' },
        basedOn: [{ reference: 'MedicationRequest/plan' }],
      }),
      anAllergy('1', { recorder: { reference: 'PractitionerRole/role' } }),
      { resourceType: 'Medication', id: 'med', code: { text: 'Paracetamol' } },
      {
        resourceType: 'MedicationRequest',
        id: 'plan',
        status: 'active',
        intent: 'plan',
        medicationReference: { reference: 'Medication/med' },
        subject: { reference: 'Patient/p1' },
        requester: { reference: 'Practitioner/dr' },
      },
      { resourceType: 'Practitioner', id: 'dr', name: [{ family: 'Khan' }] },
      { resourceType: 'Practitioner', id: 'nobody', name: [{ family: 'Khan' }] },
      {
        resourceType: 'PractitionerRole',
        id: 'role',
        practitioner: { reference: 'Practitioner/dr' },
        organization: { reference: 'Organization/org' },
      },
      { resourceType: 'Organization', id: 'org', name: 'The Surgery' },
      {
        resourceType: 'Provenance',
        id: 'origin',
        target: [{ reference: 'AllergyIntolerance/ai-1' }],
        recorded: '2026-01-01T00:00:00Z',
        agent: [{ who: { reference: 'Practitioner/dr' } }],
      },
    ]);
    const practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
    expect((await practice.post('$submit-record', submissionOf(bundle))).statusCode).toBe(200);
    const caller = { role: 'clinician', organization: 'RX1', purpose: 'TREAT', patient } as const;
    viewer = await clientOf(app, caller);
  });
  afterAll(() => app.close());

  const total = async (query: string): Promise<number> => {
    const answer = await viewer.get(query.replaceAll('PATIENT', patient));
    expect([query, answer.statusCode]).toEqual([query, 200]);
    return answer.json().total;
  };

  it.each([
    ['MedicationRequest?patient=PATIENT&requester.family=khan', 1],
    ['MedicationRequest?patient=PATIENT&intent=order', 0],
    ['Medication?_has:MedicationStatement:medication:patient=PATIENT', 1],
    ['Medication?_has:MedicationRequest:medication:subject=PATIENT&code:text=para', 1],
    ['Practitioner?_has:MedicationRequest:requester:patient=PATIENT&family=khan', 1],
    ['Practitioner?_has:MedicationRequest:requester:patient=PATIENT&family=jones', 0],
    ['PractitionerRole?_has:AllergyIntolerance:recorder:patient=PATIENT', 1],
    ['PractitionerRole?_has:AllergyIntolerance:recorder:patient=PATIENT&organization.name=the', 1],
    [
      'Organization?_has:PractitionerRole:organization:_has:AllergyIntolerance:recorder:patient=PATIENT',
      1,
    ],
    ['Provenance?target.patient=PATIENT&agent.family=khan', 1],
    ['Provenance?target.patient=PATIENT&agent.family=jones', 0],
    ['Provenance?agent.family=khan&target:AllergyIntolerance.patient=Patient/PATIENT', 1],
  ])('inside one record finds by %s: %i', async (query, expected) => {
    expect(await total(query)).toBe(expected);
  });

  it('finds by what is referred to, whose id says which record it is in', async () => {
    const role = `PractitionerRole?_has:AllergyIntolerance:recorder:patient=${patient}`;
    const [{ resource }] = (await viewer.get(role)).json().entry;
    const { practitioner, organization } = resource;
    expect(await total(`PractitionerRole?practitioner=${practitioner.reference}`)).toBe(1);
    expect(await total(`PractitionerRole?organization=${organization.reference}`)).toBe(1);
    expect(await total(`PractitionerRole?organization=${practitioner.reference}`)).toBe(0);
    expect(await total(`Practitioner?_has:PractitionerRole:practitioner:_id=${resource.id}`)).toBe(
      1,
    );
  });

  it.each([
    ['MedicationRequest?status=active', 'patient=[id]'],
    ['Medication?code=x', '_has:[type]:[reference]:patient=[id]'],
    ['Practitioner?family=khan', '_has:[type]:[reference]:patient=[id]'],
    ['PractitionerRole?practitioner.family=khan', '_has:[type]:[reference]:patient=[id]'],
    ['Organization?name=the', '_has:[type]:[reference]:patient=[id]'],
    ['Provenance?recorded=2026', 'patient=[id]'],
  ])('refuses %s, and says how the record is named', async (query, says) => {
    const answer = await viewer.get(query);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().issue[0].diagnostics).toContain(says);
  });
});
