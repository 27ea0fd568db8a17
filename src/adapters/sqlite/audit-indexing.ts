import type { DatabaseSync } from 'node:sqlite';
import type { AuditEntry } from '../../domain/audit/entry.ts';
import { READ_BYTES, readAuditFile } from './audit-file.ts';
import { linesIn } from './audit-line.ts';
import type { AuditLog } from './audit-log.ts';

/** A log file, as far as the database knows it. */
export interface KnownFile {
  readonly number: number;
  /** How many of its bytes are in the tables of the log. */
  readonly indexed: number;
  /** 1: whoever wrote it must not do so any more, and does not acknowledge what they did. */
  readonly ended: 0 | 1;
}

/**
 * Brings what stands in log files into the tables of the log. How far each file was read is written
 * in the same transaction: each line is there exactly once, whichever process reads it, and after a
 * crash too. Nothing here waits: all of it runs inside the caller's transaction.
 */
export interface AuditIndexing {
  files(): readonly KnownFile[];
  /** A new file's number, which no other file ever has. */
  newNumber(): number;
  /** Files that are there and not known are indexed, and not written by anyone. */
  adopt(numbers: readonly number[]): void;
  /** Reads a piece of each file; whether there was more than that. */
  readSome(): boolean;
  end(number: number): void;
  /** Forgets an ended file if all of it is indexed; whether it did. */
  forget(number: number): boolean;
}

/** Prepares the statements. */
export function auditIndexing(
  database: DatabaseSync,
  log: AuditLog,
  folder: string,
): AuditIndexing {
  const all = database.prepare('SELECT number, indexed, ended FROM audit_file ORDER BY number');
  const one = database.prepare('SELECT number, indexed, ended FROM audit_file WHERE number = ?');
  const insert = database.prepare('INSERT INTO audit_file (indexed, ended) VALUES (0, 0)');
  const adopt = database.prepare(
    'INSERT INTO audit_file (number, indexed, ended) VALUES (?, 0, 1) ON CONFLICT DO NOTHING',
  );
  const setIndexed = database.prepare('UPDATE audit_file SET indexed = ? WHERE number = ?');
  const setEnded = database.prepare('UPDATE audit_file SET ended = 1 WHERE number = ?');
  const remove = database.prepare('DELETE FROM audit_file WHERE number = ?');

  function files(): readonly KnownFile[] {
    return all.all() as unknown as KnownFile[];
  }

  function read({ number, indexed }: KnownFile): boolean {
    const bytes = readAuditFile(folder, number, indexed);
    if (bytes === null) return false;
    const { texts, end } = linesIn(bytes);
    log.index(texts.flatMap(entriesIn));
    if (end > 0) setIndexed.run(indexed + end, number);
    // Lines are shorter than half of what is read: where they end before that, there are no more.
    return end >= READ_BYTES / 2;
  }

  return {
    files,
    newNumber: () => Number(insert.run().lastInsertRowid),
    adopt: (numbers) => {
      for (const number of numbers) adopt.run(number);
    },
    readSome: () => files().map(read).includes(true),
    end: (number) => void setEnded.run(number),
    forget(number) {
      const file = one.get(number) as unknown as KnownFile | undefined;
      if (file === undefined || file.ended === 0 || read(file)) return false;
      return remove.run(number).changes === 1;
    },
  };
}

function entriesIn(append: string): readonly AuditEntry[] {
  return JSON.parse(append) as readonly AuditEntry[];
}
