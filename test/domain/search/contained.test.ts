import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { runSearch } from '../../../src/domain/search/run-search.ts';
import { worldOf } from '../../../src/domain/search/world.ts';
import { BASE, condition, pageOf, understood } from './searching.ts';

const medication = (id: string, code: string, more: JsonObject = {}): JsonObject => ({
  resourceType: 'Medication',
  id,
  code: { coding: [{ code }] },
  ...more,
});
const statement = (id: string, contained: readonly JsonObject[]): JsonObject => ({
  resourceType: 'MedicationStatement',
  id,
  contained,
  subject: { reference: 'Patient/p' },
  medicationReference: { reference: `#${contained[0]?.id}` },
});

const RECORD = [
  medication('plain', 'a'),
  statement('s1', [
    medication('m1', 'a', { manufacturer: { reference: '#o' } }),
    maker('o', 'Acme'),
  ]),
  statement('s2', [medication('m1', 'b'), medication('m2', 'a')]),
  { resourceType: 'Organization', id: 'acme', name: 'Acme' },
];

function maker(id: string, name: string): JsonObject {
  return { resourceType: 'Organization', id, name };
}

/** Ids of what is shown, with a fragment for what is shown by itself. */
function found(query: string, record: readonly JsonObject[] = RECORD): string[] {
  return pageOf(`Medication?${query}`, record).matches.map(({ resource, fragment }) =>
    fragment === null ? String(resource.id) : `${resource.id}#${fragment}`,
  );
}

describe('a search of contained resources', () => {
  test('finds none unless it is asked to, and then them alone or both', () => {
    expect(found('code=a')).toEqual(['plain']);
    expect(found('code=a&_contained=false&_containedType=contained')).toEqual(['plain']);
    expect(found('code=a&_contained=true')).toEqual(['s1', 's2']);
    expect(found('code=a&_contained=both')).toEqual(['s1', 's2', 'plain']);
    expect(found('code=b&_contained=both')).toEqual(['s2']);
  });

  test('shows the container once, or each of them by itself', () => {
    expect(found('_contained=true')).toEqual(['s1', 's2']);
    expect(pageOf('Medication?_contained=true', RECORD).total).toBe(2);
    const each = '_contained=true&_containedType=contained';
    expect(found(each)).toEqual(['s1#m1', 's2#m1', 's2#m2']);
    expect(pageOf(`Medication?${each}&_summary=count`, RECORD).total).toBe(3);
    expect(pageOf('Medication?_contained=true&_summary=count', RECORD).total).toBe(2);
  });

  test('follows chains from them to what is contained beside them', () => {
    expect(found('manufacturer.name=Acme&_contained=both')).toEqual(['s1']);
  });

  test('follows the references of their containers by _has, and those of nothing else', () => {
    const has = '_has:MedicationStatement:medication:patient=p';
    const each = '_contained=true&_containedType=contained';
    expect(found(`${has}&${each}`)).toEqual(['s1#m1', 's2#m1']);
    // What another resource has under that id is not what this one contains.
    const other = { ...statement('s3', []), medicationReference: { reference: 'Medication/m2' } };
    expect(found(`${has}&${each}`, [...RECORD, other])).toEqual(['s1#m1', 's2#m1']);
    const revincluded = pageOf(`Medication?${each}&_revinclude=MedicationStatement:medication`, [
      ...RECORD,
      other,
    ]);
    expect(revincluded.included).toEqual([]);
  });

  test('includes what they refer to, and not what is shown already', () => {
    const outside = statement('s4', [
      medication('m', 'c', { manufacturer: { reference: 'Organization/acme' } }),
    ]);
    const page = pageOf('Medication?code=c&_contained=true&_include=Medication:manufacturer', [
      ...RECORD,
      outside,
    ]);
    expect(page.included.map(({ id }) => id)).toEqual(['acme']);
    const observation = (id: string, more: JsonObject) => ({
      resourceType: 'Observation',
      id,
      ...more,
    });
    const member = { hasMember: [{ reference: 'Observation/outer' }] };
    const outer = observation('outer', { contained: [observation('inner', member)] });
    const both = pageOf('Observation?_contained=true&_include=Observation:has-member', [outer]);
    expect([both.matches.length, both.included]).toEqual([1, []]);
  });

  test('goes on page by page, each of them once, in the order that was asked for', () => {
    for (const type of ['container', 'contained']) {
      const query = `Medication?_contained=both&_containedType=${type}&_sort=-code`;
      const whole = pageOf(query, RECORD).matches;
      const search = understood(`${query}&_count=1`);
      const paged = [];
      let page = runSearch(search, RECORD, worldOf(RECORD, BASE));
      paged.push(...page.matches);
      while (page.next !== null) {
        page = runSearch(search, RECORD, worldOf(RECORD, BASE), page.next);
        paged.push(...page.matches);
      }
      expect(paged).toEqual(whole);
      expect(whole[0]).toMatchObject({ resource: { id: 's2' } });
      expect(whole).toHaveLength(type === 'container' ? 3 : 4);
    }
  });

  test('passes over what has no id', () => {
    const nameless = condition('c', { contained: [{ resourceType: 'Medication' }] });
    expect(found('_contained=true', [nameless])).toEqual([]);
  });
});
