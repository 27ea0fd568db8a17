import fc from 'fast-check';
import { expect, test } from 'vitest';
import { queryText } from '../../../src/domain/search/query-text.ts';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[A-Za-z0-9_*.=&+ ~!'()-]*$/),
);

test('a query is what the platform would write', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
      expect(queryText(pairs)).toBe(new URLSearchParams(pairs).toString());
    }),
  );
});
