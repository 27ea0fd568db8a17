import type { Seal } from '../../domain/audit/seal.ts';
import type { AuditSeals } from './audit-seals.ts';
import type { GroupCommit } from './group-commit.ts';

/** Seals entries on one connection; null where there is nothing to seal. */
export type SealEntries = (now: number) => Promise<Seal | null>;

/**
 * Seals on this connection, once `settle` has brought in what was acknowledged. What a seal covers
 * is read before its transaction, which others wait for.
 */
export function sealingHere(
  seals: AuditSeals,
  writes: GroupCommit,
  settle: () => Promise<void>,
): SealEntries {
  return async (now) => {
    await settle();
    const seal = seals.next(now);
    const isAdded = seal !== null && (await writes.write(() => seals.add(seal)));
    return isAdded ? seal : null;
  };
}
