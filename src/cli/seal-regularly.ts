import type { App } from '../app.ts';
import { sealLog } from '../interactions/seal-log.ts';

/** What somebody can change in the log without being noticed is at most what came in this time. */
const SEAL_EVERY_MS = 60_000;

/**
 * Seals the log for as long as the process runs, and says each newest seal in the server's log:
 * where that is kept elsewhere, nobody who can write to the store can seal it all anew.
 */
export function sealRegularly({ context, logger }: Pick<App, 'context' | 'logger'>): void {
  let busy = false;

  async function seal(): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      const sealed = await sealLog(context);
      if (sealed === null) return;
      const { number, at, hash } = sealed.seal;
      logger.info({ seal: number, at, hash, entries: sealed.entries }, 'audit log sealed');
    } catch (error) {
      // It is tried again the next time. An entry that cannot be read any more stays in the way,
      // and somebody has to look at it; answers do not wait for that.
      logger.error({ err: error }, 'the audit log could not be sealed');
    } finally {
      busy = false;
    }
  }

  setInterval(() => void seal(), SEAL_EVERY_MS).unref();
}
