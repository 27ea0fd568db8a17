import { describe, expect, test } from 'vitest';
import { ALTERNATIVES_MAX, PARAMETERS_MAX } from '../../../src/domain/search/read-search.ts';
import { RESULT_PARAMETERS } from '../../../src/domain/search/result-parameters.ts';
import { faultsOf, reading, understood } from './searching.ts';

describe('reading a search', () => {
  test('gives all faults at once', () => {
    const wrong = 'Condition?code:in=x&recorded-date=soon&_sort=nothing&foo=1&_count=-1';
    expect(faultsOf(wrong)).toHaveLength(5);
    expect(faultsOf('Condition?code=x&recorded-date=2020&_sort=code&_count=1')).toEqual([]);
  });

  test('refuses an unknown parameter when strict, else passes it over and says so', () => {
    const query = 'Condition?foo=1&code=a&_type=Condition&<b>=1';
    expect(faultsOf(query)).toHaveLength(3);
    const lenient = reading(query, { strict: false });
    expect(lenient).toMatchObject({
      ok: true,
      value: { ignored: ['foo', '_type', 'with an unusual name'], used: [['code', 'a']] },
    });
  });

  test('is never lenient with a known parameter that it cannot obey', () => {
    for (const query of [
      'code:above=x',
      'code:foo=x',
      'recorded-date=x',
      'code=',
      '_summary=all',
    ]) {
      expect(reading(`Condition?${query}`, { strict: false }).ok).toBe(false);
    }
  });

  test('refuses what it cannot search by, lenient or not', () => {
    for (const name of ['_text', '_content', '_filter', '_list', '_query', '_text:contains']) {
      const read = reading(`Condition?${name}=a`, { strict: false });
      expect(read.ok ? [] : read.problem.issues).toMatchObject([{ code: 'not-supported' }]);
    }
  });

  test('lists what was used as it was sent, without what was obeyed before', () => {
    expect(understood('Condition?_format=json&code=a\\,b&_pretty=true&_count=2').used).toEqual([
      ['code', 'a\\,b'],
      ['_count', '2'],
    ]);
  });

  test('uses without evaluating what others have obeyed', () => {
    const obeyed = (name: string): boolean => name === 'patient';
    const read = reading('Condition?patient=anybody&code=a', { obeyed });
    expect(read).toMatchObject({
      ok: true,
      value: {
        used: [
          ['patient', 'anybody'],
          ['code', 'a'],
        ],
      },
    });
    expect(read.ok && read.value.conditions.length).toBe(1);
  });

  test('takes so many parameters and no more', () => {
    const many = (n: number): string => `Condition?${'code=a&'.repeat(n)}`;
    expect(faultsOf(many(PARAMETERS_MAX))).toEqual([]);
    expect(faultsOf(many(PARAMETERS_MAX + 50))).toHaveLength(1);
  });

  test('takes so many alternatives in all and no more', () => {
    const list = (n: number): string => Array.from({ length: n }, (_, i) => `${i}`).join(',');
    expect(faultsOf(`Patient?_id=${list(ALTERNATIVES_MAX)}`)).toEqual([]);
    expect(faultsOf(`Patient?_id=${list(ALTERNATIVES_MAX)}&gender=male`)).toHaveLength(1);
  });

  test('refuses result parameters that say nothing, twice, or against each other', () => {
    expect(faultsOf('Condition?_count=x').join()).toContain('no whole number');
    expect(faultsOf('Condition?_count=1&_count=2').join()).toContain('given twice');
    expect(faultsOf('Condition?_total=many').join()).toContain('is none of');
    expect(faultsOf('Condition?_elements=code,foo').join()).toContain('no element');
    expect(faultsOf('Condition?_summary=text&_include=Condition:patient').join()).toContain('go');
    expect(faultsOf('Condition?_summary=true&_elements=code').join()).toContain('go together');
    expect(faultsOf('Condition?_summary=false&_elements=code')).toEqual([]);
    expect(faultsOf('Condition?_count:exact=1').join()).toContain('no modifier');
    expect(faultsOf('Condition?_contained=false&_containedType=container')).toEqual([]);
    expect(faultsOf('Condition?_contained=both&_containedType=contained')).toEqual([]);
    expect(faultsOf('Condition?_contained=yes').join()).toContain('false, true, both');
    expect(faultsOf('Condition?_containedType=all').join()).toContain('container, contained');
    expect(faultsOf('Condition?_contained=true&_contained=both').join()).toContain('twice');
  });

  test('knows each result parameter that it claims', () => {
    const claimed: readonly string[] = RESULT_PARAMETERS;
    for (const name of claimed)
      expect(faultsOf(`Condition?${name}=`).join()).not.toContain('not supported');
    expect(faultsOf('Condition?_score=').join()).toContain('not supported');
  });
});
