import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { check, idsFound, refused } from './searching.ts';

describe('a reference parameter', () => {
  const base = 'https://scr.example/FHIR/R4';
  const to = (reference: string, more: JsonObject = {}): JsonObject => ({
    subject: { reference, ...more },
  });

  test('finds by id, by type and id, and by URL, however the reference is written', () => {
    for (const reference of ['Patient/1', `${base}/Patient/1`, 'Patient/1/_history/3']) {
      check('Condition', [
        ['subject=1', to(reference), true],
        ['subject=2', to(reference), false],
        ['subject=Patient/1', to(reference), true],
        ['subject=Group/1', to(reference), false],
        [`subject=${base}/Patient/1`, to(reference), true],
        ['subject:Patient=1', to(reference), true],
        ['subject:Patient=Patient/1', to(reference), true],
        ['subject:Group=1', to(reference), false],
        ['patient=1', to(reference), true],
      ]);
    }
  });

  test('compares a version only where one is asked for', () => {
    check('Condition', [
      ['subject=Patient/1/_history/3', to('Patient/1/_history/3'), true],
      ['subject=Patient/1/_history/3', to(`${base}/Patient/1/_history/3`), true],
      ['subject=Patient/1/_history/4', to('Patient/1/_history/3'), false],
      ['subject=Patient/1/_history/3', to('Patient/1'), false],
    ]);
  });

  test('tells other servers’ resources from ours', () => {
    check('Condition', [
      ['subject=http://other.example/Patient/1', to('http://other.example/Patient/1'), true],
      ['subject=Patient/1', to('http://other.example/Patient/1'), false],
      ['subject=1', to('http://other.example/Patient/1'), false],
      ['subject=urn:uuid:8f1e', to('urn:uuid:8f1e'), true],
    ]);
  });

  test('that is limited to a type passes over references to others', () => {
    check('Condition', [
      ['patient=1', to('Group/1'), false],
      ['patient:missing=true', to('Group/1'), true],
      ['patient:missing=false', to('Patient/1'), true],
      ['patient:missing=false', { subject: { type: 'Patient', display: 'Eve' } }, true],
    ]);
  });

  test('with :identifier finds by the reference’s own identifier', () => {
    const logical: JsonObject = { subject: { identifier: { system: 'urn:x', value: '9' } } };
    check('Condition', [
      ['subject:identifier=urn:x|9', logical, true],
      ['subject:identifier=9', logical, true],
      ['subject:identifier=urn:y|9', logical, false],
      ['subject:identifier=urn:x|9', to('Patient/1'), false],
    ]);
  });

  test('finds canonical URLs, and with :below their versions', () => {
    const plan: JsonObject = { instantiatesCanonical: ['http://x/plan|1.0'] };
    check('Procedure', [
      ['instantiates-canonical=http://x/plan', plan, true],
      ['instantiates-canonical=http://x/plan|1.0', plan, true],
      ['instantiates-canonical=http://x/plan|1', plan, false],
      ['instantiates-canonical:below=http://x/plan', plan, true],
      ['instantiates-canonical:below=http://x/plan|1', plan, true],
      ['instantiates-canonical:below=http://x/plan|2', plan, false],
      ['instantiates-canonical:above=http://x/plan|1.0.3', plan, true],
      ['instantiates-canonical:above=http://x/plan|1.0', plan, true],
      ['instantiates-canonical:above=http://x/plan|1', plan, false],
    ]);
    refused('Procedure?instantiates-canonical:identifier=a', 'which a URL is not');
  });

  test('refuses what can be no reference, and types that it does not lead to', () => {
    refused('Condition?subject=a b', 'is no id');
    refused('Condition?subject:Device=1', 'modifier :Device');
    refused('Condition?subject:Patient=Group/1', 'is no id of a Patient');
    refused('Condition?subject:Patient=http://other.example/Patient/1', 'is no id of a Patient');
  });

  test('with :below and :above follows what an organisation is part of, in circles too', () => {
    const organization = (id: string, parent: string | null): JsonObject => ({
      resourceType: 'Organization',
      id,
      ...(parent === null ? {} : { partOf: { reference: `Organization/${parent}` } }),
    });
    const role = (id: string, at: string): JsonObject => ({
      resourceType: 'PractitionerRole',
      id,
      organization: { reference: `Organization/${at}` },
    });
    const world = [
      organization('trust', null),
      organization('hospital', 'trust'),
      organization('ward', 'hospital'),
      organization('one', 'other'),
      organization('other', 'one'),
      ...['trust', 'hospital', 'ward', 'one', 'unseen'].map((each) => role(`at-${each}`, each)),
    ];
    const found = (query: string) => idsFound(`PractitionerRole?${query}`, world).toSorted();
    expect(found('organization:below=hospital')).toEqual(['at-hospital', 'at-ward']);
    expect(found(`organization:below=${base}/Organization/trust`)).toHaveLength(3);
    expect(found('organization:above=Organization/hospital')).toEqual(['at-hospital', 'at-trust']);
    expect(found('organization:below=other')).toEqual(['at-one']);
    expect(found('organization:below=unseen')).toEqual(['at-unseen']);
    expect(found('organization:below=nowhere')).toEqual([]);
    expect(idsFound('Organization?partof:below=trust', world)).toEqual(['hospital', 'ward']);
    // Without the hospital nothing tells that the ward is part of the trust.
    const lacking = world.filter(({ id }) => id !== 'hospital');
    expect(idsFound('PractitionerRole?organization:below=trust', lacking)).toEqual(['at-trust']);
    refused('PractitionerRole?organization:below=Patient/1', 'is no id of an Organization');
    refused('Condition?subject:above=1', 'The modifier :above of subject is for references to');
  });
});
