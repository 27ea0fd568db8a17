import { expect, it } from 'vitest';
import type { AuditEntry } from '../../src/domain/audit/entry.ts';
import { aCommit, anAuditEntry, aRecord, auditId } from '../support/records.ts';
import type { Opened } from './contract.ts';

/** Appending to the audit log, and reading single entries back. */
export function auditCases(opened: Opened): void {
  it('returns an entry as it was appended, whatever it holds', async () => {
    const { store } = opened();
    const entry = anAuditEntry(1, {
      outcome: '4',
      outcomeDesc: 'forbidden: "no" – \u2028 naïve 😀',
      query: "/FHIR/R4/Patient?name=O'Brien&x=%24",
      rules: [{ rule: 'dissent', withheld: 3 }],
      alert: { organization: 'A81001', kind: 'self-claim' },
    });
    const anonymous = anAuditEntry(2, {
      agent: null,
      patient: null,
      entityNames: [],
      entities: [],
    });
    await store.appendAudit([entry]);
    await store.appendAudit([anonymous]);
    expect(await store.auditEntry(auditId(1))).toEqual(entry);
    expect(await store.auditEntry(auditId(2))).toEqual(anonymous);
    expect(await store.auditEntry(auditId(3))).toBeNull();
    expect(await store.auditEntry('')).toBeNull();
  });

  it('keeps the entries of a commit and appended ones in one log', async () => {
    const { store } = opened();
    await store.appendAudit([anAuditEntry(1)]);
    await store.commit(aCommit(aRecord(), { audit: [anAuditEntry(2), anAuditEntry(3)] }));
    await store.appendAudit([anAuditEntry(4), anAuditEntry(5)]);
    const { entries } = await store.searchAudit({ limit: 10 });
    expect(entries.map(({ id }) => id)).toEqual([5, 4, 3, 2, 1].map(auditId));
  });

  it('appends nothing when there is nothing to append', async () => {
    const { store } = opened();
    await store.appendAudit([]);
    expect(await store.searchAudit({ limit: 10 })).toEqual({ entries: [], more: false });
  });

  it('loses none of many entries appended at once', async () => {
    const { store, second } = opened();
    const other = await second();
    const appended = Array.from({ length: 200 }, (_, n) =>
      (n % 2 === 0 ? store : other).appendAudit([anAuditEntry(n)]),
    );
    await Promise.all(appended);
    const { entries, more } = await store.searchAudit({ limit: 200 });
    expect(new Set(entries.map(({ id }) => id)).size).toBe(200);
    expect(more).toBe(false);
  });

  it('shows all entries that were appended together, or none of them', async () => {
    const { store } = opened();
    const appended = Array.from({ length: 10 }, (_, n) => store.appendAudit(aGroup(n)));
    const seen: number[] = [];
    const watching = Array.from({ length: 20 }, async () => {
      const { entries } = await store.searchAudit({ limit: 1000 });
      seen.push(...groupSizes(entries));
    });
    await Promise.all([...appended, ...watching]);
    const { entries } = await store.searchAudit({ limit: 1000 });
    seen.push(...groupSizes(entries));
    expect(new Set(seen)).toEqual(new Set([5]));
  });
}

function aGroup(n: number): AuditEntry[] {
  return Array.from({ length: 5 }, (_, k) => anAuditEntry(n * 5 + k, { requestId: `group-${n}` }));
}

function groupSizes(entries: readonly AuditEntry[]): number[] {
  const groups = Map.groupBy(entries, ({ requestId }) => requestId);
  return [...groups.values()].map((group) => group.length);
}
