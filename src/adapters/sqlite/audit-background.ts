import type { WriteThread } from './write-thread.ts';

/** When the writing thread brings log files into the tables of the log. */
export interface AuditBackground {
  /** There is something new in a log file. */
  nudge(): void;
  stop(): void;
}

/** Short-lived processes (tests, commands) leave the work to whoever opens the store next. */
const FIRST_AFTER_MS = 500;

/** Large batches cost less than many small ones, and a search does not wait for this thread. */
const EVERY_MS = 100;

/** Nudges the thread, which is started by it. */
export function auditBackground(thread: WriteThread): AuditBackground {
  let timer: NodeJS.Timeout | null = null;
  let busy = false;
  let wanted = false;
  let stopped = false;

  function schedule(): void {
    if (busy || timer !== null || stopped) return;
    timer = setTimeout(begin, thread.isReady() ? EVERY_MS : FIRST_AFTER_MS);
    timer.unref();
  }

  function begin(): void {
    timer = null;
    busy = true;
    wanted = false;
    thread.start();
    thread.send({ kind: 'index' });
  }

  thread.hear(({ kind }) => {
    if (kind !== 'indexed' && kind !== 'ended') return;
    busy = false;
    if (kind === 'indexed' && wanted) schedule();
  });

  return {
    nudge() {
      wanted = true;
      schedule();
    },
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
