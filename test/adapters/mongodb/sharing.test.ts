import { describe, expect, it } from 'vitest';
import { BoundedCache } from '../../../src/adapters/mongodb/bounded-cache.ts';
import { GroupCommit } from '../../../src/adapters/mongodb/group-commit.ts';
import { SharedLookUps } from '../../../src/adapters/mongodb/shared-look-ups.ts';
import { Turns } from '../../../src/adapters/mongodb/turns.ts';

/** Work that ends when told to, in order of its beginning. */
function controlled<A, R>() {
  const begun: { readonly asked: A; readonly end: (how: R | Error) => void }[] = [];
  const work = (asked: A): Promise<R> =>
    new Promise((resolve, reject) => {
      begun.push({ asked, end: (how) => (how instanceof Error ? reject(how) : resolve(how)) });
    });
  return { begun, work };
}

async function settle(): Promise<void> {
  await new Promise((done) => setImmediate(done));
}

describe('a group commit', () => {
  it('sends at once, and meanwhile gathers the next command', async () => {
    const { begun, work } = controlled<readonly string[], ReadonlySet<string>>();
    const group = new GroupCommit(work);
    const first = group.add(['a']);
    await settle();
    const others = [group.add(['b']), group.add(['c', 'd'])];
    await settle();
    expect(begun.map(({ asked }) => asked)).toEqual([['a']]);
    begun[0]?.end(new Set(['a']));
    await first;
    await settle();
    expect(begun.map(({ asked }) => asked)).toEqual([['a'], ['b', 'c', 'd']]);
    begun[1]?.end(new Set(['b']));
    expect(await Promise.all(others)).toEqual([new Set(['b']), new Set(['b'])]);
  });

  it('tells of a failure those whom it carried, and nobody after them', async () => {
    const { begun, work } = controlled<readonly string[], ReadonlySet<string>>();
    const group = new GroupCommit(work);
    const failing = expect(group.add(['a'])).rejects.toThrow('down');
    await settle();
    const next = group.add(['b']);
    begun[0]?.end(new Error('down'));
    await failing;
    await settle();
    begun[1]?.end(new Set(['b']));
    expect(await next).toEqual(new Set(['b']));
  });
});

describe('shared look-ups', () => {
  it('never answer with what was looked up before the question', async () => {
    const { begun, work } = controlled<string, number>();
    const shared = new SharedLookUps(work);
    const first = shared.ask('x');
    const later = [shared.ask('x'), shared.ask('x')];
    expect(begun).toHaveLength(1);
    begun[0]?.end(1);
    expect(await first).toBe(1);
    await settle();
    expect(begun).toHaveLength(2);
    begun[1]?.end(2);
    expect(await Promise.all(later)).toEqual([2, 2]);
  });

  it('go on after one failed, and do not mix what is asked', async () => {
    const { begun, work } = controlled<string, number>();
    const shared = new SharedLookUps(work);
    const failing = expect(shared.ask('x')).rejects.toThrow('down');
    const next = shared.ask('x');
    const other = shared.ask('y');
    begun[0]?.end(new Error('down'));
    await failing;
    await settle();
    for (const { asked, end } of begun.slice(1)) end(asked === 'x' ? 1 : 2);
    expect(await Promise.all([next, other])).toEqual([1, 2]);
  });
});

describe('turns', () => {
  it('are taken one at a time for the same thing, also after a failure', async () => {
    const { begun, work } = controlled<string, string>();
    const turns = new Turns();
    const failing = expect(turns.take('x', () => work('first'))).rejects.toThrow('down');
    const second = turns.take('x', () => work('second'));
    const other = turns.take('y', () => work('other'));
    await settle();
    expect(begun.map(({ asked }) => asked)).toEqual(['first', 'other']);
    begun[0]?.end(new Error('down'));
    await failing;
    await settle();
    for (const { asked, end } of begun.slice(1)) end(asked);
    expect(await Promise.all([second, other])).toEqual(['second', 'other']);
  });
});

describe('a bounded cache', () => {
  it('lets go of what was used longest ago', () => {
    const cache = new BoundedCache<string>(10);
    cache.set('a', 'A', 4);
    cache.set('b', 'B', 4);
    expect(cache.get('a')).toBe('A');
    cache.set('c', 'C', 4);
    expect(cache.get('b')).toBeUndefined();
    expect([cache.get('a'), cache.get('c')]).toEqual(['A', 'C']);
  });

  it('weighs a value anew when it is replaced, and keeps none that is too heavy', () => {
    const cache = new BoundedCache<string>(10);
    cache.set('a', 'A', 9);
    cache.set('a', 'small', 1);
    cache.set('b', 'B', 9);
    expect([cache.get('a'), cache.get('b')]).toEqual(['small', 'B']);
    cache.set('c', 'C', 11);
    expect([cache.get('b'), cache.get('c')]).toEqual(['B', undefined]);
  });
});
