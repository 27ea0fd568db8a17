import type { DatabaseSync } from 'node:sqlite';
import { READ_BYTES, readAuditFile } from './audit-file.ts';
import { frameAt } from './audit-frame.ts';
import { lineAt } from './audit-line.ts';
import type { AuditLog } from './audit-log.ts';
import type { PackedEntry } from './audit-packed.ts';

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
 * in the same transaction: each entry is there exactly once, whichever process reads it, and after
 * a crash too. Nothing here waits: all of it runs inside the caller's transaction.
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
    const { entries, end } = wholeIn(bytes);
    log.index(entries);
    if (end > 0) setIndexed.run(indexed + end, number);
    // Frames are shorter than half of what is read: where they end before that, there are no more.
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

/** The entries of all that is whole at the beginning of some bytes, and where that ends. */
function wholeIn(bytes: Buffer): {
  readonly entries: readonly PackedEntry[];
  readonly end: number;
} {
  const entries: PackedEntry[] = [];
  let end = 0;
  for (;;) {
    const next = frameAt(bytes, end) ?? lineAt(bytes, end);
    if (next === null) return { entries, end };
    for (const entry of next.entries) entries.push(entry);
    end = next.end;
  }
}
