import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../src/domain/fhir/json.ts';
import { validate } from '../../../src/domain/validation/validate.ts';
import { examplesIn } from './definitions.ts';
import { GONE, type Mutant } from './mutant.ts';
import { MUTANTS } from './mutants.ts';

/** Examples that the server has no profile for by type, and what they are held to. */
const PROFILES: Readonly<Record<string, string>> = {
  'Bundle-submission': 'https://scr.example/fhir/StructureDefinition/scr-submission',
  'Composition-composition': 'https://scr.example/fhir/StructureDefinition/scr-Composition',
};

const EXAMPLES = examplesIn('profiles/examples');

describe.each(Object.entries(MUTANTS))('a broken %s', (name, mutants) => {
  test.each(mutants.map((each) => [titleOf(each), each] as const))('%s', (_title, mutant) => {
    const [at, , rule, place = expressionOf(at)] = mutant;
    const broken = mutate(exampleNamed(name), mutant);
    const profile = PROFILES[name];
    const issues = validate(broken, profile === undefined ? {} : { profile });
    const type = String(exampleNamed(name).resourceType);
    const whole = place.startsWith('Resource') ? place : place === '' ? type : `${type}.${place}`;
    expect(issues.map((each) => `${each.rule} ${each.expression}`)).toContain(`${rule} ${whole}`);
  });
});

test('the table is long, and each of its examples is valid when it is not broken', () => {
  expect(Object.values(MUTANTS).flat().length).toBeGreaterThanOrEqual(180);
  for (const name of Object.keys(MUTANTS)) {
    const profile = PROFILES[name];
    const resource = exampleNamed(name);
    expect(validate(resource, profile === undefined ? {} : { profile })).toEqual([]);
  }
});

test('an issue repeats nothing of what was sent', () => {
  const secret = 'Zzyzx';
  for (const [name, mutants] of Object.entries(MUTANTS)) {
    for (const [at] of mutants) {
      const broken = mutate(exampleNamed(name), [at, secret, '']);
      expect(JSON.stringify(validate(broken))).not.toContain(secret);
    }
  }
});

test('an unknown element is named only where its name is plain', () => {
  const patient = exampleNamed('Patient-patient');
  const issues = validate({ ...patient, '<b>x</b>': 1 });
  expect(issues.map(({ expression }) => expression)).toEqual(['Patient']);
});

test('all faults are reported at once', () => {
  const statement = exampleNamed('MedicationStatement-medication-statement');
  const { subject: _subject, ...rest } = statement;
  const issues = validate({ ...rest, status: 'taking', dateAsserted: 'today', colour: 1 });
  expect(issues.map(({ rule }) => rule).sort()).toEqual([
    'binding',
    'dateTime',
    'required',
    'unknown-element',
  ]);
});

function titleOf([at, value, rule]: Mutant): string {
  const text = value === GONE ? 'no value' : (JSON.stringify(value) ?? '').slice(0, 60);
  return `with ${text} at ${at} breaks ${rule}`;
}

function exampleNamed(name: string): JsonObject {
  const found = EXAMPLES.find(({ file }) => file.endsWith(`/${name}.json`));
  if (found === undefined) throw new Error(`there is no example ${name}`);
  return found.resource;
}

/** `dosage.0.timing` as the FHIRPath `dosage[0].timing`. */
function expressionOf(at: string): string {
  return at.replace(/\.(\d+)/g, '[$1]');
}

/** A copy with one change; what lies on the way and is missing is made. */
function mutate(resource: JsonObject, [at, value]: Mutant): JsonObject {
  const copy = structuredClone(resource) as Record<string, unknown>;
  const names = at.split('.');
  const last = names.pop() ?? '';
  let owner = copy;
  for (const name of names) {
    owner[name] ??= {};
    owner = owner[name] as Record<string, unknown>;
  }
  if (value === GONE) delete owner[last];
  else owner[last] = value as Json;
  return copy as JsonObject;
}
