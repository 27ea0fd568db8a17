import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { HOPS_MAX } from '../../../src/domain/search/condition.ts';
import { faultsOf, finds, idsFound } from './searching.ts';

const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number';
const subject: JsonObject = { reference: 'Patient/p' };

const RECORD: readonly JsonObject[] = [
  {
    resourceType: 'Patient',
    id: 'p',
    identifier: [{ system: NHS_NUMBER, value: '9000000009' }],
    name: [{ family: 'Adams' }],
    generalPractitioner: [{ reference: 'Organization/surgery' }],
  },
  { resourceType: 'Organization', id: 'surgery', name: 'High Street Surgery', address: [] },
  { resourceType: 'Practitioner', id: 'gp', name: [{ family: 'Patel' }] },
  {
    resourceType: 'PractitionerRole',
    id: 'role',
    practitioner: { reference: 'Practitioner/gp' },
    organization: { reference: 'Organization/surgery' },
  },
  { resourceType: 'Medication', id: 'm', code: { coding: [{ code: '322236009' }] } },
  {
    resourceType: 'MedicationStatement',
    id: 'referring',
    status: 'active',
    subject,
    medicationReference: { reference: 'Medication/m' },
    informationSource: { reference: 'PractitionerRole/role' },
  },
  {
    resourceType: 'MedicationStatement',
    id: 'containing',
    status: 'stopped',
    subject,
    contained: [{ resourceType: 'Medication', id: 'c', code: { coding: [{ code: '1' }] } }],
    medicationReference: { reference: '#c' },
    informationSource: { reference: 'Organization/surgery' },
  },
  {
    resourceType: 'MedicationStatement',
    id: 'logical',
    status: 'active',
    subject: { identifier: { system: NHS_NUMBER, value: '9000000009' } },
    partOf: [{ reference: 'MedicationStatement/referring' }],
  },
  {
    resourceType: 'Provenance',
    id: 'prov',
    target: [{ reference: 'MedicationStatement/referring/_history/1' }],
    agent: [{ who: { reference: 'Practitioner/gp' } }],
  },
];

const medication = (query: string): string[] => idsFound(`MedicationStatement?${query}`, RECORD);

describe('a chain', () => {
  test('asks what a reference leads to', () => {
    expect(medication('patient.identifier=9000000009')).toEqual([
      'containing',
      'logical',
      'referring',
    ]);
    expect(medication(`patient.identifier=${NHS_NUMBER}|9000000009&status=stopped`)).toEqual([
      'containing',
    ]);
    expect(medication('patient.family=adams')).toHaveLength(3);
    expect(medication('patient.family=bell')).toEqual([]);
    expect(medication('subject:Patient.family=adams')).toHaveLength(3);
  });

  test('looks into contained resources', () => {
    expect(medication('medication.code=322236009')).toEqual(['referring']);
    expect(medication('medication.code=1')).toEqual(['containing']);
    expect(medication('medication.code=1,322236009')).toEqual(['containing', 'referring']);
  });

  test('follows several references, and any type that has the parameter', () => {
    expect(medication('source:PractitionerRole.practitioner.family=patel')).toEqual(['referring']);
    expect(medication('source.organization.name=high')).toEqual(['referring']);
    expect(medication('source.name=high')).toEqual(['containing']);
    expect(medication('part-of.source:PractitionerRole.practitioner.name=patel')).toEqual([
      'logical',
    ]);
  });

  test('takes the modifiers of the parameter at its end', () => {
    expect(medication('patient.gender:missing=true')).toHaveLength(3);
    expect(medication('medication.code:not=1')).toEqual(['referring']);
  });

  test('reaches nothing that is not in the world', () => {
    const withoutPatient = RECORD.filter(({ resourceType }) => resourceType !== 'Patient');
    expect(idsFound('MedicationStatement?patient.family=adams', withoutPatient)).toEqual([]);
    expect(idsFound('MedicationStatement?patient.gender:missing=true', withoutPatient)).toEqual([]);
  });

  test('is refused where it leads nowhere, and where it is too long', () => {
    expect(faultsOf('Patient?gender.code=1').join()).toContain('is no reference to follow');
    expect(faultsOf('MedicationStatement?patient.foo=1').join()).toContain('no such parameter');
    expect(faultsOf('Observation?device.type=1').join()).toContain('names no type');
    expect(faultsOf('Condition?patient.birthdate=x1').join()).toContain('patient.birthdate');
    expect(faultsOf('MedicationStatement?patient:identifier.name=1').join()).toContain('modifier');
    const chain = 'part-of.'.repeat(HOPS_MAX);
    expect(faultsOf(`MedicationStatement?${chain}status=active`)).toEqual([]);
    expect(faultsOf(`MedicationStatement?${chain}part-of.status=active`).join()).toContain(
      `${HOPS_MAX} references`,
    );
  });
});

describe('_has', () => {
  test('asks who refers to a resource', () => {
    expect(medication('_has:Provenance:target:agent=Practitioner/gp')).toEqual(['referring']);
    expect(medication('_has:Provenance:target:agent=Practitioner/other')).toEqual([]);
    expect(medication('_has:MedicationStatement:part-of:status=active,stopped')).toEqual([
      'referring',
    ]);
    expect(idsFound('Patient?_has:MedicationStatement:patient:status=stopped', RECORD)).toEqual([
      'p',
    ]);
  });

  test('can be chained, by itself and with references', () => {
    const has = 'Medication?_has:MedicationStatement:medication';
    expect(idsFound(`${has}:_has:Provenance:target:agent=Practitioner/gp`, RECORD)).toEqual(['m']);
    expect(idsFound(`${has}:patient.family=adams`, RECORD)).toEqual(['m']);
    expect(idsFound(`${has}:status:not=active`, RECORD)).toEqual([]);
  });

  test('is refused where no such reference leads to the type', () => {
    for (const wrong of [
      '_has:List:item:code=1',
      '_has:Observation:code:status=final',
      '_has:AllergyIntolerance:patient:code=1',
      '_has:Provenance:target:foo=1',
      '_has:Provenance',
    ]) {
      expect(faultsOf(`Medication?${wrong}`).join()).toContain('no such parameter in _has');
    }
    const has = '_has:MedicationStatement:part-of:';
    expect(faultsOf(`MedicationStatement?${has.repeat(HOPS_MAX)}status=active`)).toEqual([]);
    expect(faultsOf(`MedicationStatement?${has.repeat(HOPS_MAX + 1)}status=active`)).toHaveLength(
      1,
    );
  });
});

describe('a condition', () => {
  test('must hold together with all others, and by any of its alternatives', () => {
    expect(medication('status=active&medication:missing=false')).toEqual(['referring']);
    expect(medication('status=active&status=stopped')).toEqual([]);
    expect(medication('status=active,stopped')).toHaveLength(3);
  });

  test('with :missing tells what has no value', () => {
    const only = { gender: 'male' };
    expect(finds('Patient?gender:missing=false', only)).toBe(true);
    expect(finds('Patient?gender:missing=true', only)).toBe(false);
    expect(finds('Patient?gender:missing=true', {})).toBe(true);
    expect(finds('Patient?gender:missing=true', { _gender: { extension: [] } })).toBe(true);
    expect(faultsOf('Patient?gender:missing=maybe').join()).toContain('neither true nor false');
  });
});

describe('a logical reference', () => {
  test('counts as one to whoever bears its identifier, and as none where several do', () => {
    expect(medication('patient=p')).toEqual(['containing', 'logical', 'referring']);
    const twice = [...RECORD, { ...RECORD[0], id: 'q' }] as JsonObject[];
    expect(idsFound('MedicationStatement?patient=p', twice)).toEqual(['containing', 'referring']);
  });
});
