import { describe, expect, test } from 'vitest';
import { matches, runSearch } from '../../../src/domain/search/run-search.ts';
import { worldOf } from '../../../src/domain/search/world.ts';
import { BASE, condition, pageOf, reading, understood } from './searching.ts';

describe('finding', () => {
  test('leaves out other types', () => {
    const search = understood('Condition?');
    const world = worldOf([], BASE);
    expect(matches(search, condition('a'), world)).toBe(true);
    expect(matches(search, { resourceType: 'Patient', id: 'p' }, world)).toBe(false);
  });

  test('counts all matches, or says no total', () => {
    const all = ['a', 'b', 'c'].map((id) => condition(id));
    expect(pageOf('Condition?_count=2', all)).toMatchObject({ total: 3, next: { id: 'b' } });
    expect(pageOf('Condition?_count=3', all)).toMatchObject({ total: 3, next: null });
    expect(pageOf('Condition?_total=none', all).total).toBeNull();
    expect(pageOf('Condition?_total=estimate', all).total).toBe(3);
    for (const query of ['_summary=count', '_count=0', '_count=0&_total=none']) {
      const empty = { matches: [], included: [], total: 3, next: null };
      expect(pageOf(`Condition?${query}`, all)).toEqual(empty);
    }
  });

  test('gives no more on a page than may be', () => {
    const all = ['a', 'b', 'c'].map((id) => condition(id));
    const read = reading('Condition?_count=1000', { pageSize: { max: 2, default: 1 } });
    if (!read.ok) throw new Error('understood');
    expect(runSearch(read.value, all, worldOf(all, BASE)).matches).toHaveLength(2);
  });
});
