import { describe, expect, it } from 'vitest';
import {
  aBundle,
  aConsent,
  anAllergy,
  aPatient,
  aStatement,
  NHS,
  organization,
} from '../../support/bundles.ts';
import { attempt, entryOf, NAMING, NOW, resourceOf, taken } from './making.ts';

const NUMBER = '9990000018';
const ID = NAMING.recordId(NUMBER);
const HOUR = 3_600_000;
const CARE = { by: 'RY601', role: 'care-system' } as const;

const patient = (practice = 'A81001', more: object = {}) => aPatient(NUMBER, practice, more);
const bundle = (...resources: readonly object[]) => aBundle([patient(), ...resources]);
const stamped = (at: number, practice: string, ...resources: readonly object[]) =>
  aBundle([patient(practice), ...resources], { timestamp: new Date(at).toISOString() });
const consent = (policy: string, type: 'permit' | 'deny', owner = 'A81001', more: object = {}) =>
  aConsent('p1', policy, type, owner, { id: `c-${policy}`, ...more });

describe('a submission', () => {
  const first = taken(null, bundle(aStatement('1'), anAllergy('2')));

  it('creates the record with the Patient and every entry', () => {
    expect(first.answer).toEqual({
      created: 3,
      updated: 0,
      unchanged: 0,
      withdrawn: 0,
      version: 1,
      patient: ID,
    });
    expect(first.record).toMatchObject({
      id: ID,
      nhsNumber: NUMBER,
      version: 1,
      practice: 'A81001',
      registeredAt: new Date(NOW).toISOString(),
      committedAt: new Date(NOW).toISOString(),
      formerPractices: [],
      dissentSeenAt: null,
    });
    expect(first.changed).toHaveLength(3);
    expect(entryOf(first.record, 'Patient').id).toBe(ID);
  });

  it('again changes nothing but the versions of record and source', () => {
    const again = taken(first.record, bundle(aStatement('1'), anAllergy('2')), { at: NOW + HOUR });
    expect(again.answer).toMatchObject({ created: 0, updated: 0, unchanged: 3, withdrawn: 0 });
    expect(again.record.entries).toEqual(first.record.entries);
    expect([again.fragments, again.changed]).toEqual([[], []]);
    expect(again.record).toMatchObject({ version: 2, sources: { A81001: { version: 2 } } });
    expect(again.record.registeredAt).toBe(first.record.registeredAt);
  });

  it('gives what changed a new version under the same id, and counts it', () => {
    const sent = bundle(
      aStatement('1', { dosage: [{ text: 'x' }] }),
      anAllergy('2'),
      anAllergy('3'),
    );
    const next = taken(first.record, sent, { at: NOW + HOUR });
    expect(next.answer).toMatchObject({ created: 1, updated: 1, unchanged: 2, withdrawn: 0 });
    const [before, after] = [first, next].map((each) =>
      entryOf(each.record, 'MedicationStatement'),
    );
    expect(after?.id).toBe(before?.id);
    expect(after?.versionId).not.toBe(before?.versionId);
    expect(after?.since).toBe(2);
    expect(next.changed.map((each) => each.type)).toEqual([
      'MedicationStatement',
      'AllergyIntolerance',
    ]);
  });

  it('withdraws what is missing, and the same id returns with it', () => {
    const gone = taken(first.record, bundle(anAllergy('2')), { at: NOW + HOUR });
    expect(gone.answer).toMatchObject({ created: 0, unchanged: 2, withdrawn: 1 });
    const [before, withdrawn] = [first, gone].map((each) =>
      entryOf(each.record, 'MedicationStatement'),
    );
    expect(withdrawn).toMatchObject({ id: before?.id, withdrawn: true, since: 2 });
    const still = taken(gone.record, bundle(anAllergy('2')), { at: NOW + 2 * HOUR });
    expect(still.answer).toMatchObject({ unchanged: 2, withdrawn: 0 });
    const sent = bundle(aStatement('1'), anAllergy('2'));
    const back = taken(still.record, sent, { at: NOW + 3 * HOUR });
    expect(back.answer).toMatchObject({ created: 1, unchanged: 2, withdrawn: 0, version: 4 });
    const returned = entryOf(back.record, 'MedicationStatement');
    expect(returned).toMatchObject({ id: before?.id, withdrawn: false, since: 4 });
    expect(new Set([before, withdrawn, returned].map((each) => each?.versionId)).size).toBe(3);
  });

  it('finds entries again by identifier, whatever id they have there', () => {
    const renamed = taken(first.record, bundle(aStatement('1', { id: 'new' }), anAllergy('2')));
    expect(renamed.answer).toMatchObject({ unchanged: 3, withdrawn: 0 });
  });

  it('keeps the counts of each organisation to itself', () => {
    const care = taken(first.record, bundle(anAllergy('2')), CARE);
    expect(care.answer).toMatchObject({ created: 1, withdrawn: 0, version: 1 });
    expect(care.record.sources).toMatchObject({ A81001: { version: 1 }, RY601: { version: 1 } });
    expect(care.record.version).toBe(2);
    expect(care.record.entries.filter((each) => each.type === 'AllergyIntolerance')).toHaveLength(
      2,
    );
    const none = taken(care.record, bundle(), { ...CARE, at: NOW + HOUR });
    expect(none.answer).toMatchObject({ withdrawn: 1, version: 2 });
    expect(entryOf(none.record, 'AllergyIntolerance', 'A81001').withdrawn).toBe(false);
  });

  it('finds the Patient by the terms of the registered practice’s demographics', () => {
    expect(first.record.terms).toContain(`identifier|${NHS}|${NUMBER}`);
    const care = taken(first.record, aBundle([patient('A81001', { name: [] })]), CARE);
    expect(care.record.terms).toEqual(first.record.terms);
  });
});

describe('references', () => {
  const doctor = {
    resourceType: 'Practitioner',
    id: 'd1',
    identifier: [{ system: 's', value: '1' }],
  };
  const urn = 'urn:uuid:00000000-0000-4000-8000-000000000001';

  it('inside the Bundle lead to where their targets are here; others stay as they are', () => {
    const asserter = { reference: 'Practitioner/d1/_history/2', display: 'Dr A' };
    const recorder = { reference: 'Practitioner/unknown' };
    const change = taken(null, bundle(doctor, anAllergy('1', { asserter, recorder })));
    const practitioner = entryOf(change.record, 'Practitioner');
    const allergy = entryOf(change.record, 'AllergyIntolerance');
    expect(resourceOf(change, allergy)).toMatchObject({
      id: allergy.id,
      patient: { reference: `Patient/${ID}` },
      asserter: { reference: `Practitioner/${practitioner.id}`, display: 'Dr A' },
      recorder,
    });
    expect(new Set(allergy.refs)).toEqual(new Set([ID, practitioner.id]));
  });

  it('are found by full URL too', () => {
    const sent = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { resource: patient() },
        { fullUrl: urn, resource: { ...doctor, id: undefined } },
        { resource: anAllergy('1', { asserter: { reference: urn } }) },
      ],
    };
    const change = taken(null, JSON.parse(JSON.stringify(sent)));
    const allergy = entryOf(change.record, 'AllergyIntolerance');
    expect(allergy.refs).toContain(entryOf(change.record, 'Practitioner').id);
  });
});

describe('the facts of entries', () => {
  it('of a medication come with its plan and the codes of its Medication', () => {
    const coding = [{ system: 'https://dmd.nhs.uk', code: '42' }];
    const medication = { resourceType: 'Medication', id: 'm1', code: { coding } };
    const plan = (intent: string) => ({
      resourceType: 'MedicationRequest',
      id: intent,
      status: 'active',
      intent,
      subject: { reference: 'Patient/p1' },
      medicationReference: { reference: 'Medication/m1' },
      courseOfTherapyType: { coding: [{ code: intent === 'plan' ? 'continuous' : 'acute' }] },
    });
    const statement = (...basedOn: readonly string[]) =>
      aStatement('1', {
        medicationCodeableConcept: undefined,
        medicationReference: { reference: 'Medication/m1' },
        basedOn: basedOn.map((reference) => ({ reference })),
      });
    const factsWith = (...basedOn: readonly string[]) => {
      const sent = bundle(medication, plan('plan'), plan('order'), statement(...basedOn));
      return entryOf(taken(null, JSON.parse(JSON.stringify(sent))).record, 'MedicationStatement');
    };
    expect(factsWith('MedicationRequest/order', 'MedicationRequest/plan')).toMatchObject({
      medication: { prescription: 'repeat' },
      codes: ['https://dmd.nhs.uk|42'],
    });
    for (const others of [[], ['MedicationRequest/order'], ['Medication/m1', '#x']]) {
      expect(factsWith(...others).medication?.prescription).toBe('unstated');
    }
  });
});

describe('Consents', () => {
  it('are kept when a later submission does not bring them', () => {
    const first = taken(null, bundle(consent('view', 'deny')));
    const next = taken(first.record, bundle(), { at: NOW + HOUR });
    expect(next.answer).toMatchObject({ withdrawn: 0, unchanged: 1 });
    expect(entryOf(next.record, 'Consent')).toMatchObject({
      withdrawn: false,
      choice: { policy: 'view', permits: false, organization: 'A81001' },
    });
  });

  it('are updated by the same one again', () => {
    const first = taken(null, bundle(consent('view', 'deny')));
    const next = taken(first.record, bundle(consent('view', 'permit')), { at: NOW + HOUR });
    expect(next.answer).toMatchObject({ updated: 1, unchanged: 1 });
    expect(entryOf(next.record, 'Consent').choice?.permits).toBe(true);
  });

  it('name entries of the same Bundle, and nothing else', () => {
    const naming = (reference: string) =>
      consent('private-entry', 'deny', 'A81001', {
        provision: { type: 'deny', data: [{ meaning: 'instance', reference: { reference } }] },
      });
    const { record } = taken(null, bundle(anAllergy('1'), naming('AllergyIntolerance/ai-1')));
    const named = entryOf(record, 'AllergyIntolerance').id;
    expect(entryOf(record, 'Consent').choice?.names).toEqual([named]);
    expect(attempt(null, bundle(anAllergy('1'), naming('AllergyIntolerance/x')))).toMatchObject({
      problem: {
        kind: 'invalid',
        issues: [
          {
            expression:
              "Parameters.parameter.where(name='record').resource.entry[2].resource" +
              '.provision.data[0].reference',
          },
        ],
      },
    });
  });

  it('carry their organisation’s code, itself or by an Organization of the Bundle', () => {
    const surgery = {
      resourceType: 'Organization',
      id: 'o1',
      identifier: [organization('A81001')].map(
        (each) => (each as { identifier: object }).identifier,
      ),
    };
    const by = (reference: string) =>
      consent('view', 'deny', 'A81001', { organization: [{ reference }] });
    const { record } = taken(null, bundle(surgery, by('Organization/o1')));
    expect(entryOf(record, 'Consent').choice?.organization).toBe('A81001');
    expect(attempt(null, bundle(surgery, by('Organization/o2')))).toMatchObject({
      problem: { kind: 'invalid' },
    });
  });

  it.each(['scr-core', 'view', 'secondary-use'])(
    'with the policy %s come from the registered practice alone',
    (policy) => {
      const sent = (owner: string) => bundle(consent(policy, 'permit', owner));
      expect(attempt(null, sent('A81001')).ok).toBe(true);
      for (const sending of [CARE, { by: 'RY601' }]) {
        expect(attempt(null, sent('RY601'), sending)).toMatchObject({
          problem: { kind: 'forbidden' },
        });
      }
      expect(attempt(null, sent('B82002'))).toMatchObject({ problem: { kind: 'forbidden' } });
    },
  );

  it('about sharing come from the organisation that they are about', () => {
    const sent = (owner: string) => bundle(consent('sharing-out', 'deny', owner));
    expect(attempt(null, sent('RY601'), CARE).ok).toBe(true);
    expect(attempt(null, sent('A81001'), CARE)).toMatchObject({ problem: { kind: 'forbidden' } });
    expect(attempt(null, sent('RY601'))).toMatchObject({ problem: { kind: 'forbidden' } });
  });

  it('of another service cannot make the practice’s Patient private', () => {
    const naming = (owner: string) =>
      consent('private-entry', 'deny', owner, {
        provision: {
          type: 'deny',
          data: [{ meaning: 'instance', reference: { reference: 'Patient/p1' } }],
        },
      });
    const { record } = taken(null, bundle());
    expect(attempt(record, bundle(naming('RY601')), CARE)).toMatchObject({
      problem: { kind: 'forbidden' },
    });
    expect(attempt(record, bundle(naming('A81001'))).ok).toBe(true);
  });
});

describe('another service', () => {
  it('has its Patient not shown, only who it is', () => {
    const care = taken(null, bundle(anAllergy('1')), CARE);
    expect(care.answer).toMatchObject({ created: 1, updated: 0, unchanged: 0 });
    expect(resourceOf(care, entryOf(care.record, 'Patient'))).toMatchObject({
      id: ID,
      identifier: [{ system: NHS, value: NUMBER }],
    });
    expect(resourceOf(care, entryOf(care.record, 'Patient')).name).toBeUndefined();
    expect(care.record).toMatchObject({ practice: null, registeredAt: null, terms: [] });
  });

  it('does not change the Patient of the practice, whose own replaces the bare one', () => {
    const care = taken(null, bundle(), CARE);
    const practice = taken(care.record, bundle(), { at: NOW + HOUR });
    const shown = entryOf(practice.record, 'Patient');
    expect(practice.answer).toMatchObject({ created: 0, updated: 1 });
    expect(practice.leftPractice).toBeNull();
    expect(shown.recordedBy).toBe('A81001');
    expect(resourceOf(practice, shown).name).toBeDefined();
    const again = taken(practice.record, bundle(), { ...CARE, at: NOW + 2 * HOUR });
    expect(entryOf(again.record, 'Patient')).toEqual(shown);
  });

  it('may be a practice whose patient is registered elsewhere', () => {
    const { record } = taken(null, bundle());
    const other = taken(record, bundle(anAllergy('1')), { by: 'B82002' });
    expect(other.record.practice).toBe('A81001');
    expect(other.answer).toMatchObject({ created: 1 });
  });
});

describe('a patient who moves', () => {
  const first = taken(null, stamped(NOW, 'A81001', aStatement('1'), consent('scr-core', 'permit')));
  const nurses = taken(first.record, bundle(anAllergy('9')), CARE);
  const later = { by: 'B82002', at: NOW + HOUR };
  const moved = taken(nurses.record, stamped(NOW + HOUR, 'B82002', aStatement('5')), later);

  it('leaves the former practice’s entries withdrawn, and others as they are', () => {
    expect(moved.leftPractice).toBe('A81001');
    expect(moved.answer).toMatchObject({ created: 1, updated: 1, withdrawn: 1 });
    expect(entryOf(moved.record, 'MedicationStatement', 'A81001').withdrawn).toBe(true);
    expect(entryOf(moved.record, 'AllergyIntolerance', 'RY601').withdrawn).toBe(false);
    expect(moved.record).toMatchObject({
      practice: 'B82002',
      formerPractices: ['A81001'],
      registeredAt: new Date(NOW + HOUR).toISOString(),
    });
    expect(entryOf(moved.record, 'Patient').recordedBy).toBe('B82002');
  });

  it('takes their choices along', () => {
    expect(entryOf(moved.record, 'Consent')).toMatchObject({
      withdrawn: false,
      recordedBy: 'A81001',
    });
  });

  it('is no longer the former practice’s to write', () => {
    const at = NOW + 2 * HOUR;
    const late = attempt(moved.record, bundle(aStatement('1')), { at });
    expect(late).toMatchObject({ problem: { kind: 'forbidden' } });
    const overtaken = attempt(moved.record, stamped(NOW + HOUR - 1, 'A81001'), { at });
    expect(overtaken).toMatchObject({ problem: { kind: 'conflict' } });
    expect(attempt(moved.record, stamped(NOW, 'B82002'), { by: 'B82002', at })).toMatchObject({
      problem: { kind: 'conflict' },
    });
  });

  it('returns by a newer submission, to the entries of then under their ids', () => {
    const at = NOW + 2 * HOUR;
    const back = taken(moved.record, stamped(at, 'A81001', aStatement('1')), { at });
    expect(back.leftPractice).toBe('B82002');
    expect(back.record).toMatchObject({ practice: 'A81001', formerPractices: ['B82002'] });
    expect(entryOf(back.record, 'MedicationStatement', 'A81001')).toMatchObject({
      id: entryOf(first.record, 'MedicationStatement').id,
      withdrawn: false,
    });
    expect(entryOf(back.record, 'MedicationStatement', 'B82002').withdrawn).toBe(true);
    expect(back.answer).toMatchObject({ created: 1, updated: 1, withdrawn: 1, version: 2 });
  });
});
