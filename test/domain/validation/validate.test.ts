import { describe, expect, test } from 'vitest';
import { type JsonObject, parseJson } from '../../../src/domain/fhir/json.ts';
import { profileFor } from '../../../src/domain/validation/profile-policy.ts';
import { isKnownProfile, validate } from '../../../src/domain/validation/validate.ts';

const R4 = 'http://hl7.org/fhir/StructureDefinition/';
const OURS = 'https://scr.example/fhir/StructureDefinition/';
const X = [{ url: 'https://example.org/x', valueString: 'x' }];

const rules = (resource: JsonObject, profile?: string): readonly string[] =>
  validate(resource, profile === undefined ? {} : { profile }).map(
    ({ rule, expression }) => `${rule} ${expression}`,
  );

const base = (resource: JsonObject): readonly string[] =>
  rules(resource, R4 + String(resource.resourceType));

describe('the profile', () => {
  const bare = { resourceType: 'Patient' };

  test('is that of the server where none is asked for, whatever the resource claims', () => {
    const claiming = { ...bare, meta: { profile: [`${R4}Patient`] } };
    expect(profileFor('Patient')).toBe(`${OURS}scr-Patient`);
    expect(rules(claiming)).toEqual(['required Patient.identifier']);
  });

  test('may be R4 alone', () => {
    expect(rules(bare, `${R4}Patient`)).toEqual([]);
  });

  test('is reported where it is not known, or is one of another type', () => {
    expect(rules(bare, 'https://example.org/profile')).toEqual(['profile Patient']);
    expect(rules(bare, `${OURS}scr-Observation`)).toEqual(['profile Patient']);
    expect(isKnownProfile(`${OURS}scr-Patient`)).toBe(true);
    expect(isKnownProfile(`${R4}Patient`)).toBe(true);
    expect(isKnownProfile(`${R4}Spaceship`)).toBe(false);
  });

  test('brings what it derives from', () => {
    const consent = { resourceType: 'Consent', policy: [{ uri: 'https://example.org' }] };
    const found = rules(consent, `${OURS}scr-Consent-scr-dissent`);
    expect(found).toContain('fixed Consent.policy[0].uri');
    expect(found).toContain('required Consent.dateTime');
  });
});

describe('the place', () => {
  test('begins where the caller says', () => {
    const [issue] = validate({ resourceType: 'Patient' }, { at: 'Bundle.entry[3].resource' });
    expect(issue?.expression).toBe('Bundle.entry[3].resource.identifier');
  });

  test('is that of no type where there is none', () => {
    expect(validate({}).map(({ expression }) => expression)).toEqual(['Resource.resourceType']);
    expect(validate({ resourceType: 'Timing.repeat' })).toHaveLength(1);
    expect(validate({ resourceType: 'Period' })).toHaveLength(1);
  });
});

describe('a value with extensions', () => {
  test('may have them instead of the value', () => {
    expect(base({ resourceType: 'Patient', _birthDate: { extension: X } })).toEqual([]);
    expect(base({ resourceType: 'Patient', birthDate: '1948', _birthDate: { id: 'a' } })).toEqual([
      'ele-1 Patient.birthDate',
    ]);
  });

  test('may stand in a list of such, where each has its own place', () => {
    const name = { given: ['Ada', null], _given: [null, { extension: X }] };
    expect(base({ resourceType: 'Patient', name: [name] })).toEqual([]);
    const alone = { _given: [{ extension: X }] };
    expect(base({ resourceType: 'Patient', name: [alone] })).toEqual([]);
    const short = { given: ['Ada', 'May'], _given: [{ extension: X }] };
    expect(base({ resourceType: 'Patient', name: [short] })).toEqual([
      'wrong-shape Patient.name[0].given',
    ]);
  });

  test('is one value of a choice, with the value', () => {
    const both = { deceasedBoolean: true, _deceasedBoolean: { extension: X } };
    expect(base({ resourceType: 'Patient', ...both })).toEqual([]);
    const two = { deceasedBoolean: true, _deceasedDateTime: { extension: X } };
    expect(base({ resourceType: 'Patient', ...two })).toEqual(['choice Patient.deceased']);
  });

  test('is no substitute for a code that the server must understand', () => {
    const statement = {
      resourceType: 'MedicationStatement',
      _status: { extension: X },
      medicationCodeableConcept: { text: 'x' },
      subject: { reference: 'Patient/1' },
    };
    expect(base(statement)).toEqual(['binding MedicationStatement.status']);
  });
});

describe('a contained resource', () => {
  const medication = { resourceType: 'Medication', id: 'm' };
  const statement = {
    resourceType: 'MedicationStatement',
    status: 'active',
    medicationReference: { reference: '#m' },
    subject: { reference: 'Patient/1' },
  };

  test('is taken where something refers to it, or it refers back', () => {
    expect(base({ ...statement, contained: [medication] })).toEqual([]);
    const provenance = {
      resourceType: 'Provenance',
      id: 'p',
      target: [{ reference: '#' }],
      recorded: '2026-01-01T00:00:00Z',
      agent: [{ who: { display: 'x' } }],
    };
    expect(base({ ...statement, contained: [medication, provenance] })).toEqual([]);
  });

  test('must be of a type that the reference may lead to', () => {
    const patient = { resourceType: 'Patient', id: 'm' };
    expect(base({ ...statement, contained: [patient] })).toEqual([
      'reference-target MedicationStatement.medication.reference',
    ]);
  });

  test('contains no other, and has no version and no label of its own', () => {
    const meta = { versionId: '1', security: [{ code: 'R' }] };
    const nested = { ...medication, meta, contained: [{ resourceType: 'Patient', id: 'x' }] };
    expect(base({ ...statement, contained: [nested] }).map((each) => each.split(' ')[0])).toEqual([
      'dom-2',
      'dom-4',
      'dom-5',
    ]);
  });

  test('has an id that no other has', () => {
    expect(base({ ...statement, contained: [medication, medication] })).toEqual([
      'contained-id MedicationStatement.contained[1]',
    ]);
  });
});

describe('a Bundle', () => {
  const patient = { resourceType: 'Patient', id: 'p' };
  const uuid = 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0';
  const allergy = (reference: string): JsonObject => ({
    resourceType: 'AllergyIntolerance',
    clinicalStatus: {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical',
          code: 'active',
        },
      ],
    },
    patient: { reference },
  });
  const bundle = (type: string, reference: string, more: object = {}): JsonObject => ({
    resourceType: 'Bundle',
    type,
    entry: [
      { fullUrl: uuid, resource: patient, ...more },
      { resource: allergy(reference), ...more },
    ],
  });

  test('resolves references between its entries', () => {
    expect(base(bundle('collection', uuid))).toEqual([]);
    expect(base(bundle('collection', `${uuid.slice(0, -1)}1`))).toEqual([
      'reference-in-bundle Bundle.entry[1].resource.patient.reference',
    ]);
  });

  test('that is a part of something greater need not hold all', () => {
    expect(base(bundle('searchset', `${uuid.slice(0, -1)}1`))).toEqual([]);
  });

  test('may refer by a search only where it is a transaction or batch', () => {
    const search = 'Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018';
    const request = { request: { method: 'POST', url: 'Patient' } };
    expect(base(bundle('transaction', search, request))).toEqual([]);
    expect(base(bundle('collection', search))).toEqual([
      'reference-form Bundle.entry[1].resource.patient.reference',
    ]);
  });
});

describe('a number', () => {
  const quantity = (text: string): JsonObject => {
    const parsed = parseJson(`{"resourceType":"Observation","status":"final","code":{"text":"x"},
      "valueQuantity":{"value":${text}}}`);
    if (!parsed.ok) throw new Error('not JSON');
    return parsed.value as JsonObject;
  };

  test('may be written with any precision where it is a decimal', () => {
    for (const text of ['1', '1.00', '0.10', '1e3', '-0.0', '123456789012345678.90']) {
      expect(base(quantity(text))).toEqual([]);
    }
  });

  test('is whole where it is no decimal, and written so', () => {
    const parsed = parseJson('{"resourceType":"Patient","multipleBirthInteger":2.0}');
    expect(parsed.ok && base(parsed.value as JsonObject)).toEqual([
      'integer Patient.multipleBirth',
    ]);
    expect(base({ resourceType: 'Patient', multipleBirthInteger: -2 })).toEqual([]);
  });
});
