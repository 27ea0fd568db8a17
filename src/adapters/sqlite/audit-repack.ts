import type { DatabaseSync } from 'node:sqlite';
import type { AuditEntry } from '../../domain/audit/entry.ts';
import { packAsJson, packEntry } from './audit-pack.ts';
import { termNumber, termsOf } from './audit-terms.ts';
import { auditValues } from './audit-values.ts';

/**
 * Brings a log that was kept as JSON, under terms in words, into the packed form: a step of the
 * schema, inside its transaction. Entries keep their numbers, which claims refer to. A million
 * take minutes.
 */
export function repackAudit(database: DatabaseSync): void {
  const values = auditValues(database);
  const insertEntry = database.prepare(
    'INSERT INTO audit_entry (seq, id, recorded, entry) VALUES (?, ?, ?, ?)',
  );
  const insertTerm = database.prepare(
    'INSERT INTO audit_term (term, recorded, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const rows = database.prepare('SELECT seq, id, recorded, entry FROM audit ORDER BY seq');
  for (const row of rows.iterate()) {
    const { seq, id, recorded, entry: text } = row as unknown as OldRow;
    const entry = JSON.parse(text) as AuditEntry;
    const packed = packEntry(entry);
    const { bytes } = packed.values.every(values.keep) ? packed : packAsJson(entry);
    insertEntry.run(seq, id, recorded, bytes);
    for (const term of termsOf(entry)) insertTerm.run(termNumber(term), recorded, seq);
  }
  database.exec('DROP TABLE audit_posting; DROP TABLE audit');
}

interface OldRow {
  readonly seq: number;
  readonly id: string;
  readonly recorded: number;
  readonly entry: string;
}
