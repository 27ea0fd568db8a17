import { type Collection, MongoNetworkError } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../../src/adapters/mongodb/commit.ts';
import type { Connection, HeadDocument } from '../../../src/adapters/mongodb/documents.ts';
import { draftOf } from '../../../src/adapters/mongodb/draft.ts';
import type { RecordCommit } from '../../../src/ports/record-commit.ts';
import { type MongoFixture, openMongoFixture, serverUrl } from '../../support/mongodb.ts';
import {
  aClaim,
  aCommit,
  aFragment,
  anAuditEntry,
  aReceipt,
  aRecord,
  recordId,
} from '../../support/records.ts';

const LOST = new MongoNetworkError('the connection was lost');

// Skipped only where no MongoDB-protocol server can be had; the global setup says so loudly.
describe.skipIf(serverUrl === null)('the head of a commit to MongoDB', () => {
  let fixture: MongoFixture;
  beforeEach(async () => {
    fixture = await openMongoFixture();
  });
  afterEach(() => fixture.dispose());

  it('is recognised as ours when it arrived although no answer came back', async () => {
    const lossy = withInsert(fixture.raw, async (head) => {
      await fixture.raw.collections.heads.insertOne(head);
      throw LOST;
    });
    expect(await decide(lossy, draftOf(aCommit(aRecord()), null, 'ours'))).toBe('committed');
    expect(await fixture.store.currentRecord(recordId(1))).toEqual(aRecord());
  });

  it('is recognised as another’s when that one was first', async () => {
    await fixture.store.commit(aCommit(aRecord()));
    const lossy = withInsert(fixture.raw, () => Promise.reject(LOST));
    expect(await decide(lossy, draftOf(aCommit(aRecord()), null, 'ours'))).toBe('conflict');
  });

  it('leaves it open when it did not arrive: it still may', async () => {
    const lossy = withInsert(fixture.raw, () => Promise.reject(LOST));
    const draft = draftOf(aCommit(aRecord()), null, 'ours');
    await expect(decide(lossy, draft)).rejects.toBe(LOST);
  });

  it('leaves nothing behind of the writer that came second', async () => {
    // Opened before, so that it has not seen the version that the other one writes.
    const other = await fixture.second();
    await fixture.store.commit(aFullCommit('A81001', 1));
    const before = await counts(fixture.raw);
    expect(await other.commit(aFullCommit('B82001', 2))).toBe('conflict');
    expect(await counts(fixture.raw)).toEqual(before);
    expect(before).toEqual({
      heads: 1,
      fragments: 1,
      postings: 1,
      audit: 1,
      claims: 1,
      receipts: 0,
    });
  });
});

function aFullCommit(practice: string, n: number): RecordCommit {
  return aCommit(aRecord({ practice }), {
    fragments: [aFragment(`fragment-${n}`, 'text')],
    receipt: aReceipt(`receipt-${n}`),
    termsAdded: [`term-${n}`],
    audit: [anAuditEntry(n, { claim: aClaim() })],
  });
}

/** The same database, but heads are inserted by `insertOne`. */
function withInsert(
  connection: Connection,
  insertOne: (head: HeadDocument) => Promise<unknown>,
): Connection {
  const real = connection.collections.heads;
  const heads = { insertOne, findOne: real.findOne.bind(real) };
  return {
    ...connection,
    collections: {
      ...connection.collections,
      heads: heads as unknown as Collection<HeadDocument>,
    },
  };
}

async function counts({ collections }: Connection): Promise<Record<string, number>> {
  const names = ['heads', 'fragments', 'postings', 'audit', 'claims', 'receipts'] as const;
  const found = names.map(async (name) => [name, await collections[name].countDocuments()]);
  return Object.fromEntries(await Promise.all(found));
}
