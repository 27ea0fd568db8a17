import type { DatabaseSync } from 'node:sqlite';
import type { Claim, ClaimQuery } from '../../domain/access/claim.ts';
import type { AuditEntry } from '../../domain/audit/entry.ts';
import { type LinkedValue, packAsJson, packEntry, unpackEntry } from './audit-pack.ts';
import { termNumber, termsOf } from './audit-terms.ts';
import { auditValues } from './audit-values.ts';
import { instant } from './instant.ts';
import { SQL } from './statements.ts';

/** The tables of the audit log. Nothing here waits: writes run inside the caller's transaction. */
export interface AuditLog {
  append(entries: readonly AuditEntry[]): void;
  /** Takes over entries from a log file; one that is there already stays. */
  index(entries: readonly AuditEntry[]): void;
  entry(id: string): AuditEntry | null;
  claims(query: ClaimQuery): readonly Claim[];
  /** What a row of the log says. */
  read(row: AuditRow): AuditEntry;
}

/** A row of the log as it is stored. */
export interface AuditRow {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly recorded: number;
  readonly entry: Uint8Array;
}

type Posting = readonly [term: number, recorded: number, seq: number];

/** Prepares the statements over the audit log. */
export function auditLog(database: DatabaseSync): AuditLog {
  const entry = database.prepare(SQL.auditEntry);
  const claims = database.prepare(SQL.claims);
  const values = auditValues(database);

  function read({ id, recorded, entry }: AuditRow): AuditEntry {
    return unpackEntry(id, recorded, entry, values.find);
  }

  return {
    ...auditWrites(database, values.keep),
    read,
    entry(id) {
      const row = entry.get(id) as unknown as AuditRow | undefined;
      return row === undefined ? null : read(row);
    },
    claims({ patient, person, organization, activeAt }) {
      const rows = claims.all(patient, person, organization, instant(activeAt));
      return rows.map((row) => claimOf(read(row as unknown as AuditRow)));
    },
  };
}

function auditWrites(
  database: DatabaseSync,
  keep: ReturnType<typeof auditValues>['keep'],
): Pick<AuditLog, 'append' | 'index'> {
  const insertEntry = database.prepare(SQL.insertAudit);
  const insertEntryOnce = database.prepare(`${SQL.insertAudit} ON CONFLICT (id) DO NOTHING`);
  const insertPosting = database.prepare(SQL.insertPosting);
  const insertClaim = database.prepare(SQL.insertClaim);

  function insert(
    insertion: typeof insertEntry,
    entry: AuditEntry,
    isKept: (value: LinkedValue) => boolean,
  ): readonly Posting[] {
    const recorded = instant(entry.recorded);
    const packed = packEntry(entry);
    const { bytes } = packed.values.every(isKept) ? packed : packAsJson(entry);
    const { changes, lastInsertRowid } = insertion.run(entry.id, recorded, bytes);
    if (changes === 0) return [];
    const seq = Number(lastInsertRowid);
    if (entry.claim !== null) {
      const { patient, person, organization, expiresAt } = entry.claim;
      insertClaim.run(patient, person, organization, instant(expiresAt), seq);
    }
    return termsOf(entry).map((term) => [termNumber(term), recorded, seq]);
  }

  function insertAll(insertion: typeof insertEntry, entries: readonly AuditEntry[]): void {
    const isKept = keptOnce(keep);
    const postings = entries.flatMap((entry) => insert(insertion, entry, isKept));
    // In the index's order: neighbours are written to a page while it is at hand.
    for (const posting of postings.sort(byPlace)) insertPosting.run(...posting);
  }

  return {
    append: (entries) => insertAll(insertEntry, entries),
    index: (entries) => insertAll(insertEntryOnce, entries),
  };
}

/**
 * Keeps each value of one transaction once: what is kept in it is there for the rest of it, and
 * goes with it when it is rolled back.
 */
function keptOnce(keep: (value: LinkedValue) => boolean): (value: LinkedValue) => boolean {
  const kept = new Map<string, string>();
  return (value) => {
    if (kept.get(value.link) === value.value) return true;
    if (!keep(value)) return false;
    kept.set(value.link, value.value);
    return true;
  };
}

function byPlace(a: Posting, b: Posting): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

function claimOf({ claim }: AuditEntry): Claim {
  if (claim === null) throw new Error('INVARIANT: only entries with a claim are in its index');
  return claim;
}
