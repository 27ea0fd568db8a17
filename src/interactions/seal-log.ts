import type { Seal } from '../domain/audit/seal.ts';
import type { Context } from './context.ts';

/** What was sealed at once. */
export interface Sealed {
  /** The newest seal. */
  readonly seal: Seal;
  /** How many entries were sealed, by all of them. */
  readonly entries: number;
}

/**
 * Seals all entries of the log that can be sealed now; null when there was none, or other processes
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
    if (seal === null) return newest === null ? null : { seal: newest, entries };
    newest = seal;
    entries += seal.entries;
  }
}
