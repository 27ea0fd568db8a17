import type { DatabaseSync } from 'node:sqlite';
import type { Claim, ClaimQuery } from '../../domain/access/claim.ts';
import type { AuditEntry } from '../../domain/audit/entry.ts';
import { termsOf } from './audit-terms.ts';
import { instant } from './instant.ts';
import { SQL } from './statements.ts';

/** The tables of the audit log. Nothing here waits: writes run inside the caller's transaction. */
export interface AuditLog {
  append(entries: readonly AuditEntry[]): void;
  /** Takes over an entry, with its JSON, from a log file; one that is there already stays. */
  index(entry: AuditEntry, text: string): void;
  entry(id: string): AuditEntry | null;
  claims(query: ClaimQuery): readonly Claim[];
}

/** Prepares the statements over the audit log. */
export function auditLog(database: DatabaseSync): AuditLog {
  const entry = database.prepare(SQL.auditEntry);
  const claims = database.prepare(SQL.claims);
  return {
    ...auditWrites(database),
    entry(id) {
      const row = entry.get(id) as { entry: string } | undefined;
      return row === undefined ? null : (JSON.parse(row.entry) as AuditEntry);
    },
    claims({ patient, person, organization, activeAt }) {
      const rows = claims.all(patient, person, organization, instant(activeAt));
      return rows.map((row) => claimOf(row as { entry: string }));
    },
  };
}

function auditWrites(database: DatabaseSync): Pick<AuditLog, 'append' | 'index'> {
  const insertAudit = database.prepare(SQL.insertAudit);
  const insertAuditOnce = database.prepare(`${SQL.insertAudit} ON CONFLICT (id) DO NOTHING`);
  const insertPosting = database.prepare(SQL.insertPosting);
  const insertClaim = database.prepare(SQL.insertClaim);

  function postings(entry: AuditEntry, recorded: number, seq: number | bigint): void {
    for (const term of termsOf(entry)) insertPosting.run(term, recorded, seq);
    if (entry.claim === null) return;
    const { patient, person, organization, expiresAt } = entry.claim;
    insertClaim.run(patient, person, organization, instant(expiresAt), seq);
  }

  return {
    append(entries) {
      for (const entry of entries) {
        const recorded = instant(entry.recorded);
        const { lastInsertRowid } = insertAudit.run(entry.id, recorded, JSON.stringify(entry));
        postings(entry, recorded, lastInsertRowid);
      }
    },
    index(entry, text) {
      const recorded = instant(entry.recorded);
      const { changes, lastInsertRowid } = insertAuditOnce.run(entry.id, recorded, text);
      if (changes === 1) postings(entry, recorded, lastInsertRowid);
    },
  };
}

function claimOf(row: { readonly entry: string }): Claim {
  const { claim } = JSON.parse(row.entry) as AuditEntry;
  if (claim === null) throw new Error('INVARIANT: only entries with a claim are in its index');
  return claim;
}
