import type { CommitOrder, CommitOutcome } from './record-write.ts';

/** What the writing thread is told. */
export type ToWriteThread =
  /** There is something new in the log files. */
  | { readonly kind: 'index' }
  /** A commit to make; `number` comes back with what became of it. */
  | { readonly kind: 'commit'; readonly number: number; readonly order: CommitOrder };

/** What the writing thread tells. */
export type FromWriteThread =
  | { readonly kind: 'ready' }
  /** All that was in log files when it was told is in the tables of the log. */
  | { readonly kind: 'indexed' }
  | { readonly kind: 'done'; readonly commits: readonly DoneCommit[] };

/** What became of a commit. */
export interface DoneCommit {
  readonly number: number;
  readonly result: CommitOutcome | CommitFault;
}

/** An error, as it passes from thread to thread. */
export interface CommitFault {
  readonly isUnavailable: boolean;
  readonly message: string;
}
