import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/domain/fhir/json.ts';
import { readSubmission } from '../../../src/domain/gp/read-submission.ts';
import { BUNDLE_ENTRIES_MAX } from '../../../src/domain/limits.ts';
import { aBundle, anAllergy, aPatient, aStatement, NHS } from '../../support/bundles.ts';
import { submissionOf } from '../../support/requests.ts';
import { submission } from './making.ts';

const NUMBER = '9990000018';
const RECORD = "Parameters.parameter.where(name='record').resource";
const PATIENT = aPatient(NUMBER, 'A81001');
const IDENTIFIER = [{ system: 'https://source.test/id', value: '1' }];
const SUBJECT = { reference: 'Patient/p1' };

/** Where every fault is, with its issue code. */
function faultsOf(body: unknown): readonly string[] {
  const read = readSubmission(body as Json);
  if (read.ok) return [];
  return read.problem.issues.map((issue) => `${issue.code} ${issue.expression}`);
}

function faultsIn(bundle: object): readonly string[] {
  return faultsOf(submissionOf(bundle)).map((each) => each.replace(RECORD, 'R'));
}

function faultsWith(...resources: readonly object[]): readonly string[] {
  return faultsIn(aBundle([PATIENT, ...resources]));
}

function without(resource: object, name: string): object {
  return Object.fromEntries(Object.entries(resource).filter(([each]) => each !== name));
}

describe('the Parameters resource', () => {
  it('must hold one parameter "record", a Bundle', () => {
    const record = { name: 'record', resource: aBundle([PATIENT]) };
    const parameters = (...parameter: unknown[]) => ({ resourceType: 'Parameters', parameter });
    expect(faultsOf(parameters(record))).toEqual([]);
    expect(faultsOf(parameters({ name: 'other', valueString: 'x' }, record))).toEqual([]);
    for (const body of [
      null,
      'x',
      [],
      {},
      aBundle([PATIENT]),
      { ...parameters(record), resourceType: 'Bundle' },
      parameters(),
      parameters(record, record),
      parameters({ name: 'record' }),
      parameters({ name: 'record', resource: PATIENT }),
      parameters({ name: 'Record', resource: record.resource }),
    ]) {
      expect(faultsOf(body)).toEqual(['structure Parameters.parameter']);
    }
  });

  it(`may hold ${BUNDLE_ENTRIES_MAX} entries and not one more`, () => {
    const many = Array.from({ length: BUNDLE_ENTRIES_MAX - 1 }, (_, n) => anAllergy(String(n)));
    expect(faultsIn(aBundle([PATIENT, ...many]))).toEqual([]);
    const tooMany = readSubmission(submissionOf(aBundle([PATIENT, PATIENT, ...many])) as Json);
    expect(tooMany).toMatchObject({ ok: false, problem: { kind: 'too-large' } });
  });
});

describe('the Bundle', () => {
  it('is a collection with one Patient', () => {
    expect(faultsIn(aBundle([PATIENT]))).toEqual([]);
    expect(faultsIn(aBundle([PATIENT], { type: 'batch' }))).toEqual(['value R.type']);
    expect(faultsIn(aBundle([]))).toEqual(['required R.entry']);
    expect(faultsIn({ resourceType: 'Bundle', type: 'collection' })).toEqual(['required R.entry']);
    expect(faultsIn(aBundle([PATIENT, aPatient('9990000026', null, { id: 'p2' })]))).toEqual([
      'required R.entry',
    ]);
  });

  it('has an identifier with system and value, or none', () => {
    const read = (identifier: unknown) => aBundle([PATIENT], { identifier });
    expect(submission(read({ system: 's', value: 'v' })).identifier).toBe('s|v');
    expect(submission(aBundle([PATIENT])).identifier).toBeNull();
    for (const each of [{ value: 'v' }, { system: 's' }, 'v', [{ system: 's', value: 'v' }]]) {
      expect(faultsIn(read(each))).toEqual(['value R.identifier']);
    }
  });

  it('has an instant for its timestamp, or none', () => {
    const read = (timestamp: unknown) => aBundle([PATIENT], { timestamp });
    expect(submission(read('2026-03-01T13:00:00.5+01:00')).timestamp).toBe(
      '2026-03-01T12:00:00.500Z',
    );
    expect(submission(aBundle([PATIENT])).timestamp).toBeNull();
    for (const each of ['2026-03-01', '2026-03-01T12:00:00', '2026-03-01T12:00Z', 'now', 5, null]) {
      expect(faultsIn(read(each))).toEqual(['value R.timestamp']);
    }
    expect(faultsIn(read('2026-02-30T12:00:00Z'))).toEqual(['value R.timestamp']);
  });

  it('holds resources of the record’s types and nothing else', () => {
    const entry = [{ resource: PATIENT }, {}, { resource: { resourceType: 'Device' } }, 'x', null];
    expect(faultsIn({ resourceType: 'Bundle', type: 'collection', entry })).toEqual(
      [1, 2, 3, 4].map((index) => `not-supported R.entry[${index}].resource`),
    );
    expect(faultsWith({ resourceType: 'toString' }, { resourceType: 5 })).toHaveLength(2);
  });
});

describe('the NHS number', () => {
  it('is there once and is valid', () => {
    const identified = (...values: readonly unknown[]) =>
      faultsIn(
        aBundle([
          aPatient(NUMBER, null, { identifier: values.map((value) => ({ system: NHS, value })) }),
        ]),
      );
    expect(identified(NUMBER)).toEqual([]);
    for (const value of ['9990000019', '0000000000', '999 000 0018', 5]) {
      expect(identified(value)[0]).toContain(' R.entry[0].resource.identifier[0].value');
    }
    for (const values of [[], [NUMBER, NUMBER]]) {
      expect(identified(...values).at(-1)).toBe('business-rule R.entry[0].resource.identifier');
    }
  });

  it('says which fault it is', () => {
    const read = readSubmission(submissionOf(aBundle([aPatient('9990000019', null)])) as Json);
    expect(read).toMatchObject({
      problem: { issues: [{ diagnostics: expect.stringContaining('no NHS number') }] },
    });
    expect(JSON.stringify(read)).not.toContain('9990000019');
  });
});

describe('every entry', () => {
  it('is valid by R4 and the profile of its type, or named with all that is not', () => {
    expect(faultsWith(aStatement('1'), anAllergy('1'))).toEqual([]);
    const bare = without(without(aStatement('1'), 'status'), 'medicationCodeableConcept');
    expect(faultsWith(bare, { ...anAllergy('1'), colour: 'red' })).toEqual([
      'required R.entry[1].resource.status',
      'required R.entry[1].resource.medication',
      'structure R.entry[2].resource.colour',
    ]);
  });

  it.each(['Medication', 'Practitioner', 'PractitionerRole'])(
    'of type %s needs nothing but to be found again',
    (resourceType) => {
      expect(faultsWith({ resourceType, id: 'x' })).toEqual([]);
      expect(faultsWith({ resourceType, identifier: IDENTIFIER })).toEqual([]);
      expect(faultsWith({ resourceType })).toContain('required R.entry[1].resource.identifier');
    },
  );

  it('is about the Patient of the Bundle', () => {
    const urn = 'urn:uuid:00000000-0000-4000-8000-000000000001';
    const allergy = (patient: unknown) => anAllergy('1', { patient });
    const bundled = (patient: unknown) => ({
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ fullUrl: urn, resource: PATIENT }, { resource: allergy(patient) }],
    });
    for (const reference of ['Patient/p1', 'Patient/p1/_history/3', urn]) {
      expect(faultsIn(bundled({ reference }))).toEqual([]);
    }
    expect(faultsIn(bundled({ identifier: { system: NHS, value: NUMBER } }))).toEqual([]);
    for (const patient of [
      { reference: 'Patient/p2' },
      { reference: 'p1' },
      { identifier: { system: NHS, value: '9990000026' } },
      { identifier: { system: 'urn:x', value: NUMBER } },
      { display: 'Mr X' },
      {},
      'Patient/p1',
      [SUBJECT],
    ]) {
      expect(faultsIn(bundled(patient))).toContain('invariant R.entry[1].resource.patient');
    }
  });

  it('is about the Patient by what it refers to, whoever else has that NHS number', () => {
    const patient = { reference: 'Patient/p2', identifier: { system: NHS, value: NUMBER } };
    expect(faultsWith(anAllergy('1', { patient }))).toEqual([
      'invariant R.entry[1].resource.patient',
    ]);
  });

  it('is told apart from all others of its type by its identifier', () => {
    expect(faultsWith(anAllergy('1'), aStatement('1'), anAllergy('2'))).toEqual([]);
    expect(faultsWith(anAllergy('1'), anAllergy('1', { id: 'other' }))).toEqual([
      'duplicate R.entry[2].resource.identifier',
    ]);
    expect(
      faultsWith(without(anAllergy('1'), 'identifier'), without(anAllergy('2'), 'identifier')),
    ).toEqual([]);
    expect(faultsWith(without(anAllergy('1', { identifier: [{ value: '1' }] }), 'id'))).toContain(
      'required R.entry[1].resource.identifier',
    );
  });

  it('of a supporting type may be listed twice under two ids', () => {
    const doctor = (id: string) => ({ resourceType: 'Practitioner', id, identifier: IDENTIFIER });
    expect(faultsWith(doctor('a'), doctor('b'))).toEqual([]);
    expect(faultsWith(doctor('a'), doctor('a'))).toEqual([
      'duplicate R.entry[2].resource.identifier',
    ]);
    const keys = submission(aBundle([PATIENT, doctor('a'), doctor('b')])).resources;
    expect(keys.map((each) => each.key)).toEqual([
      'Practitioner#Practitioner/a',
      'Practitioner#Practitioner/b',
    ]);
  });
});

it('names the faults of header, entries and patient all at once', () => {
  const bundle = aBundle(
    [
      aPatient('9990000019', null),
      { resourceType: 'Condition', subject: { reference: 'Patient/p2' } },
      { resourceType: 'Basic' },
    ],
    { type: 'searchset', timestamp: 'x', identifier: {} },
  );
  expect(faultsIn(bundle)).toEqual(
    expect.arrayContaining([
      'value R.type',
      'value R.identifier',
      'value R.timestamp',
      'required R.entry[1].resource.code',
      'not-supported R.entry[2].resource',
      'required R.entry[1].resource.identifier',
      'value R.entry[0].resource.identifier[0].value',
      'invariant R.entry[1].resource.subject',
    ]),
  );
});
