import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decide, writeAhead } from '../../../src/adapters/mongodb/commit.ts';
import { type Connection, headId, parseHead } from '../../../src/adapters/mongodb/documents.ts';
import { type Draft, draftOf } from '../../../src/adapters/mongodb/draft.ts';
import type { Store } from '../../../src/ports/store.ts';
import { type MongoFixture, openMongoFixture, serverUrl } from '../../support/mongodb.ts';
import {
  aClaim,
  aCommit,
  aFragment,
  anAuditEntry,
  aReceipt,
  aRecord,
  auditId,
  NOON,
  recordId,
} from '../../support/records.ts';

const FIRST = aCommit(aRecord(), {
  fragments: [aFragment('one', 'first')],
  receipt: aReceipt('one'),
  termsAdded: ['kept', 'removed'],
  audit: [anAuditEntry(1)],
});
const NEXT = aCommit(aRecord({ version: 2, practice: 'B82001' }), {
  fragments: [aFragment('two', 'second')],
  receipt: aReceipt('two'),
  termsAdded: ['added'],
  termsRemoved: ['removed'],
  audit: [anAuditEntry(2), anAuditEntry(3, { claim: aClaim() })],
});
const AHEAD = ['fragments', 'postings', 'audit', 'claims', 'receipts'] as const;

// Skipped only where no MongoDB-protocol server can be had; the global setup says so loudly.
describe.skipIf(serverUrl === null)('a commit to MongoDB that was cut short', () => {
  let fixture: MongoFixture;
  beforeEach(async () => {
    fixture = await openMongoFixture();
    expect(await fixture.store.commit(FIRST)).toBe('committed');
  });
  afterEach(() => fixture.dispose());

  it.each(AHEAD.map((_, n) => n))(
    'shows nothing when it ended after %i of the steps ahead',
    async (n) => {
      await writeAhead(fixture.raw.collections, cutShort(await nextDraft(fixture.raw), n));
      await expectFirstAlone(fixture.store);
      await expectFirstAlone(await fixture.second());
    },
  );

  it('shows nothing when it ended right before the head', async () => {
    await writeAhead(fixture.raw.collections, await nextDraft(fixture.raw));
    await expectFirstAlone(fixture.store);
    await expectFirstAlone(await fixture.second());
  });

  it('is in nobody’s way: the same commit, ids and all, succeeds afterwards', async () => {
    await writeAhead(fixture.raw.collections, await nextDraft(fixture.raw));
    expect(await fixture.store.commit(NEXT)).toBe('committed');
    await expectBoth(fixture.store);
    await expectBoth(await fixture.second());
  });

  it('loses nothing when it ended right after the head', async () => {
    const draft = await nextDraft(fixture.raw);
    await writeAhead(fixture.raw.collections, draft);
    expect(await decide(fixture.raw, draft)).toBe('committed');
    await expectBoth(fixture.store);
    await expectBoth(await fixture.second());
  });

  it('lets the next writer carry on after its head, receipts included', async () => {
    const draft = await nextDraft(fixture.raw);
    await writeAhead(fixture.raw.collections, draft);
    await decide(fixture.raw, draft);
    const third = aCommit(aRecord({ version: 3 }), { termsAdded: ['removed'] });
    expect(await fixture.store.commit(third)).toBe('committed');
    expect(await fixture.store.receipt(recordId(1), 'two')).toEqual(aReceipt('two'));
    expect(await termsOf(fixture.store)).toEqual(['added', 'kept', 'removed']);
  });

  it('finds the latest version without its pointer', async () => {
    await fixture.store.commit(NEXT);
    for (let version = 3; version <= 9; version += 1) {
      await fixture.store.commit(aCommit(aRecord({ version })));
    }
    const { pointers } = fixture.raw.collections;
    await pointers.deleteOne({ _id: recordId(1) });
    expect((await (await fixture.second()).currentRecord(recordId(1)))?.version).toBe(9);
    await pointers.insertOne({ _id: recordId(1), version: 4 });
    expect((await (await fixture.second()).currentRecord(recordId(1)))?.version).toBe(9);
  });
});

async function nextDraft({ collections }: Connection): Promise<Draft> {
  const before = await collections.heads.findOne({ _id: headId(recordId(1), 1) });
  if (before === null) throw new Error('version 1 is there');
  return draftOf(NEXT, parseHead(before), 'nonce-of-the-dead');
}

/** The draft with only the first `steps` of what is written ahead. */
function cutShort(draft: Draft, steps: number): Draft {
  return { ...draft, ...Object.fromEntries(AHEAD.slice(steps).map((name) => [name, []])) };
}

async function expectFirstAlone(store: Store): Promise<void> {
  expect(await store.currentRecord(recordId(1))).toEqual(FIRST.record);
  expect(await store.recordVersion(recordId(1), 2)).toBeNull();
  expect(await store.receipt(recordId(1), 'one')).toEqual(FIRST.receipt);
  expect(await store.receipt(recordId(1), 'two')).toBeNull();
  expect(await termsOf(store)).toEqual(['kept', 'removed']);
  expect(await store.searchAudit({ limit: 10 })).toEqual({ entries: FIRST.audit, more: false });
  expect(await store.auditEntry(auditId(2))).toBeNull();
  expect(await store.claims({ ...aClaim(), activeAt: NOON })).toEqual([]);
}

async function expectBoth(store: Store): Promise<void> {
  expect(await store.currentRecord(recordId(1))).toEqual(NEXT.record);
  expect(await store.recordVersion(recordId(1), 1)).toEqual(FIRST.record);
  expect(await store.receipt(recordId(1), 'one')).toEqual(FIRST.receipt);
  expect(await store.receipt(recordId(1), 'two')).toEqual(NEXT.receipt);
  expect(await termsOf(store)).toEqual(['added', 'kept']);
  const { entries } = await store.searchAudit({ limit: 10 });
  expect(entries).toEqual([...FIRST.audit, ...NEXT.audit].toReversed());
  expect(await store.auditEntry(auditId(2))).toEqual(NEXT.audit[0]);
  expect(await store.claims({ ...aClaim(), activeAt: NOON })).toEqual([aClaim()]);
  const texts = await store.fragments(recordId(1), ['one', 'two']);
  expect(new TextDecoder().decode(texts.get('two'))).toBe('second');
}

async function termsOf(store: Store): Promise<readonly string[]> {
  const range = { from: 'a', to: 'z', after: null, limit: 10 };
  return (await store.findByTerm(range)).hits.map(({ term }) => term);
}
