import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import advice from '../../../src/domain/validation/advice.json' with { type: 'json' };
import { advise } from '../../../src/domain/validation/advise.ts';
import { MODEL } from './objects-by-path.ts';

const R4 = 'http://hl7.org/fhir/StructureDefinition/';
const V3 = 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus';

const found = (resource: JsonObject, profile?: string): readonly string[] =>
  advise(resource, profile).map(({ rule, expression }) => `${rule} ${expression}`);
const concept = (code: string, system = 'https://example.org/codes') => ({
  coding: [{ system, code }],
});

describe('advice', () => {
  test('is given where no coding is of the extensible set, and where there are only words', () => {
    const patient = (maritalStatus: JsonObject) => ({ resourceType: 'Patient', maritalStatus });
    expect(found(patient(concept('M', V3)))).toEqual([]);
    expect(found(patient(concept('M')))).toEqual(['extensible Patient.maritalStatus']);
    expect(found(patient({ text: 'married' }))).toEqual(['extensible Patient.maritalStatus']);
    const both = { coding: [...concept('M', V3).coding, ...concept('x').coding] };
    expect(found(patient(both))).toEqual([]);
  });

  test('on a preferred set leaves words alone', () => {
    const observation = (category: JsonObject) => ({
      resourceType: 'Observation',
      category: [{ text: 'x' }, category],
    });
    expect(found(observation(concept('x')))).toEqual(['preferred Observation.category[1]']);
    expect(found(observation({ text: 'y' }))).toEqual([]);
  });

  test('is found in datatypes, contained resources and Bundles, at its place', () => {
    const patient = {
      resourceType: 'Patient',
      language: 'tlh',
      identifier: [{ type: concept('x') }],
      contact: [{ relationship: [concept('x')] }],
    };
    const within = (at: string) => [
      `preferred ${at}.language`,
      `extensible ${at}.identifier[0].type`,
      `extensible ${at}.contact[0].relationship[0]`,
    ];
    expect(found(patient)).toEqual(within('Patient'));
    const bundle = { resourceType: 'Bundle', entry: [{ resource: patient }] };
    expect(found(bundle)).toEqual(within('Bundle.entry[0].resource'));
    const allergy = { resourceType: 'AllergyIntolerance', contained: [patient] };
    expect(found(allergy)).toEqual(within('AllergyIntolerance.contained[0]'));
  });

  test('is that of our profile where there is one, and of R4 where that is asked for', () => {
    const system = 'https://fhir.hl7.org.uk/CodeSystem/UKCore-ConditionCategory';
    const condition = { resourceType: 'Condition', category: [concept('issue', system)] };
    expect(found(condition)).toEqual([]);
    expect(found(condition, `${R4}Condition`)).toEqual(['extensible Condition.category[0]']);
  });

  test('is that of an extension that we define', () => {
    const url =
      'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-MedicationPrescribingOrganizationType';
    const extension = [{ url, valueCodeableConcept: concept('x') }];
    expect(found({ resourceType: 'MedicationStatement', extension })).toEqual([
      'extensible MedicationStatement.extension[0].value',
    ]);
  });

  test('passes over what is not of the shape of R4, and stops at a hundred', () => {
    expect(found({ resourceType: 'Patient', maritalStatus: 3, contact: 'x', colour: {} })).toEqual(
      [],
    );
    expect(found({ resourceType: 'Spaceship' })).toEqual([]);
    const many = { resourceType: 'Observation', category: Array(500).fill(concept('x')) };
    expect(found(many)).toHaveLength(100);
  });

  test('knows every concept below those that a set names', () => {
    const reason = (code: string) => ({
      resourceType: 'Provenance',
      reason: [concept(code, 'http://terminology.hl7.org/CodeSystem/v3-ActReason')],
    });
    expect(found(reason('TREAT'))).toEqual([]);
    expect(found(reason('ETREAT'))).toEqual([]);
    expect(found(reason('_ActReason'))).toEqual(['extensible Provenance.reason[0]']);
  });

  test('is about elements that there are, with value sets that there are', () => {
    const tables = [advice.elements, ...Object.values(advice.profiles)] as const;
    for (const [path, noted] of tables.flatMap((each) => Object.entries(each))) {
      const cut = path.lastIndexOf('.');
      const type = MODEL.types.get(path.slice(0, cut));
      const names = [...(type?.elements.values() ?? [])].map(({ name }) => name);
      expect([path, names]).toEqual([path, expect.arrayContaining([path.slice(cut + 1)])]);
      expect(Object.keys(advice.valueSets)).toContain(noted.split(' ')[1]);
    }
  });
});
