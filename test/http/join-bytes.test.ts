import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinBytes } from '../../src/http/join-bytes.ts';

it('joins pieces of any length, and no answer is changed by those that come after it', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 6_000 }), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 1, maxLength: 30 }), (answers) => {
      const joined = answers.map(joinBytes);
      const plain = answers.map((each) => Buffer.concat(each));
      for (const [n, each] of joined.entries()) expect(each.equals(plain[n] as Buffer)).toBe(true);
    }),
    { numRuns: 50 },
  );
});
