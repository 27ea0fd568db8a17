import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEntry } from '../../domain/audit/entry.ts';
import { StoreUnavailable } from '../../ports/store.ts';
import { auditBackground } from './audit-background.ts';
import { auditFolder } from './audit-file.ts';
import { framePart } from './audit-frame.ts';
import { auditIndexing } from './audit-indexing.ts';
import { auditJournal } from './audit-journal.ts';
import { auditKeeping } from './audit-keeping.ts';
import type { AuditLog } from './audit-log.ts';
import { ownFiles } from './audit-own-files.ts';
import { packEntry } from './audit-pack.ts';
import type { GroupCommit } from './group-commit.ts';
import { oneValue } from './one-value.ts';
import { SQL } from './statements.ts';
import type { WriteThread } from './write-thread.ts';

/** How much a process may have written that is not indexed, before it waits for that. */
const BYTES_BEHIND_MAX = 24 * 1024 * 1024;

/** How long it waits, and how often it looks. */
const INDEXER_MS_MAX = 5_000;
const LOOK_EVERY_MS = 20;

/** Appends to the audit log: to this process's log file first, to the tables of the log later. */
export interface AuditWriter {
  append(entries: readonly AuditEntry[]): Promise<void>;
  /** Resolves when all that any process had acknowledged at the call is in the tables. */
  settle(): Promise<void>;
  /** Brings some of it into the tables, inside the caller's transaction; whether there was more. */
  readSome(): boolean;
  /** Brings in what is left. Nothing may be under way, and the connection still open. */
  close(): Promise<void>;
}

/** The ways to write that the rest of a store has as well. */
interface Ways {
  readonly log: AuditLog;
  /** The connection's only other way to be written. */
  readonly writes: GroupCommit;
  readonly thread: WriteThread;
}

/** The writer on a connection. */
export function auditWriter(database: DatabaseSync, { log, writes, thread }: Ways): AuditWriter {
  const path = database.location() ?? '';
  const folder = auditFolder(path);
  const indexing = auditIndexing(database, log, folder);
  const keeping = auditKeeping(writes, indexing, folder, (ms) => delay(ms));
  const background = auditBackground(thread);
  const own = ownFiles(indexing);
  const live = oneValue<number>(database, SQL.liveAuditFile);
  const journal = auditJournal({
    async newFile(size) {
      const file = await keeping.create(size);
      own.add(file);
      return file;
    },
    isLive: (number) => live(number) !== undefined,
    onDurable: () => background.nudge(),
    catchUp: () => catchUp(),
  });
  let adopted = false;
  // What a process that died left behind, or a backup of the database does not know.
  if (existsSync(folder)) background.nudge();

  /**
   * The thread that indexes does it, with a core of its own; here it would hold up every answer.
   * Only if nothing comes of it, whoever waits does it, and hears what is wrong.
   */
  async function catchUp(): Promise<void> {
    for (let waited = 0; waited < INDEXER_MS_MAX; waited += LOOK_EVERY_MS) {
      if (own.behind() <= BYTES_BEHIND_MAX) return;
      background.nudge();
      await delay(LOOK_EVERY_MS);
    }
    await keeping.drain();
  }

  return {
    append(entries) {
      if (entries.length === 0) return Promise.resolve();
      const packed = entries.map(packEntry);
      // A claim counts for the very next request on every process: it goes to the tables at once.
      const part = entries.some(({ claim }) => claim !== null) ? null : framePart(packed);
      return part === null ? writes.write(() => log.append(packed)) : journal.append(part);
    },
    async settle() {
      if (!adopted) await keeping.adopt();
      adopted = true;
      await keeping.drain();
    },
    readSome: indexing.readSome,
    async close() {
      background.stop();
      await thread.stop();
      await journal.close();
      try {
        await keeping.retire(own.numbers());
      } catch (error) {
        // Nothing is lost: the files stay, and are brought in when the store is opened again.
        if (!(error instanceof StoreUnavailable)) throw error;
      }
    },
  };
}
