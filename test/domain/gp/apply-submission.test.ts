import { describe, expect, it } from 'vitest';
import { aBundle, anAllergy, aPatient, aStatement, NHS } from '../../support/bundles.ts';
import { entryOf, NAMING, NOW, resourceOf, taken } from './making.ts';

const NUMBER = '9990000018';
const ID = NAMING.recordId(NUMBER);
const HOUR = 3_600_000;
const CARE = { by: 'RY601', role: 'care-system' } as const;

const patient = (practice = 'A81001', more: object = {}) => aPatient(NUMBER, practice, more);
const bundle = (...resources: readonly object[]) => aBundle([patient(), ...resources]);

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

  it('makes a record that its JSON gives back', () => {
    const next = taken(first.record, bundle(aStatement('3'), anAllergy('2')), { at: NOW + HOUR });
    for (const { record } of [first, next]) {
      expect(JSON.parse(JSON.stringify(record))).toStrictEqual(record);
    }
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
    const care = taken(first.record, aBundle([patient('A81001', { name: undefined })]), CARE);
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
        ...(basedOn.length === 0 ? {} : { basedOn: basedOn.map((reference) => ({ reference })) }),
      });
    const factsWith = (...basedOn: readonly string[]) => {
      const sent = bundle(medication, plan('plan'), plan('order'), statement(...basedOn));
      return entryOf(taken(null, JSON.parse(JSON.stringify(sent))).record, 'MedicationStatement');
    };
    expect(factsWith('MedicationRequest/order', 'MedicationRequest/plan')).toMatchObject({
      medication: { prescription: 'repeat' },
      codes: ['https://dmd.nhs.uk|42'],
    });
    for (const others of [[], ['MedicationRequest/order'], ['MedicationRequest/elsewhere']]) {
      expect(factsWith(...others).medication?.prescription).toBe('unstated');
    }
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
