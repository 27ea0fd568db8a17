import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditDocument, claimDocuments } from '../../../src/adapters/mongodb/audit-documents.ts';
import type { Proof } from '../../../src/adapters/mongodb/documents.ts';
import { type MongoFixture, openMongoFixture, serverUrl } from '../../support/mongodb.ts';
import { aClaim, anAuditEntry, auditId, NOON } from '../../support/records.ts';

const PROOF: Proof = { in: 'batches', id: 'nonce', nonce: 'nonce' };
const TOGETHER = [anAuditEntry(2), anAuditEntry(1, { claim: aClaim() })];
const ASKED = { ...aClaim(), activeAt: NOON };

// Skipped only where no MongoDB-protocol server can be had; the global setup says so loudly.
describe.skipIf(serverUrl === null)('audit entries appended together to MongoDB', () => {
  let fixture: MongoFixture;
  beforeEach(async () => {
    fixture = await openMongoFixture();
    const { audit, claims } = fixture.raw.collections;
    await audit.insertMany(TOGETHER.map((entry) => auditDocument(entry, PROOF)));
    await claims.insertMany(claimDocuments(TOGETHER, PROOF));
  });
  afterEach(() => fixture.dispose());

  it('are none of them there when the writer died before it said that all are', async () => {
    const { store } = fixture;
    expect(await store.searchAudit({ limit: 10 })).toEqual({ entries: [], more: false });
    expect(await store.auditEntry(auditId(1))).toBeNull();
    expect(await store.claims(ASKED)).toEqual([]);
  });

  it('are all of them there once it did', async () => {
    await fixture.raw.collections.batches.insertOne({ _id: 'nonce', nonce: 'nonce' });
    const { store } = fixture;
    expect(await store.searchAudit({ limit: 10 })).toEqual({ entries: TOGETHER, more: false });
    expect(await store.auditEntry(auditId(1))).toEqual(TOGETHER[1]);
    expect(await store.claims(ASKED)).toEqual([aClaim()]);
  });

  it('can be appended again, alone or together, after a writer died', async () => {
    const { store } = fixture;
    await store.appendAudit([anAuditEntry(2)]);
    expect(await store.auditEntry(auditId(2))).toEqual(anAuditEntry(2));
    expect((await store.searchAudit({ limit: 10 })).entries).toEqual([anAuditEntry(2)]);
    await store.appendAudit([anAuditEntry(1, { claim: aClaim() }), anAuditEntry(3)]);
    const { entries } = await store.searchAudit({ limit: 10 });
    expect(entries.map(({ id }) => id)).toEqual([3, 2, 1].map(auditId));
    expect(await store.auditEntry(auditId(1))).toEqual(TOGETHER[1]);
  });

  it('hide no page behind what does not count', async () => {
    const { store, raw } = fixture;
    const dead = Array.from({ length: 40 }, (_, n) =>
      auditDocument(anAuditEntry(100 + n), { in: 'batches', id: `dead-${n}`, nonce: `dead-${n}` }),
    );
    await raw.collections.audit.insertMany(dead);
    await store.appendAudit([anAuditEntry(50)]);
    await store.appendAudit([anAuditEntry(51)]);
    const first = await store.searchAudit({ limit: 1 });
    expect(first).toEqual({ entries: [anAuditEntry(51)], more: true });
    const after = { recorded: NOON, id: auditId(51) };
    const second = await store.searchAudit({ limit: 1, after });
    expect(second).toEqual({ entries: [anAuditEntry(50)], more: false });
  });
});
