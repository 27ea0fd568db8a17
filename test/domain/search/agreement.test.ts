import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { elementsAt } from '../../../src/domain/search/elements-at.ts';
import { parametersOf } from '../../../src/domain/search/parameters.ts';
import { readSearch } from '../../../src/domain/search/read-search.ts';
import { runSearch } from '../../../src/domain/search/run-search.ts';
import { isSearchType, type SearchType } from '../../../src/domain/search/search-types.ts';
import { worldOf } from '../../../src/domain/search/world.ts';
import { NOT_COMPARED, parameterFor } from './asked.ts';
import { type Asked, definitionOf, naivelyFinds, type Resource, valuesOf } from './naive.ts';
import { GENERATED_TYPES, RECORD } from './records.ts';
import { BASE, NOW } from './searching.ts';

const RUNS = 1_000;
const OPTIONS = { strict: true, baseUrl: BASE, now: NOW, pageSize: { max: 100, default: 100 } };

const CHAINS: readonly (readonly [SearchType, string, SearchType])[] = [
  ['Condition', 'subject:Patient.', 'Patient'],
  ['MedicationStatement', 'patient.', 'Patient'],
  ['Observation', 'has-member:Observation.', 'Observation'],
  ['Condition', 'evidence-detail:Condition.patient.', 'Patient'],
  ['Patient', '_has:Condition:patient:', 'Condition'],
  ['Patient', '_has:MedicationStatement:subject:', 'MedicationStatement'],
  ['Observation', '_has:Observation:has-member:_has:Condition:evidence-detail:', 'Condition'],
  ['Patient', '_has:Observation:patient:has-member:Observation.', 'Observation'],
  ['Provenance', 'target:Condition.', 'Condition'],
  ['Provenance', 'entity:Observation.', 'Observation'],
  ['Condition', '_has:Provenance:target:', 'Provenance'],
  ['DocumentReference', 'related:Condition.', 'Condition'],
  ['Patient', '_has:DocumentReference:subject:', 'DocumentReference'],
];

/** Compares one search; the number of its matches. */
function agrees(type: SearchType, asked: readonly Asked[], record: readonly Resource[]): number {
  const read = readSearch(type, asked, OPTIONS);
  if (!read.ok) throw new Error(JSON.stringify([asked, read.problem.issues]));
  const resources = record as unknown as readonly JsonObject[];
  const found = runSearch(read.value, resources, worldOf(resources, BASE));
  const expected = record
    .filter((each) => each.resourceType === type)
    .filter((each) => asked.every((one) => naivelyFinds(each, one, { record, now: NOW })))
    .map(({ id }) => id);
  expect(found.matches.map(({ resource }) => resource.id)).toEqual(expected.sort());
  expect(found.total).toBe(expected.length);
  return expected.length;
}

describe('search agrees with a naive reading of the definitions', () => {
  test.each(GENERATED_TYPES.filter(isSearchType))('on every parameter of %s', (type) => {
    const asked = fc.array(parameterFor(type), { minLength: 1, maxLength: 2 });
    let matched = 0;
    fc.assert(
      fc.property(RECORD, asked, (record, all) => {
        matched += agrees(type, all, record);
      }),
      { numRuns: RUNS },
    );
    // Had nothing been found, agreement would say nothing.
    expect(matched).toBeGreaterThan(RUNS / 10);
  });

  test('on chains and on _has', () => {
    const asked = fc
      .constantFrom(...CHAINS)
      .chain(([type, start, end]) =>
        parameterFor(end).map(([name, value]) => ({ type, name: `${start}${name}`, value })),
      );
    fc.assert(
      fc.property(RECORD, asked, (record, { type, name, value }) => {
        agrees(type, [[name, value]], record);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('pages', () => {
  test('put together are the whole, in its order, whatever it is sorted by', () => {
    const sorts = parametersOf('Observation').filter(({ type }) => type !== 'composite');
    const rule = fc
      .tuple(fc.constantFrom('', '-'), fc.constantFrom(...sorts))
      .map(([sign, { name }]) => `${sign}${name}`);
    const rules = fc.array(rule, { minLength: 1, maxLength: 3 }).map((all) => all.join(','));
    fc.assert(
      fc.property(RECORD, rules, fc.integer({ min: 1, max: 3 }), (record, sort, count) => {
        const resources = record as unknown as readonly JsonObject[];
        const world = worldOf(resources, BASE);
        const ask = (size: number) => {
          const read = readSearch(
            'Observation',
            [
              ['_sort', sort],
              ['_count', `${size}`],
            ],
            OPTIONS,
          );
          if (!read.ok) throw new Error(JSON.stringify(read.problem));
          return read.value;
        };
        const whole = runSearch(ask(100), resources, world).matches;
        const paged: (typeof whole)[number][] = [];
        let page = runSearch(ask(count), resources, world);
        for (;;) {
          paged.push(...page.matches);
          if (page.next === null) break;
          const sent = JSON.parse(JSON.stringify(page.next)) as typeof page.next;
          page = runSearch(ask(count), resources.toReversed(), world, sent);
        }
        expect(paged).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });
});

const HL7 = new URL('../../../../shared/data/hl7-r4-examples/', import.meta.url);

describe.runIf(existsSync(HL7))('on HL7’s examples', () => {
  const examples = (existsSync(HL7) ? readdirSync(HL7) : [])
    .filter((file) => /^[A-Z]\w+-.*\.json$/.test(file))
    .map((file) => JSON.parse(readFileSync(new URL(file, HL7), 'utf8')) as Resource)
    .filter(({ resourceType }) => isSearchType(resourceType));

  test('the paths of the tables lead to what FHIRPath finds', () => {
    let compared = 0;
    for (const resource of examples) {
      const world = worldOf([], BASE);
      const content = resource as unknown as JsonObject;
      const place = { resource: content, world };
      for (const parameter of parametersOf(resource.resourceType as SearchType)) {
        const definition = definitionOf(resource.resourceType, parameter.name);
        if (definition?.expression === undefined || parameter.name === 'deceased') continue;
        const expected = valuesOf(resource, definition);
        const found = parameter.paths.flatMap((path) => elementsAt(path, content, place));
        expect([resource.resourceType, parameter.name, textsOf(found)]).toEqual([
          resource.resourceType,
          parameter.name,
          textsOf(expected),
        ]);
        compared += found.length;
      }
    }
    expect(compared).toBeGreaterThan(500);
  });

  test('each is found by what it says, and by what it does not lack', () => {
    for (const resource of examples) {
      const type = resource.resourceType as SearchType;
      for (const parameter of parametersOf(type).filter((each) => each.type !== 'composite')) {
        if (NOT_COMPARED.includes(parameter.name) || parameter.name === 'deceased') continue;
        for (const value of ['true', 'false']) {
          const asked: Asked = [`${parameter.name}:missing`, value];
          if (parameter.type === 'reference' || parameter.type === 'token') {
            agrees(type, [asked], [resource]);
          }
        }
      }
    }
  });
});

function textsOf(values: readonly unknown[]): readonly string[] {
  return [...new Set(values.map((each) => JSON.stringify(each)))].sort();
}
