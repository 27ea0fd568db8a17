import { describe, expect, it, vi } from 'vitest';
import { keptPer } from '../../src/domain/kept-per.ts';

describe('What is kept for an object', () => {
  const worked = () => vi.fn((key: { readonly n: number }) => ({ twice: key.n * 2 }));
  const [a, b] = [{ n: 1 }, { n: 2 }];

  it('is what was worked out for that one', () => {
    const kept = keptPer(worked());
    for (const key of [a, b, a, b, b, a]) expect(kept(key)).toEqual({ twice: key.n * 2 });
  });

  it('is worked out once while nothing else is asked for', () => {
    const work = worked();
    const kept = keptPer(work);
    for (const key of [a, a, a]) kept(key);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('is worked out once more when it is asked for again later, and never after that', () => {
    const work = worked();
    const kept = keptPer(work);
    for (const key of [a, b, a, b, a, b, a]) kept(key);
    expect(work.mock.calls.map(([key]) => key)).toEqual([a, b, a, b]);
  });
});
