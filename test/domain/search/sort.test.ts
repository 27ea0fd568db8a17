import { describe, expect, test } from 'vitest';
import { condition, faultsOf, idsFound } from './searching.ts';

describe('the order', () => {
  const all = [
    condition('a', { recordedDate: '2020-05-01', code: { text: 'x', coding: [{ code: 'B' }] } }),
    condition('b', { recordedDate: '2019', code: { coding: [{ code: 'a' }, { code: 'z' }] } }),
    condition('c', { onsetPeriod: { start: '2018', end: '2021' } }),
    condition('d', { recordedDate: '2020-05-01', onsetDateTime: '2019', code: { coding: [] } }),
  ];

  test('is that of ids unless another is asked for', () => {
    expect(idsFound('Condition?', all.toReversed())).toEqual(['a', 'b', 'c', 'd']);
    expect(idsFound('Condition?_sort=-_id', all)).toEqual(['d', 'c', 'b', 'a']);
  });

  test('follows several rules; what has no value comes last, up or down', () => {
    expect(idsFound('Condition?_sort=recorded-date', all)).toEqual(['b', 'a', 'd', 'c']);
    expect(idsFound('Condition?_sort=-recorded-date', all)).toEqual(['a', 'd', 'b', 'c']);
    expect(idsFound('Condition?_sort=-recorded-date,-_id', all)).toEqual(['d', 'a', 'b', 'c']);
    expect(idsFound('Condition?_sort=-recorded-date&_sort=-_id', all)).toEqual([
      'd',
      'a',
      'b',
      'c',
    ]);
  });

  test('takes of several values the one that comes first in its direction', () => {
    expect(idsFound('Condition?_sort=code', all)).toEqual(['b', 'a', 'c', 'd']);
    expect(idsFound('Condition?_sort=-code', all)).toEqual(['b', 'a', 'c', 'd']);
    expect(idsFound('Condition?_sort=onset-date', all).slice(0, 2)).toEqual(['c', 'd']);
    expect(idsFound('Condition?_sort=-onset-date', all).slice(0, 2)).toEqual(['c', 'd']);
  });

  test('knows every type of parameter but composites', () => {
    const patients = [
      { resourceType: 'Patient', id: '1', birthDate: '1990', name: [{ family: 'Émile' }] },
      { resourceType: 'Patient', id: '2', birthDate: '1980', name: [{ family: 'dora' }] },
      { resourceType: 'Patient', id: '3', deceasedBoolean: true, name: [{ family: 'Zoe' }] },
    ];
    expect(idsFound('Patient?_sort=family', patients)).toEqual(['2', '1', '3']);
    expect(idsFound('Patient?_sort=age', patients)).toEqual(['1', '2', '3']);
    expect(idsFound('Patient?_sort=-age', patients)).toEqual(['2', '1', '3']);
    const observations = [10, 9, 100].map((value, index) => ({
      resourceType: 'Observation',
      id: `${index}`,
      subject: { reference: `Patient/${value}` },
      valueQuantity: { value },
      meta: { profile: [`urn:${value}`] },
    }));
    expect(idsFound('Observation?_sort=value-quantity', observations)).toEqual(['1', '0', '2']);
    expect(idsFound('Observation?_sort=-subject', observations)).toEqual(['1', '2', '0']);
    expect(idsFound('Observation?_sort=_profile', observations)).toEqual(['0', '2', '1']);
    expect(faultsOf('Observation?_sort=code-value-quantity').join()).toContain('composite');
    expect(faultsOf('Patient?_sort=_score').join()).toContain('no search parameter');
  });
});
