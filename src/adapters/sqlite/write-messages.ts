import type { Seal } from '../../domain/audit/seal.ts';
import type { CommitOrder, CommitOutcome } from './record-write.ts';

/** What the writing thread is told. */
export type ToWriteThread =
  /** There is something new in the log files. */
  | { readonly kind: 'index' }
  /** Entries of the log may be there that no seal covers. */
  | { readonly kind: 'seal'; readonly now: number }
  /** Commits to make together. No others are sent until these are done. */
  | { readonly kind: 'commit'; readonly orders: readonly CommitOrder[] };

/** What the writing thread tells. */
export type FromWriteThread =
  | { readonly kind: 'ready' }
  /** All that was in log files when it was told is in the tables of the log. */
  | { readonly kind: 'indexed' }
  /** The seal that was made; null when there was nothing to seal, or it could not be. */
  | { readonly kind: 'sealed'; readonly seal: Seal | null; readonly fault: string | null }
  /** What became of the commits, in their order. */
  | { readonly kind: 'done'; readonly results: readonly CommitResult[] };

/** What became of a commit. */
export type CommitResult = CommitOutcome | CommitFault;

/** An error, as it passes from thread to thread. */
export interface CommitFault {
  readonly isUnavailable: boolean;
  readonly message: string;
}
