import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { describe, expect, test } from 'vitest';
import type { Definitions } from '../../../src/cli/generate-definitions.ts';
import { isObject, type Json, type JsonObject } from '../../../src/domain/fhir/json.ts';
import { nativeRules, rulesOf } from '../../../src/domain/validation/rules/registry.ts';
import { definitionsOfR4, gpRecords, HAS_DEFINITIONS, publishedExamples } from './definitions.ts';
import { POOLS, RESOURCES } from './invariant-pools.ts';
import { objectsByPath } from './objects-by-path.ts';

/** R4's own words for every native rule, by `path key`. */
const EXPRESSIONS: ReadonlyMap<string, string> = expressionsOf(await definitionsOfR4());

function expressionsOf({ structures }: Definitions): ReadonlyMap<string, string> {
  const native = new Set(nativeRules());
  const found = new Map<string, string>();
  for (const [id, { type, snapshot }] of structures) {
    for (const { path, constraint = [] } of snapshot?.element ?? []) {
      const place = path === type ? id : path;
      for (const { key, expression } of constraint) {
        if (native.has(`${place} ${key}`) && expression) found.set(`${place} ${key}`, expression);
      }
    }
  }
  return found;
}

/** What FHIRPath says of a rule; null where it says nothing, as of dates of two precisions. */
function oracle(expression: string, path: string, value: JsonObject, resource: JsonObject) {
  const base = path === 'SimpleQuantity' ? 'Quantity' : path;
  const environment = { resource, rootResource: resource, ucum: 'http://unitsofmeasure.org' };
  // Without it, fhirpath writes what it traces, references among them, to the output.
  const answer = fhirpath.evaluate(value, { base, expression }, environment, r4, {
    async: false,
    traceFn: () => undefined,
  });
  return answer.length === 1 && typeof answer[0] === 'boolean' ? answer[0] : null;
}

/** Where rule and FHIRPath disagree on a value. */
function disagreements(path: string, value: JsonObject, resource: JsonObject): readonly string[] {
  return rulesOf(path).flatMap(({ key, holds }) => {
    const expression = EXPRESSIONS.get(`${path} ${key}`);
    const answer = expression === undefined ? null : oracle(expression, path, value, resource);
    if (answer === null || answer === holds(value)) return [];
    return [`${path} ${key}: R4 says ${answer} of ${JSON.stringify(value).slice(0, 300)}`];
  });
}

const SAMPLES_MAX = 600;
const STRIDE = 100_003;

/** Some of the ways to fill the elements of a pool: each is absent, or one of its values. */
function samplesOf(pool: Readonly<Record<string, readonly Json[]>>): readonly JsonObject[] {
  const names = Object.keys(pool);
  const ways = names.reduce((count, name) => count * ((pool[name]?.length ?? 0) + 1), 1);
  const count = Math.min(ways, SAMPLES_MAX);
  const samples: JsonObject[] = [];
  for (let index = 0; index < count; index += 1) {
    // A stride that shares no factor with the number of ways visits none of them twice.
    let rest = count === ways ? index : (index * STRIDE) % ways;
    const sample: Record<string, Json> = {};
    for (const name of names) {
      const values = pool[name] ?? [];
      const choice = rest % (values.length + 1);
      rest = Math.floor(rest / (values.length + 1));
      if (choice > 0) sample[name] = values[choice - 1] as Json;
    }
    if (Object.keys(sample).length > 0) samples.push(sample);
  }
  return samples;
}

describe.skipIf(!HAS_DEFINITIONS)('a native rule', () => {
  test('is one of R4, and says what R4 says in FHIRPath', () => {
    expect([...EXPRESSIONS.keys()].sort()).toEqual([...nativeRules()].sort());
  });

  test.each(Object.keys(POOLS))('of %s agrees with FHIRPath on every way to fill it', (path) => {
    // A Bundle without its type is refused for that; what follows for its entries is undefined.
    const samples = samplesOf(POOLS[path] ?? {}).filter((each) => path !== 'Bundle' || each.type);
    const broken = rulesOf(path).filter(({ holds }) => samples.some((each) => !holds(each)));
    const kept = rulesOf(path).filter(({ holds }) => samples.some(holds));
    // A rule that no sample breaks, or that none keeps, would not be tested here.
    expect(broken.map(({ key }) => key)).toEqual(rulesOf(path).map(({ key }) => key));
    expect(kept.map(({ key }) => key)).toEqual(rulesOf(path).map(({ key }) => key));
    const resource = { resourceType: RESOURCES.includes(path) ? path : 'Basic' };
    const found = samples.flatMap((each) => {
      const value = RESOURCES.includes(path) ? { resourceType: path, ...each } : each;
      return disagreements(path, value, RESOURCES.includes(path) ? value : resource);
    });
    expect(found).toEqual([]);
  });

  test('agrees with FHIRPath on the published examples, and with each element taken away', () => {
    const resources = [
      ...publishedExamples('hl7-r4-examples'),
      ...publishedExamples('uk-core/examples'),
      ...gpRecords().slice(0, 1),
    ];
    const found = resources.flatMap(({ file, resource }) =>
      objectsByPath(resource).flatMap(({ path, value }) =>
        [value, ...withoutEach(value)].flatMap((each) =>
          disagreements(path, each, resource).map((words) => `${file}: ${words}`),
        ),
      ),
    );
    expect(found).toEqual([]);
  });

  test('has a pool of values, each of them', () => {
    const paths = new Set(nativeRules().map((each) => each.split(' ')[0]));
    expect([...paths].filter((path) => path !== undefined && !(path in POOLS))).toEqual([]);
  });
});

/** The value without each of its elements in turn; of big ones the first ten. */
function withoutEach(value: JsonObject): readonly JsonObject[] {
  return Object.keys(value)
    .slice(0, 10)
    .filter((name) => name !== 'resourceType' && (!Array.isArray(value[name]) || isSmall(value)))
    .map((name) => Object.fromEntries(Object.entries(value).filter(([each]) => each !== name)));
}

function isSmall(value: JsonObject): boolean {
  return !isObject(value.entry) && JSON.stringify(value).length < 10_000;
}
