import { expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
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
} from '../support/records.ts';
import type { Opened } from './contract.ts';

const TERMS = { from: 'a', to: 'b', after: null, limit: 1 };
const ASKED = { ...aClaim(), activeAt: NOON };

/** Every operation of the port, with arguments that an open store takes. */
const OPERATIONS: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  currentRecord: (store) => store.currentRecord(recordId(1)),
  recordVersion: (store) => store.recordVersion(recordId(1), 1),
  fragments: (store) => store.fragments(recordId(1), []),
  commit: (store) => store.commit(aCommit(aRecord())),
  receipt: (store) => store.receipt(recordId(1), 'key'),
  findByTerm: (store) => store.findByTerm(TERMS),
  appendAudit: (store) => store.appendAudit([anAuditEntry(1)]),
  searchAudit: (store) => store.searchAudit({ limit: 1 }),
  auditEntry: (store) => store.auditEntry(auditId(1)),
  claims: (store) => store.claims(ASKED),
  secret: (store) => store.secret(),
  ping: (store) => store.ping(),
  isEmpty: (store) => store.isEmpty(),
};

/** Opening, closing, and what outlives it. */
export function lifecycleCases(opened: Opened): void {
  it('loses nothing by being closed and opened again', async () => {
    const { store, reopen } = opened();
    const first = aRecord();
    const last = aRecord({ version: 2, practice: 'B82001' });
    const claimed = anAuditEntry(1, { claim: aClaim() });
    const parts = {
      fragments: [aFragment('f', 'text')],
      receipt: aReceipt('r'),
      termsAdded: ['a'],
    };
    await store.commit(aCommit(first, parts));
    await store.commit(aCommit(last, { audit: [anAuditEntry(2)] }));
    await store.appendAudit([claimed]);

    const again = await reopen();

    expect(await again.currentRecord(recordId(1))).toEqual(last);
    expect(await again.recordVersion(recordId(1), 1)).toEqual(first);
    const read = await again.fragments(recordId(1), ['f']);
    expect(new TextDecoder().decode(read.get('f'))).toBe('text');
    expect(await again.receipt(recordId(1), 'r')).toEqual(aReceipt('r'));
    expect((await again.findByTerm(TERMS)).hits).toEqual([{ term: 'a', recordId: recordId(1) }]);
    expect((await again.searchAudit({ limit: 9 })).entries).toEqual([anAuditEntry(2), claimed]);
    expect(await again.claims(ASKED)).toEqual([aClaim()]);
    expect(await again.isEmpty()).toBe(false);
    expect(await again.commit(aCommit(aRecord({ version: 3 })))).toBe('committed');
  });

  it('has a secret of 32 bytes that never changes and that every opener shares', async () => {
    const { store, second, reopen } = opened();
    const other = await second();
    const [mine, theirs] = await Promise.all([store.secret(), other.secret()]);
    expect(mine).toHaveLength(32);
    expect(new Set(mine).size).toBeGreaterThan(1);
    expect(Buffer.from(theirs).equals(mine)).toBe(true);
    expect(Buffer.from(await (await reopen()).secret()).equals(mine)).toBe(true);
  });

  it('is empty until a record is committed, whatever is in the audit log', async () => {
    const { store } = opened();
    expect(await store.isEmpty()).toBe(true);
    await store.appendAudit([anAuditEntry(1)]);
    expect(await store.isEmpty()).toBe(true);
    await store.commit(aCommit(aRecord()));
    expect(await store.isEmpty()).toBe(false);
  });

  it('answers a ping while it is open', async () => {
    await expect(opened().store.ping()).resolves.toBeUndefined();
  });

  it('finishes what is under way before it closes', async () => {
    const { store, reopen } = opened();
    const writing = Array.from({ length: 10 }, (_, n) => store.appendAudit([anAuditEntry(n)]));
    const committing = store.commit(aCommit(aRecord()));
    await store.close();
    expect(await committing).toBe('committed');
    await Promise.all(writing);
    const again = await reopen();
    expect((await again.searchAudit({ limit: 20 })).entries).toHaveLength(10);
    expect(await again.currentRecord(recordId(1))).toEqual(aRecord());
  });

  it.each(Object.entries(OPERATIONS))('rejects %s after it was closed', async (_name, call) => {
    const { store } = opened();
    await store.commit(aCommit(aRecord({ id: recordId(9) })));
    await call(store);
    await store.close();
    await expect(call(store)).rejects.toThrow();
  });

  it('can be closed twice', async () => {
    const { store } = opened();
    await store.close();
    await expect(store.close()).resolves.toBeUndefined();
  });
}
