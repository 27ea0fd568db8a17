import { StoreUnavailable } from '../../ports/store.ts';

/**
 * Primary result codes (https://sqlite.org/rescode.html) that say "not now": PERM, BUSY, LOCKED,
 * NOMEM, READONLY, INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOLFS, AUTH, NOTADB.
 * The others (a constraint, a mismatch, wrong SQL) are bugs of ours and stay as they are.
 */
const NOT_NOW: ReadonlySet<number> = new Set([3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 22, 23, 26]);
const BUSY = 5;

/** What to reject with for something that SQLite or the file system threw. */
export function asUnavailable(error: unknown): unknown {
  const notNow = NOT_NOW.has(primaryCode(error)) || isClosed(error) || isSystemCall(error);
  return notNow ? new StoreUnavailable(error) : error;
}

/** Whether another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === BUSY;
}

function primaryCode(error: unknown): number {
  if (!(error instanceof Error) || !('errcode' in error)) return 0;
  return Number(error.errcode) & 0xff;
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE';
}

/** A file that cannot be created or written: no room, no permission, a disk that fails. */
function isSystemCall(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
