import { expect, test } from 'vitest';
import { isRecordType } from '../../../src/domain/fhir/resource-types.ts';
import { validate } from '../../../src/domain/validation/validate.ts';
import { breakings } from './breakings.ts';
import { examplesIn, HAS_EXAMPLES, publishedExamples } from './definitions.ts';

const R4 = 'http://hl7.org/fhir/StructureDefinition/';
const WAYS = 100;

const EXAMPLES = ['hl7-r4-examples', 'uk-core/examples']
  .flatMap(publishedExamples)
  .concat(examplesIn('profiles/examples'))
  .filter(({ resource }) => isRecordType(String(resource.resourceType)));

test.each(EXAMPLES)(
  '$file, broken in one of a hundred ways, is refused with the place',
  ({ resource }) => {
    const profile = `${R4}${resource.resourceType}`;
    const all = [...breakings(resource)];
    expect(all.length).toBeGreaterThanOrEqual(20);
    // Spread over the whole resource, where there are more than a hundred.
    const step = Math.max(1, all.length / WAYS);
    for (let at = 0; at < all.length; at += step) {
      const { way, expression, resource: broken } = all[Math.floor(at)] ?? all[0] ?? never();
      const places = validate(broken, { profile }).map((issue) => issue.expression);
      expect([way, expression, places]).toEqual([
        way,
        expression,
        expect.arrayContaining([expression]),
      ]);
    }
  },
);

test('there are many examples, with most of them broken in a hundred ways', () => {
  const counts = EXAMPLES.map(({ resource }) => [...breakings(resource)].length);
  if (HAS_EXAMPLES) expect(counts.length).toBeGreaterThan(100);
  expect(counts.filter((count) => count >= WAYS).length).toBeGreaterThan(counts.length / 2);
});

function never(): never {
  throw new Error('there is a first');
}
