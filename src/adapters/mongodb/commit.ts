import type { RecordCommit } from '../../ports/record-commit.ts';
import { type Collections, type Connection, type Head, parseHead } from './documents.ts';
import { type Draft, draftOf } from './draft.ts';
import type { Heads } from './heads.ts';
import { insertEntries } from './insert-entries.ts';
import { deleteNamed, insertAbsent } from './named-documents.ts';
import { freshNonce } from './nonce.ts';
import type { Proofs } from './proofs.ts';

/** What of a draft this attempt has itself written, by `_id`: what it may delete again. */
export type Ahead = Readonly<
  Record<'fragments' | 'postings' | 'audit' | 'claims', ReadonlySet<string>>
>;

/** Commits a version of a record; the life of a commit is told in README.md. */
export async function commitRecord(
  connection: Connection,
  heads: Heads,
  proofs: Proofs,
  commit: RecordCommit,
): Promise<'committed' | 'conflict'> {
  const { id, version } = commit.record;
  if (heads.versionSeen(id) >= version) return 'conflict';
  const draft = draftOf(commit, await predecessor(heads, id, version), freshNonce());
  const ahead = await writeAhead(connection.collections, draft);
  const outcome = await decide(connection, draft);
  if (outcome === 'conflict') {
    await takeBack(connection.collections, ahead);
    return outcome;
  }
  heads.remember(parseHead(draft.head));
  proofs.add(draft.head.nonce);
  await tidyUp(connection.collections, heads, draft);
  return outcome;
}

/** Versions leave no gap: each is written on top of the one before. */
async function predecessor(heads: Heads, id: string, version: number): Promise<Head | null> {
  if (version === 1) return null;
  const before = await heads.version(id, version - 1);
  if (before === null)
    throw new Error('INVARIANT: version n-1 is there before version n is written');
  return before;
}

/** Step 1: everything that the head makes true. Until the head is there, none of it counts. */
export async function writeAhead(collections: Collections, draft: Draft): Promise<Ahead> {
  const [fragments, postings, audit, claims] = await Promise.all([
    insertAbsent(collections.fragments, draft.fragments),
    insertAbsent(collections.postings, draft.postings),
    insertEntries(collections.audit, draft.audit),
    insertAbsent(collections.claims, draft.claims),
    insertAbsent(collections.receipts, draft.receipts),
  ]);
  return { fragments, postings, audit, claims };
}

/**
 * Step 2: the commit, which is the insertion of the head. Whatever went wrong with it, the head
 * that is there now says whose it was. When none is there, ours may still arrive: it is unknown
 * whether we committed, so the error goes on and nothing is taken back.
 */
export async function decide(
  { collections, latestRead }: Connection,
  { head }: Draft,
): Promise<'committed' | 'conflict'> {
  try {
    await collections.heads.insertOne(head);
    return 'committed';
  } catch (error) {
    const options = { ...latestRead, projection: { nonce: 1 } };
    const there = await collections.heads.findOne({ _id: head._id }, options);
    if (there === null) throw error;
    return there.nonce === head.nonce ? 'committed' : 'conflict';
  }
}

/**
 * Step 3, for the winner. Nothing depends on it, so its failure does not undo what was committed.
 */
async function tidyUp(collections: Collections, heads: Heads, draft: Draft): Promise<void> {
  await Promise.allSettled([
    heads.point(draft.head.record, draft.head.version),
    deleteNamed(collections.postings, draft.outdated),
  ]);
}

/**
 * Step 3, for the loser: what it wrote ahead will never count, and what stays of it does no harm.
 */
async function takeBack(collections: Collections, ahead: Ahead): Promise<void> {
  await Promise.allSettled([
    deleteNamed(collections.fragments, ahead.fragments),
    deleteNamed(collections.postings, ahead.postings),
    deleteNamed(collections.audit, ahead.audit),
    deleteNamed(collections.claims, ahead.claims),
  ]);
}
