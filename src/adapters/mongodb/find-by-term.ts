import type { Filter } from 'mongodb';
import type { TermHit, TermPage, TermRange } from '../../domain/record/demographic-terms.ts';
import type { Collections, PostingDocument } from './documents.ts';
import type { Heads } from './heads.ts';

/**
 * A page of hits. A posting is written before the version that it stands for and deleted after the
 * one that ends it, so none is ever missing; whether it is true is asked of the record's current
 * version.
 */
export async function findByTerm(
  { postings }: Collections,
  heads: Heads,
  range: TermRange,
): Promise<TermPage> {
  const wanted = range.limit + 1;
  const cursor = postings.find(filterOf(range)).sort({ term: 1, record: 1 }).batchSize(wanted);
  const hits: TermHit[] = [];
  let before: TermHit | null = null;
  try {
    while (hits.length < wanted) {
      const asked = await take(cursor, wanted - hits.length);
      if (asked.length === 0) break;
      for (const hit of await trueOnes(heads, asked)) {
        // Two postings for the same stand side by side until the older one is deleted.
        if (hit.term !== before?.term || hit.recordId !== before.recordId) hits.push(hit);
        before = hit;
      }
    }
  } finally {
    await cursor.close();
  }
  return { hits: hits.slice(0, range.limit), more: hits.length > range.limit };
}

function filterOf({ from, to, after }: TermRange): Filter<PostingDocument> {
  const inRange = { term: { $gte: from, $lt: to } };
  if (after === null) return inRange;
  const { term, recordId } = after;
  return {
    $and: [
      inRange,
      { term: { $gte: term } },
      { $or: [{ term: { $gt: term } }, { record: { $gt: recordId } }] },
    ],
  };
}

async function take(
  cursor: { next(): Promise<PostingDocument | null> },
  count: number,
): Promise<TermHit[]> {
  const hits: TermHit[] = [];
  while (hits.length < count) {
    const posting = await cursor.next();
    if (posting === null) break;
    hits.push({ term: posting.term, recordId: posting.record });
  }
  return hits;
}

async function trueOnes(heads: Heads, asked: readonly TermHit[]): Promise<TermHit[]> {
  const current = await Promise.all(asked.map(({ recordId }) => heads.latest(recordId)));
  return asked.filter((hit, n) => current[n]?.terms.some(({ term }) => term === hit.term));
}
