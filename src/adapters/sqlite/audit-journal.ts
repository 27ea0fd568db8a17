import type { AuditFile } from './audit-file.ts';
import { type FramePart, framesOf } from './audit-frame.ts';
import { asUnavailable } from './unavailable.ts';

/** How many appends are written at once at most. */
const GROUP_MAX = 1_024;

/** The first file of a process is small, each next one four times as large, up to the last size. */
const FILE_BYTES_FIRST = 1024 * 1024;
const FILE_BYTES_MAX = 16 * 1024 * 1024;
const FILE_GROWTH = 4;

/** A file this full has the next one made ready beside it. */
const NEARLY_FULL = 0.5;

/** What the journal needs of its surroundings. */
export interface JournalParts {
  /** Makes a new, empty file of this size, known to the database. */
  newFile(size: number): Promise<AuditFile>;
  /** Whether the database still counts a file as written by this process. */
  isLive(number: number): boolean;
  /** Called when something more is durable. */
  onDurable(): void;
  /** Called before a file is begun: waits while too much is not indexed yet. */
  catchUp(): Promise<void>;
}

/** Appends to this process's own log file; one sync of the disk serves all that wait for it. */
export interface AuditJournal {
  /** Resolves once it is durable; rejects with `StoreUnavailable` when it cannot be. */
  append(part: FramePart): Promise<void>;
  /** Closes the file. Nothing may be under way. */
  close(): Promise<void>;
}

interface Queued {
  readonly part: FramePart;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Starts a journal; a file is made when something is appended first. */
export function auditJournal(parts: JournalParts): AuditJournal {
  const files = new FileTurns(parts);
  let queue: Queued[] = [];
  let flushing = false;

  /** Never rejects, as `writeGroup` never does. */
  async function flushAll(): Promise<void> {
    // No timer: what arrives while a group is being written is the next group.
    while (queue.length > 0) {
      const group = queue.slice(0, GROUP_MAX);
      queue = queue.slice(GROUP_MAX);
      await writeGroup(group);
    }
    flushing = false;
  }

  /** Never rejects: what goes wrong is told to those who wait for it. */
  async function writeGroup(group: readonly Queued[]): Promise<void> {
    try {
      const bytes = framesOf(group.map(({ part }) => part));
      while (!(await isWritten(bytes))) await files.leave();
      for (const { resolve } of group) resolve();
      parts.onDurable();
    } catch (error) {
      for (const { reject } of group) reject(asUnavailable(error));
      // What stands in this file behind the last good frame is not known: nothing follows it there.
      await files.leave();
    }
  }

  /**
   * False when the file was ended by another process, which took this one for dead: it may have
   * read the file before the write. When it had not ended it yet, it reads all that was written.
   */
  async function isWritten(bytes: Buffer): Promise<boolean> {
    const file = await files.withRoom(bytes.length);
    await file.write(bytes);
    return parts.isLive(file.number);
  }

  return {
    append: (part) =>
      new Promise((resolve, reject) => {
        queue.push({ part, resolve, reject });
        if (flushing) return;
        flushing = true;
        // Behind what else is decided in this step of the event loop, and belongs to the group.
        process.nextTick(flushAll);
      }),
    close: () => files.close(),
  };
}

/** One file after the other, the next one made before the last is full. */
class FileTurns {
  readonly #parts: JournalParts;
  #size = FILE_BYTES_FIRST;
  #current: AuditFile | null = null;
  #next: Promise<AuditFile> | null = null;

  constructor(parts: JournalParts) {
    this.#parts = parts;
  }

  /** The file to write so many bytes to. */
  async withRoom(bytes: number): Promise<AuditFile> {
    if (this.#current?.hasRoom(bytes)) {
      if (this.#current.fullness() > NEARLY_FULL) this.#prepare(0);
      return this.#current;
    }
    await this.leave();
    await this.#parts.catchUp();
    this.#prepare(bytes);
    this.#current = await this.#take();
    return this.#current.hasRoom(bytes) ? this.#current : this.withRoom(bytes);
  }

  /** Closes the file that is written: nothing is written to it any more. */
  async leave(): Promise<void> {
    const left = this.#current;
    this.#current = null;
    // All that was acknowledged was synced before: that closing fails says nothing about it.
    await left?.close().catch(() => {});
  }

  async close(): Promise<void> {
    await this.leave();
    const next = await this.#next?.catch(() => null);
    this.#next = null;
    await next?.close();
  }

  #prepare(bytes: number): void {
    if (this.#next !== null) return;
    const size = Math.max(this.#size, bytes);
    this.#size = Math.min(this.#size * FILE_GROWTH, FILE_BYTES_MAX);
    this.#next = this.#parts.newFile(size);
    // Whoever takes it hears of a failure; until then it must not count as unhandled.
    this.#next.catch(() => {});
  }

  async #take(): Promise<AuditFile> {
    const next = this.#next;
    this.#next = null;
    if (next === null) throw new Error('INVARIANT: a file was made ready');
    return next;
  }
}
