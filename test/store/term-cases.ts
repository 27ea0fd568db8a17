import { expect, it } from 'vitest';
import type { TermHit, TermRange } from '../../src/domain/record/demographic-terms.ts';
import type { Store } from '../../src/ports/store.ts';
import { aCommit, aRecord, recordId } from '../support/records.ts';
import type { Opened } from './contract.ts';

/** The demographic index. */
export function termCases(opened: Opened): void {
  it('takes the start of a range in and leaves its end out', async () => {
    const { store } = opened();
    await addTerms(store, 1, ['family:a', 'family:b', 'family:c', 'given:b']);
    expect(await termsIn(store, 'family:a', 'family:c')).toEqual(['family:a', 'family:b']);
    expect(await termsIn(store, 'family:b', 'family:b')).toEqual([]);
    expect(await termsIn(store, 'family:', 'family;')).toHaveLength(3);
  });

  it('answers in order of term, then of record', async () => {
    const { store } = opened();
    await addTerms(store, 3, ['b', 'a']);
    await addTerms(store, 1, ['b']);
    await addTerms(store, 2, ['a']);
    expect(await hitsIn(store, 'a', 'z')).toEqual([
      hit('a', 2),
      hit('a', 3),
      hit('b', 1),
      hit('b', 3),
    ]);
  });

  it.each([1, 2, 3, 7])('pages by %i without a gap or a repeat', async (limit) => {
    const { store } = opened();
    for (let n = 1; n <= 4; n += 1) await addTerms(store, n, ['a', 'b', `c${n}`]);
    const all = await hitsIn(store, 'a', 'd');
    expect(all).toHaveLength(12);
    const paged: TermHit[] = [];
    let range: TermRange = { from: 'a', to: 'd', after: null, limit };
    for (let page = 0; page < 13; page += 1) {
      const { hits, more } = await store.findByTerm(range);
      paged.push(...hits);
      expect(more).toBe(paged.length < all.length);
      expect(hits.length).toBe(Math.min(limit, all.length - paged.length + hits.length));
      const last = hits.at(-1);
      if (!more || last === undefined) break;
      range = { ...range, after: last };
    }
    expect(paged).toEqual(all);
  });

  it('says that no more follows when the page is exactly full', async () => {
    const { store } = opened();
    await addTerms(store, 1, ['a', 'b']);
    const full = await store.findByTerm({ from: 'a', to: 'z', after: null, limit: 2 });
    expect(full.more).toBe(false);
    const short = await store.findByTerm({ from: 'a', to: 'z', after: null, limit: 1 });
    expect(short.more).toBe(true);
  });

  it('no longer finds a term that a later version removed', async () => {
    const { store } = opened();
    await addTerms(store, 1, ['family:smith', 'given:ann']);
    await addTerms(store, 2, ['family:smith']);
    const change = { termsAdded: ['family:jones'], termsRemoved: ['family:smith'] };
    await store.commit(aCommit(aRecord({ version: 2 }), change));
    expect(await hitsIn(store, 'family:', 'family;')).toEqual([
      hit('family:jones', 1),
      hit('family:smith', 2),
    ]);
    expect(await termsIn(store, 'given:', 'given;')).toEqual(['given:ann']);
  });

  it('takes a term that is added twice as one, and one removed in vain as nothing', async () => {
    const { store } = opened();
    await addTerms(store, 1, ['a']);
    const again = { termsAdded: ['a', 'b'], termsRemoved: ['never'] };
    expect(await store.commit(aCommit(aRecord({ version: 2 }), again))).toBe('committed');
    expect(await termsIn(store, 'a', 'z')).toEqual(['a', 'b']);
  });

  it('compares byte by byte: case, accents and trailing blanks matter', async () => {
    const { store } = opened();
    const terms = ['jose', 'JOSE', 'josé', 'jose\u0301', 'jose ', 'Jose', 'straße', 'strasse'];
    for (const [n, term] of terms.entries()) await addTerms(store, n + 1, [term]);
    for (const [n, term] of terms.entries()) {
      expect(await hitsIn(store, term, `${term}\u0001`)).toEqual([hit(term, n + 1)]);
    }
  });

  it('orders as UTF-8 does, not as UTF-16 does', async () => {
    const { store } = opened();
    const inOrder = ['Z', 'a', 'z', 'é', 'א', '\uFFFD', '😀'];
    await addTerms(store, 1, inOrder.toReversed());
    expect(await termsIn(store, 'A', '\u{10FFFF}')).toEqual(inOrder);
  });
}

function hit(term: string, n: number): TermHit {
  return { term, recordId: recordId(n) };
}

async function addTerms(store: Store, n: number, termsAdded: readonly string[]): Promise<void> {
  const outcome = await store.commit(aCommit(aRecord({ id: recordId(n) }), { termsAdded }));
  expect(outcome).toBe('committed');
}

async function hitsIn(store: Store, from: string, to: string): Promise<readonly TermHit[]> {
  return (await store.findByTerm({ from, to, after: null, limit: 100 })).hits;
}

async function termsIn(store: Store, from: string, to: string): Promise<readonly string[]> {
  return (await hitsIn(store, from, to)).map(({ term }) => term);
}
