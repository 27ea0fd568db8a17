import { expect, it } from 'vitest';
import { patientIdOf, recordIdOfToken } from '../../../src/domain/fhir/patient-reference.ts';
import { rewriteReferences, unversioned } from '../../../src/domain/fhir/references.ts';

const NAMING = { baseUrl: 'https://scr.test/FHIR/R4', recordId: (n: string) => `record-of-${n}` };
const NHS = 'https://fhir.nhs.uk/Id/nhs-number';

it('takes the version off a reference', () => {
  expect(unversioned('Practitioner/1/_history/2')).toBe('Practitioner/1');
  expect(unversioned('urn:uuid:0')).toBe('urn:uuid:0');
});

it('rewrites every literal reference that has a destination, however deep, and nothing else', () => {
  const destinations = new Map([
    ['Practitioner/1', 'Practitioner/new'],
    ['urn:uuid:2', 'Medication/new'],
  ]);
  const resource = {
    resourceType: 'Procedure',
    performer: [{ actor: { reference: 'Practitioner/1/_history/7', display: 'Dr A' } }],
    usedReference: [{ reference: 'urn:uuid:2' }, { reference: 'Device/1' }, { reference: '#c' }],
    note: [{ text: 'Practitioner/1' }],
    reference: { reference: 'Practitioner/1' },
    count: null,
  };
  const before = JSON.stringify(resource);
  expect(JSON.stringify(rewriteReferences(resource, destinations))).toBe(
    before
      .replace('"reference":"Practitioner/1/_history/7"', '"reference":"Practitioner/new"')
      .replace('"reference":"urn:uuid:2"', '"reference":"Medication/new"')
      .replace('{"reference":"Practitioner/1"}', '{"reference":"Practitioner/new"}'),
  );
  expect(JSON.stringify(resource)).toBe(before);
});

it.each([
  ['abc-1', 'abc-1'],
  ['Patient/abc', 'abc'],
  ['https://scr.test/FHIR/R4/Patient/abc', 'abc'],
  ['https://scr.test/FHIR/R4Patient/abc', null],
  ['https://other.test/FHIR/R4/Patient/abc', null],
  ['Practitioner/abc', null],
  ['Patient/', null],
  ['Patient/a/b', null],
  ['Patient/a b', null],
  ['', null],
  ['x'.repeat(65), null],
])('takes the reference %j for the patient %j', (reference, id) => {
  expect(patientIdOf(reference, NAMING)).toBe(id);
});

it.each([
  [`${NHS}|9990000018`, 'record-of-9990000018'],
  ['9990000018', 'record-of-9990000018'],
  ['|9990000018', null],
  ['urn:other|9990000018', null],
  [`${NHS}|999 000 0018`, null],
  [`${NHS}|`, null],
  ['', null],
])('takes the token %j for the record %j', (token, id) => {
  expect(recordIdOfToken(token, NAMING)).toBe(id);
});
