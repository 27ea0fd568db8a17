import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../src/domain/fhir/json.ts';
import { JSON_DEPTH_MAX } from '../../../src/domain/limits.ts';
import { buildProfiles } from '../../../src/domain/validation/profiles.ts';
import { walkResource } from '../../../src/domain/validation/structure.ts';
import { validate } from '../../../src/domain/validation/validate.ts';
import { ISSUES_MAX, Walk } from '../../../src/domain/validation/walk.ts';
import { MODEL } from './objects-by-path.ts';

const NO_PROFILES = buildProfiles({}, {});

function stepsFor(resource: JsonObject): number {
  const walk = new Walk(MODEL, NO_PROFILES, 'Patient');
  walkResource(resource, walk);
  return walk.steps;
}

const patientWith = (count: number, name: JsonObject): JsonObject => ({
  resourceType: 'Patient',
  name: Array.from({ length: count }, () => name),
});

describe('the work', () => {
  test('grows with the size of what is valid, and no faster', () => {
    const name = { family: 'x', given: ['a', 'b'] };
    const [small, large] = [100, 10_000].map((count) => stepsFor(patientWith(count, name)));
    expect(large).toBe(100 * (small ?? 0));
  });

  test('ends where there are enough issues', () => {
    const [small, large] = [1_000, 100_000].map((count) => stepsFor(patientWith(count, {})));
    expect(small).toBe(ISSUES_MAX);
    expect(large).toBe(ISSUES_MAX);
  });
});

describe('the answer', () => {
  test('lists so many issues and says that there may be more', () => {
    const issues = validate(patientWith(5_000, {}));
    expect(issues).toHaveLength(ISSUES_MAX + 1);
    expect(issues.at(-1)?.rule).toBe('issues-max');
  });

  test('is bounded for unknown elements too', () => {
    const names = Array.from({ length: 5_000 }, (_, n) => [`unknown${n}`, 1] as const);
    const issues = validate({ resourceType: 'Patient', ...Object.fromEntries(names) });
    expect(issues).toHaveLength(ISSUES_MAX + 1);
  });
});

test('what nests deeper than JSON may is refused and not followed', () => {
  let extension: Json = [{ url: 'https://example.org/x', valueString: 'x' }];
  for (let depth = 0; depth < 5 * JSON_DEPTH_MAX; depth += 1) {
    extension = [{ url: 'https://example.org/x', extension }];
  }
  const issues = validate({ resourceType: 'Organization', name: 'x', extension });
  expect(issues.map(({ rule }) => rule)).toEqual(['depth']);
});
