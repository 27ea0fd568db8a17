import type { DatabaseSync } from 'node:sqlite';
import type { Claim, ClaimQuery } from '../../domain/access/claim.ts';
import type { AuditEntry } from '../../domain/audit/entry.ts';
import { termsOf } from './audit-terms.ts';
import { instant } from './instant.ts';
import { SQL } from './statements.ts';

/** The tables of the audit log. Nothing here waits: writes run inside the caller's transaction. */
export interface AuditLog {
  append(entries: readonly AuditEntry[]): void;
  entry(id: string): AuditEntry | null;
  claims(query: ClaimQuery): readonly Claim[];
}

/** Prepares the statements over the audit log. */
export function auditLog(database: DatabaseSync): AuditLog {
  const entry = database.prepare(SQL.auditEntry);
  const claims = database.prepare(SQL.claims);
  return {
    append: auditAppend(database),
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

function auditAppend(database: DatabaseSync): AuditLog['append'] {
  const insertAudit = database.prepare(SQL.insertAudit);
  const insertPosting = database.prepare(SQL.insertPosting);
  const insertClaim = database.prepare(SQL.insertClaim);
  return (entries) => {
    for (const entry of entries) {
      const recorded = instant(entry.recorded);
      const { lastInsertRowid: seq } = insertAudit.run(entry.id, recorded, JSON.stringify(entry));
      for (const term of termsOf(entry)) insertPosting.run(term, recorded, seq);
      if (entry.claim !== null) {
        const { patient, person, organization, expiresAt } = entry.claim;
        insertClaim.run(patient, person, organization, instant(expiresAt), seq);
      }
    }
  };
}

function claimOf(row: { readonly entry: string }): Claim {
  const { claim } = JSON.parse(row.entry) as AuditEntry;
  if (claim === null) throw new Error('INVARIANT: only entries with a claim are in its index');
  return claim;
}
