import { SEALED_MAX, type Seal } from '../domain/audit/seal.ts';
import type { Context } from './context.ts';

/** What was sealed at once. */
export interface Sealed {
  /** The newest seal. */
  readonly seal: Seal;
  /** How many entries were sealed, by all of them. */
  readonly entries: number;
}

/**
 * Seals the entries of the log that can be sealed now; null when there was none, or other processes
 * did it.
 */
export async function sealLog({
  store,
  clock,
}: Pick<Context, 'store' | 'clock'>): Promise<Sealed | null> {
  const now = clock.now();
  let newest: Seal | null = null;
  let entries = 0;
  for (;;) {
    const seal = await store.sealAudit(now);
    newest = seal ?? newest;
    entries += seal?.entries ?? 0;
    // Under load there is always more: what does not fill a seal is left to the next time.
    if (seal === null || seal.entries < SEALED_MAX) break;
  }
  return newest === null ? null : { seal: newest, entries };
}
