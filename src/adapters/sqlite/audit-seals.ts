import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { AuditEntry } from '../../domain/audit/entry.ts';
import { NO_SEAL, SEALED_MAX, type Seal, type Sha256, sealOn } from '../../domain/audit/seal.ts';
import { SEALS_PAGE } from '../../ports/store.ts';
import type { AuditLog, AuditRow } from './audit-log.ts';
import { SQL } from './statements.ts';

/**
 * Seals on the tables of the log, in the order of its numbers: entries get them in the order of
 * their transactions, so that none can come before one that is sealed.
 */
export interface AuditSeals {
  /** The next seal; null when every entry in the tables has one. Not inside a transaction. */
  next(now: number): Seal | null;
  /** Inside the caller's transaction; false where another one has its place. */
  add(seal: Seal): boolean;
  after(number: number): readonly Seal[];
  /** The entries between the places of two seals. */
  entriesOf(seal: Seal, before: Seal | null): readonly AuditEntry[];
}

const sha256: Sha256 = (text) => hash('sha256', text, 'hex');

interface NumberedRow extends AuditRow {
  readonly seq: number;
}

/** Prepares the statements. */
export function auditSeals(database: DatabaseSync, log: Pick<AuditLog, 'read'>): AuditSeals {
  const newest = database.prepare(SQL.newestSeal);
  const page = database.prepare(SQL.seals);
  const insert = database.prepare(SQL.insertSeal);
  const bySeq = database.prepare(SQL.auditBySeq);

  function rows(from: number, to: number, limit: number): readonly NumberedRow[] {
    return bySeq.all(from, to, limit) as unknown as readonly NumberedRow[];
  }

  function newestSeal(): Seal | null {
    const row = newest.get();
    return row === undefined ? null : sealOf(row);
  }

  return {
    next(now) {
      const before = newestSeal();
      const covered = rows(Number(before?.upTo ?? 0), Number.MAX_SAFE_INTEGER, SEALED_MAX);
      const last = covered.at(-1);
      if (last === undefined) return null;
      const place = { at: new Date(now).toISOString(), upTo: String(last.seq) };
      return sealOn(covered.map(log.read), place, before ?? NO_SEAL, sha256);
    },
    add({ number, at, upTo, entries, content, hash }) {
      if ((newestSeal() ?? NO_SEAL).number !== number - 1) return false;
      insert.run(number, at, Number(upTo), entries, content, hash);
      return true;
    },
    after: (number) => page.all(number, SEALS_PAGE).map(sealOf),
    entriesOf: (seal, before) =>
      // Whoever put more between them than fits is told of too many as well.
      rows(Number(before?.upTo ?? 0), Number(seal.upTo), SEALED_MAX + 1).map(log.read),
  };
}

function sealOf(row: object): Seal {
  const { upTo, ...rest } = row as Omit<Seal, 'upTo'> & { readonly upTo: number };
  return { ...rest, upTo: String(upTo) };
}
