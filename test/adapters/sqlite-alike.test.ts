import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAlike } from '../../src/adapters/sqlite/alike.ts';

const values = fc.array(fc.jsonValue({ maxDepth: 3 }), { minLength: 1, maxLength: 4 });

test('values are alike exactly when their JSON is the same', () => {
  fc.assert(
    fc.property(values, (all) => {
      for (const one of all) {
        expect(isAlike(one, structuredClone(one))).toBe(true);
        for (const other of all) {
          expect(isAlike(one, other)).toBe(JSON.stringify(one) === JSON.stringify(other));
        }
      }
    }),
  );
});

test.each<[string, unknown, unknown]>([
  ['a field in another place', { a: 1, b: 2 }, { b: 2, a: 1 }],
  ['a field more', { a: 1 }, { a: 1, b: 2 }],
  ['an element more', [1], [1, 2]],
  ['a list where there is an object', ['x'], { 0: 'x' }],
  ['something deep inside', [[{ rule: 'role', withheld: 1 }]], [[{ rule: 'role', withheld: 2 }]]],
  ['nothing where there is something', null, {}],
])('%s makes values differ', (_name, one, other) => {
  expect(isAlike(one, other)).toBe(false);
  expect(isAlike(other, one)).toBe(false);
});
