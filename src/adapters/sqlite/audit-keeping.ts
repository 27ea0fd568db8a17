import { readdir, rm } from 'node:fs/promises';
import { type AuditFile, auditFileNumber, auditFilePath, createAuditFile } from './audit-file.ts';
import type { AuditIndexing } from './audit-indexing.ts';
import type { GroupCommit } from './group-commit.ts';

/** Log files from their beginning to their end. Every process may do any of this at any time. */
export interface AuditKeeping {
  create(size: number): Promise<AuditFile>;
  /** Resolves when all that was in log files at the call is in the tables of the log. */
  drain(pauseMs?: number): Promise<void>;
  /**
   * Ends files, so that their writers turn to others, brings what is left in them into the tables,
   * and removes them.
   */
  retire(numbers: readonly number[]): Promise<void>;
  /**
   * Makes files known that are in the folder, but not in the database: it is older than they are.
   */
  adopt(): Promise<void>;
}

/** Keeps the log files of one folder; `writes` is the connection's only way to be written. */
export function auditKeeping(
  writes: GroupCommit,
  indexing: AuditIndexing,
  folder: string,
  sleep: (milliseconds: number) => Promise<void>,
): AuditKeeping {
  async function drain(pauseMs = 0): Promise<void> {
    if (indexing.files().length === 0) return;
    while (await writes.writeUnsynced(() => indexing.readSome()))
      if (pauseMs > 0) await sleep(pauseMs);
  }

  async function retire(numbers: readonly number[]): Promise<void> {
    if (numbers.length === 0) return;
    // Durable before the rest is read: who still saw the file alive had written before that.
    await writes.write(() => {
      for (const number of numbers) indexing.end(number);
    });
    for (const number of numbers) {
      await drain();
      const forgotten = await writes.write(() => indexing.forget(number));
      if (forgotten) await rm(auditFilePath(folder, number), { force: true });
    }
  }

  return {
    async create(size) {
      const number = await writes.write(() => indexing.newNumber());
      return createAuditFile(folder, number, size);
    },
    drain,
    retire,
    async adopt() {
      const known = new Set(indexing.files().map(({ number }) => number));
      const found = (await namesIn(folder)).map(auditFileNumber);
      const strange = found.filter((number) => number !== null && !known.has(number));
      if (strange.length > 0) await writes.write(() => indexing.adopt(strange as number[]));
    },
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
