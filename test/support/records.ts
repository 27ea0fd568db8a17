import type { Claim } from '../../src/domain/access/claim.ts';
import type { AuditAgent, AuditEntry } from '../../src/domain/audit/entry.ts';
import type { CareRecord, Entry, Fragment } from '../../src/domain/record/care-record.ts';
import type { Receipt } from '../../src/domain/record/receipt.ts';
import type { RecordCommit } from '../../src/ports/record-commit.ts';

/** The moment that built data is dated by, unless a test says otherwise. */
export const NOON = '2026-03-02T12:00:00.000Z';

/** A record id of the right shape, the same for the same number. */
export function recordId(n: number): string {
  return n.toString(16).padStart(24, '0');
}

/** An audit id of the right shape; ids of larger numbers sort after those of smaller ones. */
export function auditId(n: number): string {
  return `019cb000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** A moment this many seconds after noon. */
export function secondsAfterNoon(seconds: number): string {
  return new Date(Date.parse(NOON) + seconds * 1000).toISOString();
}

/** An entry of the record `recordId(1)`, told apart by its number. */
export function anEntry(n: number, changes: Partial<Entry> = {}): Entry {
  return {
    id: `${recordId(1)}-${n.toString(16).padStart(24, '0')}`,
    type: 'AllergyIntolerance',
    recordedBy: 'A81001',
    versionId: n.toString(16).padStart(16, '0'),
    lastUpdated: NOON,
    since: 1,
    withdrawn: false,
    digest: n.toString(16).padStart(32, '0'),
    text: { fragment: `fragment-${n}`, start: 0, end: 2 },
    labels: [],
    codes: ['http://snomed.info/sct|91936005'],
    refs: [],
    ...changes,
  };
}

/** A record head with one source and no entries. */
export function aRecord(changes: Partial<CareRecord> = {}): CareRecord {
  return {
    id: recordId(1),
    nhsNumber: '9000000009',
    version: 1,
    committedAt: NOON,
    practice: 'A81001',
    registeredAt: NOON,
    formerPractices: [],
    dissentSeenAt: null,
    sources: { A81001: { version: 1, timestamp: NOON, acceptedAt: NOON } },
    entries: [],
    terms: [],
    ...changes,
  };
}

/** A fragment that holds this text as UTF-8. */
export function aFragment(id: string, text: string): Fragment {
  return { id, bytes: new TextEncoder().encode(text) };
}

/** A receipt for this key. */
export function aReceipt(key: string, changes: Partial<Receipt> = {}): Receipt {
  const counts = { created: 1, updated: 0, unchanged: 0, withdrawn: 0, version: 1 };
  return {
    key,
    content: `content of ${key}`,
    answer: { ...counts, patient: recordId(1) },
    ...changes,
  };
}

/** A commit of this record that brings nothing else with it. */
export function aCommit(record: CareRecord, changes: Partial<RecordCommit> = {}): RecordCommit {
  return {
    record,
    fragments: [],
    receipt: null,
    termsAdded: [],
    termsRemoved: [],
    audit: [],
    ...changes,
  };
}

/** A clinician at RX1. */
export function anAgent(changes: Partial<AuditAgent> = {}): AuditAgent {
  return {
    issuer: 'https://issuer.example',
    subject: 'dr-khan',
    name: 'Dr A Khan',
    organization: 'RX1',
    organizationName: 'Leeds Urgent Care',
    role: 'clinician',
    purpose: 'TREAT',
    client: null,
    tokenId: null,
    ...changes,
  };
}

/** The audit entry of a successful read of `recordId(1)`, told apart by its number. */
export function anAuditEntry(n: number, changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: auditId(n),
    recorded: NOON,
    interaction: 'read',
    action: 'R',
    outcome: '0',
    outcomeDesc: null,
    agent: anAgent(),
    patient: recordId(1),
    entities: [`Patient/${recordId(1)}/_history/1`],
    entityNames: ['Patient'],
    query: null,
    requestId: `request-${n}`,
    rules: [],
    alert: null,
    claim: null,
    ...changes,
  };
}

/** Dr Khan's claim for `recordId(1)`, live for an hour from noon. */
export function aClaim(changes: Partial<Claim> = {}): Claim {
  return {
    patient: recordId(1),
    person: 'https://issuer.example|dr-khan',
    organization: 'RX1',
    reason: 'care-episode',
    note: null,
    madeAt: NOON,
    expiresAt: secondsAfterNoon(3600),
    ...changes,
  };
}
