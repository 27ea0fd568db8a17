import { closeSync, openSync, readSync, write, writeSync } from 'node:fs';
import { constants, type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';

/** How much is read at a time. */
export const READ_BYTES = 256 * 1024;

/**
 * How much of a new file is filled at a time, so that no sync of it keeps others waiting for long.
 */
const FILL_BYTES = 256 * 1024;

/** A log file that this process writes; nobody else does. */
export interface AuditFile {
  readonly number: number;
  /** Whether so many more bytes fit. */
  hasRoom(bytes: number): boolean;
  /** How many bytes of it are written. */
  written(): number;
  /** How much of it is written, from 0 to 1. */
  fullness(): number;
  /** Writes behind the last write, and resolves once that is durable. */
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** The folder of the log files of a database. */
export function auditFolder(databasePath: string): string {
  return `${databasePath}-audit`;
}

/** Where a file stands. */
export function auditFilePath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(12, '0')}.log`);
}

/** The number of a file by its name; null for the name of anything else. */
export function auditFileNumber(name: string): number | null {
  return /^\d{12}\.log$/.test(name) ? Number.parseInt(name, 10) : null;
}

/**
 * Creates a file of this size, filled with zeros: a write that does not change a file's size or
 * blocks is durable in half the time. Rejects when there is such a file already.
 */
export async function createAuditFile(
  folder: string,
  number: number,
  size: number,
): Promise<AuditFile> {
  await mkdir(folder, { recursive: true });
  const { O_WRONLY, O_CREAT, O_EXCL, O_DSYNC } = constants;
  // O_DSYNC: one call writes and syncs, where write and fdatasync would be two turns.
  const handle = await open(auditFilePath(folder, number), O_WRONLY | O_CREAT | O_EXCL | O_DSYNC);
  try {
    const zeros = Buffer.alloc(Math.min(FILL_BYTES, size));
    for (let at = 0; at < size; at += zeros.length) await writeAll(handle, zeros, at);
    await syncFolder(folder);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return writer(handle, number, size);
}

function writer(handle: FileHandle, number: number, size: number): AuditFile {
  let end = 0;
  const write = quickOrApart(handle);
  return {
    number,
    hasRoom: (bytes) => end + bytes <= size,
    written: () => end,
    fullness: () => end / size,
    async write(bytes) {
      await write(bytes, end);
      end += bytes.length;
    },
    close: () => handle.close(),
  };
}

/**
 * So much is written apart: behind so many who wait there are others to go on with meanwhile (some
 * 25 entries).
 */
const MUCH_BYTES = 8 * 1024;

/** A disk that takes longer, as a rule, is left to another thread. */
const QUICK_MS = 1;

/** How much the last write counts, beside those before it: one stall does not make a disk slow. */
const LAST_COUNTS = 1 / 16;

/** After so many writes there it is tried again whether the disk is quick. */
const APART_WRITES = 64;

/**
 * On a quick disk a write for few is done here: it takes a fraction of a millisecond, less than
 * handing it to another thread and being woken again. A slow disk must not hold up everything else.
 */
function quickOrApart(handle: FileHandle): (bytes: Uint8Array, at: number) => Promise<void> {
  let apart = 0;
  let usualMs = 0;
  return async (bytes, at) => {
    if (apart > 0 || bytes.length > MUCH_BYTES) {
      apart = Math.max(0, apart - 1);
      return writeAll(handle, bytes, at);
    }
    const begun = performance.now();
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(handle.fd, bytes, done, bytes.length - done, at + done);
    }
    usualMs += (performance.now() - begun - usualMs) * LAST_COUNTS;
    if (usualMs > QUICK_MS) apart = APART_WRITES;
  };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += await writeSome(handle.fd, bytes, done, at);
  }
}

/** By the callback interface, which costs half of what the file handle's own costs. */
function writeSome(fd: number, bytes: Uint8Array, done: number, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, done, bytes.length - done, at + done, (error, written) => {
      if (error === null) resolve(written);
      else reject(error);
    });
  });
}

/** The file's name is durable with its folder only. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Up to `READ_BYTES` of a file from a place on; null when there is no such file. */
export function readAuditFile(folder: string, number: number, from: number): Buffer | null {
  const file = openIfThere(auditFilePath(folder, number));
  if (file === null) return null;
  try {
    const bytes = Buffer.allocUnsafe(READ_BYTES);
    return bytes.subarray(0, readSync(file, bytes, 0, READ_BYTES, from));
  } finally {
    closeSync(file);
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
