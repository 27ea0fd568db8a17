import { expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import {
  aCommit,
  aFragment,
  anAuditEntry,
  anEntry,
  aReceipt,
  aRecord,
  recordId,
} from '../support/records.ts';
import { LONG_MS, type Opened } from './contract.ts';

const WRITERS = 30;
const COMMITS_EACH = 10;
const TOTAL = WRITERS * COMMITS_EACH;

/** Compare-and-set on the record's version, under real concurrency. */
export function concurrencyCases(opened: Opened): void {
  it('gives version 1 to exactly one of many first writers', async () => {
    const { store, second } = opened();
    const stores = [store, await second()];
    const race = stores.flatMap((one, s) =>
      Array.from({ length: 8 }, (_, n) => {
        const audit = [anAuditEntry(s * 8 + n)];
        return one.commit(aCommit(aRecord({ practice: `P${s}${n}` }), { audit }));
      }),
    );
    const outcomes = await Promise.all(race);
    expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
    const winner = outcomes.indexOf('committed');
    const practice = `P${Math.floor(winner / 8)}${winner % 8}`;
    for (const one of stores) {
      expect((await one.currentRecord(recordId(1)))?.practice).toBe(practice);
    }
    expect((await store.searchAudit({ limit: 100 })).entries).toEqual([anAuditEntry(winner)]);
  });

  it(
    'turns 30 writers of 10 commits each into 300 contiguous whole versions',
    async () => {
      const { store } = opened();
      await runWriters(() => store);
      await expectEveryVersionWhole(store);
    },
    LONG_MS,
  );

  it(
    'does the same when the writers are spread over two stores on one database',
    async () => {
      const { store, second } = opened();
      const other = await second();
      await runWriters((writer) => (writer % 2 === 0 ? store : other));
      await expectEveryVersionWhole(store);
      await expectEveryVersionWhole(other);
    },
    LONG_MS,
  );

  it('shows what one store committed to the very next call of another', async () => {
    const { store, second } = opened();
    const other = await second();
    for (let version = 1; version <= 20; version += 2) {
      await store.commit(aCommit(aRecord({ version })));
      expect((await other.currentRecord(recordId(1)))?.version).toBe(version);
      await other.commit(aCommit(aRecord({ version: version + 1 })));
      expect((await store.currentRecord(recordId(1)))?.version).toBe(version + 1);
    }
  });

  it('commits to many records at once without mixing them', async () => {
    const { store } = opened();
    const records = Array.from({ length: 50 }, (_, n) => aRecord({ id: recordId(n + 1) }));
    const commits = records.map((record) =>
      store.commit(aCommit(record, { fragments: [aFragment('f', record.id)] })),
    );
    expect(new Set(await Promise.all(commits))).toEqual(new Set(['committed']));
    for (const record of records) {
      const read = await store.fragments(record.id, ['f']);
      expect(new TextDecoder().decode(read.get('f'))).toBe(record.id);
    }
  });
}

/** Each writer tries again after a conflict until its commits are all in. */
async function runWriters(storeOf: (writer: number) => Store): Promise<void> {
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let nth = 0; nth < COMMITS_EACH; nth += 1) {
      await commitOnce(storeOf(writer), writer, nth);
    }
  });
  await Promise.all(writers);
}

async function commitOnce(store: Store, writer: number, nth: number): Promise<void> {
  // INVARIANT: each conflict is another writer's success, so TOTAL attempts are always enough.
  for (let attempt = 0; attempt < TOTAL; attempt += 1) {
    const current = await store.currentRecord(recordId(1));
    const version = (current?.version ?? 0) + 1;
    const outcome = await store.commit(aWritersCommit(version, writer * COMMITS_EACH + nth));
    if (outcome === 'committed') return;
  }
  throw new Error(`writer ${writer} never got through`);
}

function aWritersCommit(version: number, mark: number) {
  const text = { fragment: `by-${mark}`, start: 0, end: 4 };
  return aCommit(aRecord({ version, entries: [anEntry(mark, { since: version, text })] }), {
    fragments: [aFragment(`by-${mark}`, `text of ${mark} in version ${version}`)],
    receipt: aReceipt(`receipt-${mark}`),
    audit: [anAuditEntry(mark, { entities: [`version ${version}`] })],
  });
}

async function expectEveryVersionWhole(store: Store): Promise<void> {
  const marks = new Set<number>();
  for (let version = 1; version <= TOTAL; version += 1) {
    marks.add(await markOfWholeVersion(store, version));
  }
  expect(marks.size).toBe(TOTAL);
  expect((await store.currentRecord(recordId(1)))?.version).toBe(TOTAL);
  expect(await store.recordVersion(recordId(1), TOTAL + 1)).toBeNull();
  const log = await store.searchAudit({ limit: TOTAL + 1 });
  expect(log.entries).toHaveLength(TOTAL);
}

/**
 * Which writer's commit a version is, having checked that all of it, and nothing else, is there.
 */
async function markOfWholeVersion(store: Store, version: number): Promise<number> {
  const record = await store.recordVersion(recordId(1), version);
  const fragment = record?.entries[0]?.text.fragment ?? 'none';
  const mark = Number(fragment.slice('by-'.length));
  const expected = aWritersCommit(version, mark);
  expect(record).toEqual(expected.record);
  const read = await store.fragments(recordId(1), [fragment]);
  expect(new TextDecoder().decode(read.get(fragment))).toBe(
    `text of ${mark} in version ${version}`,
  );
  expect(await store.receipt(recordId(1), `receipt-${mark}`)).toEqual(expected.receipt);
  const [entry] = expected.audit;
  expect(await store.auditEntry(entry?.id ?? '')).toEqual(entry);
  return mark;
}
