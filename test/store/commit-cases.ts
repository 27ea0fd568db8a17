import { expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import {
  aCommit,
  aFragment,
  anAuditEntry,
  anEntry,
  aReceipt,
  aRecord,
  auditId,
  recordId,
} from '../support/records.ts';
import type { Opened } from './contract.ts';

const ANY_TERM = { from: '', to: '\u{10FFFF}', after: null, limit: 100 };

/** Atomic commit, versions and history, fragments, receipts. */
export function commitCases(opened: Opened): void {
  it('keeps every part of a commit', async () => {
    const { store } = opened();
    const record = aRecord({ entries: [anEntry(1)] });
    const receipt = aReceipt('first');
    const entry = anAuditEntry(1, { action: 'C' });
    const fragments = [aFragment('fragment-1', '{}')];
    const commit = aCommit(record, { fragments, receipt, termsAdded: ['a'], audit: [entry] });

    expect(await store.commit(commit)).toBe('committed');

    expect(await store.currentRecord(record.id)).toEqual(record);
    expect(await textOf(store, 'fragment-1')).toBe('{}');
    expect(await store.receipt(record.id, 'first')).toEqual(receipt);
    expect(await store.auditEntry(entry.id)).toEqual(entry);
    expect((await store.findByTerm(ANY_TERM)).hits).toEqual([{ term: 'a', recordId: record.id }]);
  });

  it('leaves nothing of a commit that came second', async () => {
    const { store } = opened();
    const first = aRecord({ practice: 'A81001' });
    await store.commit(aCommit(first, { fragments: [aFragment('kept', 'first')] }));
    const late = aCommit(aRecord({ practice: 'B82001' }), {
      fragments: [aFragment('late', 'second')],
      receipt: aReceipt('late'),
      termsAdded: ['late'],
      audit: [anAuditEntry(2)],
    });

    expect(await store.commit(late)).toBe('conflict');

    expect(await store.currentRecord(first.id)).toEqual(first);
    expect(await store.recordVersion(first.id, 1)).toEqual(first);
    await expect(store.fragments(first.id, ['late'])).rejects.toThrow();
    expect(await store.receipt(first.id, 'late')).toBeNull();
    expect(await store.auditEntry(auditId(2))).toBeNull();
    expect(await store.searchAudit({ limit: 10 })).toEqual({ entries: [], more: false });
    expect((await store.findByTerm(ANY_TERM)).hits).toEqual([]);
  });

  it('removes no term for a commit that came second', async () => {
    const { store } = opened();
    await store.commit(aCommit(aRecord(), { termsAdded: ['a'] }));
    expect(await store.commit(aCommit(aRecord(), { termsRemoved: ['a'] }))).toBe('conflict');
    expect((await store.findByTerm(ANY_TERM)).hits).toHaveLength(1);
  });

  it('lets the loser write the same fragments and receipt again with the next version', async () => {
    const { store } = opened();
    const parts = {
      fragments: [aFragment('f', 'text')],
      receipt: aReceipt('r'),
      audit: [anAuditEntry(3)],
    };
    await store.commit(aCommit(aRecord()));
    expect(await store.commit(aCommit(aRecord(), parts))).toBe('conflict');
    expect(await store.commit(aCommit(aRecord({ version: 2 }), parts))).toBe('committed');
    expect(await textOf(store, 'f')).toBe('text');
    expect(await store.receipt(recordId(1), 'r')).toEqual(parts.receipt);
    expect((await store.searchAudit({ limit: 10 })).entries).toEqual(parts.audit);
  });

  it('never commits a version that would leave a gap', async () => {
    const { store } = opened();
    await store.commit(aCommit(aRecord()));
    const outcome = await store.commit(aCommit(aRecord({ version: 3 }))).catch(() => 'rejected');
    expect(outcome).not.toBe('committed');
    expect((await store.currentRecord(recordId(1)))?.version).toBe(1);
    expect(await store.recordVersion(recordId(1), 3)).toBeNull();
  });

  it('returns each version as it was committed, and none that was not', async () => {
    const { store } = opened();
    const versions = [1, 2, 3].map((version) => aRecord({ version, practice: `A8100${version}` }));
    for (const record of versions) {
      expect(await store.commit(aCommit(record))).toBe('committed');
    }
    for (const record of versions) {
      expect(await store.recordVersion(record.id, record.version)).toEqual(record);
    }
    expect(await store.currentRecord(recordId(1))).toEqual(versions[2]);
    expect(await store.recordVersion(recordId(1), 0)).toBeNull();
    expect(await store.recordVersion(recordId(1), 4)).toBeNull();
  });

  it('refuses to write an earlier version again', async () => {
    const { store } = opened();
    await store.commit(aCommit(aRecord()));
    await store.commit(aCommit(aRecord({ version: 2 })));
    expect(await store.commit(aCommit(aRecord({ practice: 'B82001' })))).toBe('conflict');
    expect(await store.recordVersion(recordId(1), 1)).toEqual(aRecord());
  });

  it('keeps the fragments of earlier versions readable', async () => {
    const { store } = opened();
    await store.commit(aCommit(aRecord(), { fragments: [aFragment('one', 'old')] }));
    const next = aCommit(aRecord({ version: 2 }), { fragments: [aFragment('two', 'new')] });
    await store.commit(next);
    expect(await textOf(store, 'one')).toBe('old');
    const both = await store.fragments(recordId(1), ['two', 'one']);
    expect([...both.keys()].sort()).toEqual(['one', 'two']);
  });

  it('rejects when a fragment is missing, so that no content is left out in silence', async () => {
    const { store } = opened();
    await store.commit(aCommit(aRecord(), { fragments: [aFragment('here', 'text')] }));
    await expect(store.fragments(recordId(1), ['here', 'gone'])).rejects.toThrow();
    await expect(store.fragments(recordId(2), ['here'])).rejects.toThrow();
    expect((await store.fragments(recordId(1), [])).size).toBe(0);
    expect((await store.fragments(recordId(1), ['here', 'here'])).size).toBe(1);
  });

  it('gives the same texts, whatever it was told is about to be shown', async () => {
    const { store } = opened();
    const at = (fragment: string) => ({ text: { fragment, start: 0, end: 3 } });
    const entries = [anEntry(1, at('one')), anEntry(2, { ...at('two'), type: 'Condition' })];
    const fragments = [aFragment('one', 'old'), aFragment('two', 'new')];
    await store.commit(aCommit(aRecord({ entries }), { fragments }));
    for (const shown of ['all', 'Condition', 'AllergyIntolerance', 'Consent'] as const) {
      for (const ids of [['one'], ['two'], ['two', 'one'], []]) {
        expect(await store.currentRecord(recordId(1), shown)).toEqual(aRecord({ entries }));
        const read = await store.fragments(recordId(1), ids);
        const texts = ids.map((id) => new TextDecoder().decode(read.get(id)));
        expect(texts).toEqual(ids.map((id) => (id === 'one' ? 'old' : 'new')));
      }
    }
  });

  it('tells the record when a text that is about to be shown is missing, until it is', async () => {
    const { store } = opened();
    const record = aRecord({ entries: [anEntry(1)] });
    await store.commit(aCommit(record));
    expect(await store.currentRecord(recordId(1), 'all')).toEqual(record);
    await expect(store.fragments(recordId(1), ['fragment-1'])).rejects.toThrow();
  });

  it('tells the records apart', async () => {
    const { store } = opened();
    await store.commit(aCommit(aRecord(), { fragments: [aFragment('f', 'one')] }));
    const other = aRecord({ id: recordId(2), nhsNumber: '9000000017' });
    const parts = { fragments: [aFragment('f', 'two')], receipt: aReceipt('r') };
    expect(await store.commit(aCommit(other, parts))).toBe('committed');
    expect(await store.currentRecord(recordId(2))).toEqual(other);
    expect(await textOf(store, 'f')).toBe('one');
    expect(await store.receipt(recordId(1), 'r')).toBeNull();
    expect(await store.receipt(recordId(2), 'r')).toEqual(aReceipt('r'));
    expect(await store.currentRecord(recordId(3))).toBeNull();
  });

  it('keeps a receipt through later commits', async () => {
    const { store } = opened();
    await store.commit(aCommit(aRecord(), { receipt: aReceipt('one') }));
    await store.commit(aCommit(aRecord({ version: 2 }), { receipt: aReceipt('two') }));
    await store.commit(aCommit(aRecord({ version: 3 })));
    expect(await store.receipt(recordId(1), 'one')).toEqual(aReceipt('one'));
    expect(await store.receipt(recordId(1), 'two')).toEqual(aReceipt('two'));
    expect(await store.receipt(recordId(1), 'three')).toBeNull();
  });
}

async function textOf(store: Store, fragment: string): Promise<string> {
  const bytes = (await store.fragments(recordId(1), [fragment])).get(fragment);
  return new TextDecoder().decode(bytes);
}
