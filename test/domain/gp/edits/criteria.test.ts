import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/domain/fhir/json.ts';
import { readCriteria } from '../../../../src/domain/gp/edits/criteria.ts';
import { EntryFinder } from '../../../../src/domain/gp/edits/entry-finder.ts';
import { NHS } from '../../../support/bundles.ts';
import { BASE_URL } from '../../../support/context.ts';
import { NAMING, NOW } from '../making.ts';

const READING = { naming: { baseUrl: BASE_URL, recordId: NAMING.recordId }, now: NOW };

const criteria = (type: 'Patient' | 'Condition' | 'Medication', query: string) => {
  const read = readCriteria(type, query, READING);
  return read.ok ? read.value : read.problem.kind;
};

const condition = (id: string, ...identifiers: [string, string][]): JsonObject => ({
  resourceType: 'Condition',
  id,
  identifier: identifiers.map(([system, value]) => ({ system, value })),
  code: { coding: [{ system: 's', code: id }] },
});

describe('criteria', () => {
  it.each([
    ['patient=abc', [{ by: 'id', id: 'abc' }]],
    ['subject=Patient/abc&identifier=a|b', [{ by: 'id', id: 'abc' }]],
    [`patient.identifier=${NHS}|9990000018`, [{ by: 'number', nhsNumber: '9990000018' }]],
    ['subject:identifier=9990000018', [{ by: 'number', nhsNumber: '9990000018' }]],
    ['_id=abc-1', [{ by: 'id', id: 'abc' }]],
    ['identifier=a|b', []],
  ])('say whose entry it is: %s', (query, patients) => {
    expect(criteria('Condition', query)).toMatchObject({ patients });
  });

  it('name a Patient by NHS number, not by any other', () => {
    const number = [{ by: 'number', nhsNumber: '9990000018' }];
    expect(criteria('Patient', `identifier=${NHS}|9990000018`)).toMatchObject({ patients: number });
    expect(criteria('Patient', 'identifier=other|1')).toMatchObject({ patients: [] });
  });

  it.each([
    '',
    '_format=json',
    'colour=red',
    'identifier=',
    '_sort=code',
    '_include=Condition:patient&identifier=a|b',
    'patient=a,b',
    'patient.identifier=7',
    'identifier:unknown=a',
    '__proto__=1',
  ])('that are not understood are refused, never passed over: %s', (query) => {
    expect(criteria('Condition', query)).toBe('malformed');
  });

  it('are met by any identifier of an entry, by its id and by every search parameter', () => {
    const all = [
      condition('r-1', ['a', '1'], ['b', '1']),
      condition('r-2', ['a', '2']),
      { ...condition('r-3', ['a', '1']), resourceType: 'Procedure' },
    ];
    const finder = new EntryFinder(all, BASE_URL);
    const found = (query: string) => {
      const read = readCriteria('Condition', query, READING);
      return read.ok ? finder.find(read.value) : read.problem.kind;
    };
    expect(found('identifier=a|1')).toEqual(['r-1']);
    expect(found('identifier=b|1&patient=r')).toEqual(['r-1']);
    expect(found('identifier=a|1,a|2')).toEqual(['r-1', 'r-2']);
    expect(found('identifier=1')).toEqual(['r-1']);
    expect(found('identifier=a|')).toEqual(['r-1', 'r-2']);
    expect(found('identifier=a|1&code=s|r-2')).toEqual([]);
    expect(found('code=s|r-2')).toEqual(['r-2']);
    expect(found('_id=r-2')).toEqual(['r-2']);
    expect(found('identifier=c|1')).toEqual([]);
  });
});
