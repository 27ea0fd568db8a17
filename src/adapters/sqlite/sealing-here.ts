import type { Seal } from '../../domain/audit/seal.ts';
import type { AuditSeals } from './audit-seals.ts';
import type { GroupCommit } from './group-commit.ts';

/** Seals entries on one connection; null where there is nothing to seal. */
export type SealEntries = (now: number) => Promise<Seal | null>;

/**
 * Seals on this connection. `readSome` brings some of the log files into the tables first; not all
 * of them: while more is appended than can be brought in, nothing would ever be sealed. What a seal
 * covers is read before its transaction, which others wait for.
 */
export function sealingHere(
  seals: AuditSeals,
  writes: GroupCommit,
  readSome: () => boolean,
): SealEntries {
  return async (now) => {
    await writes.writeUnsynced(readSome);
    const seal = seals.next(now);
    const isAdded = seal !== null && (await writes.write(() => seals.add(seal)));
    return isAdded ? seal : null;
  };
}
