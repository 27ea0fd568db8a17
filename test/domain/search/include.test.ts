import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { condition, faultsOf, pageOf } from './searching.ts';

describe('includes', () => {
  const record: readonly JsonObject[] = [
    { resourceType: 'Patient', id: 'p', managingOrganization: { reference: 'Organization/o' } },
    { resourceType: 'Organization', id: 'o', partOf: { reference: 'Organization/top' } },
    { resourceType: 'Organization', id: 'top', partOf: { reference: 'Organization/o' } },
    condition('a', { asserter: { reference: 'Practitioner/gone' } }),
    condition('b', { evidence: [{ detail: [{ reference: 'Condition/a' }, { reference: '#x' }] }] }),
    { resourceType: 'Provenance', id: 'v', target: [{ reference: 'Condition/a' }] },
    { resourceType: 'Provenance', id: 'w', target: [{ reference: 'Provenance/v' }] },
  ];
  const included = (query: string): string[] =>
    pageOf(`Condition?${query}`, record).included.map(({ id }) => String(id));

  test('add what matches refer to, once, and nothing that is not there', () => {
    expect(included('_include=Condition:patient')).toEqual(['p']);
    expect(included('_include=Condition:patient:Patient')).toEqual(['p']);
    expect(included('_include=Condition:subject:Group')).toEqual([]);
    expect(included('_include=Condition:asserter')).toEqual([]);
    expect(included('_id=b&_include=Condition:evidence-detail')).toEqual(['a']);
    expect(included('_include=Condition:evidence-detail')).toEqual([]);
    expect(included('_id=b&_include=*').sort()).toEqual(['a', 'p']);
    expect(included('_id=b&_include=Condition:*').sort()).toEqual(['a', 'p']);
  });

  test('go on with :iterate alone, and end', () => {
    expect(included('_include=Condition:patient&_include=Patient:organization')).toEqual(['p']);
    expect(included('_include=Condition:patient&_include:iterate=Patient:organization')).toEqual([
      'p',
      'o',
    ]);
    expect(included('_id=a&_include:iterate=*')).toEqual(['p', 'o', 'top']);
  });

  test('add who refers to matches', () => {
    expect(included('_revinclude=Provenance:target')).toEqual(['v']);
    expect(included('_revinclude=Provenance:target:Patient')).toEqual([]);
    expect(included('_revinclude:iterate=Provenance:target')).toEqual(['v', 'w']);
    expect(included('_id=a&_revinclude=*')).toEqual(['b', 'v']);
  });

  test('are those of the page alone', () => {
    expect(included('_count=1&_sort=-_id&_include=Condition:evidence-detail')).toEqual(['a']);
    expect(included('_count=1&_include=Condition:evidence-detail')).toEqual([]);
  });

  test('are refused where they name no reference', () => {
    for (const wrong of [
      'patient',
      'List:item',
      'Condition:code',
      'Condition:patient:Device',
      'a:b:c:d',
    ]) {
      expect(faultsOf(`Condition?_include=${wrong}`)).toHaveLength(1);
      expect(faultsOf(`Condition?_revinclude=${wrong}`)).toHaveLength(1);
    }
    expect(faultsOf('Condition?_include:recurse=Condition:patient').join()).toContain('iterate');
  });
});
