import type { AuditEntry } from './entry.ts';
import { contentOf, hashOf, type Seal, type Sha256 } from './seal.ts';

/** What is wrong with a seal, in words that name no patient; empty where it holds. */
export function sealFaults(
  seal: Seal,
  before: Pick<Seal, 'number' | 'hash'>,
  entries: readonly AuditEntry[] | null,
  sha256: Sha256,
): readonly string[] {
  const faults: string[] = [];
  if (seal.number !== before.number + 1) {
    faults.push(`it stands behind seal ${before.number}: others between them are missing`);
  }
  if (hashOf(seal, before, sha256) !== seal.hash) {
    faults.push('its hash is not that of what it says and of the seal before it');
  }
  return [...faults, ...entryFaults(seal, entries, sha256)];
}

function entryFaults(
  seal: Seal,
  entries: readonly AuditEntry[] | null,
  sha256: Sha256,
): readonly string[] {
  if (entries === null) return ['an entry that it covers cannot be read any more'];
  if (entries.length !== seal.entries) {
    return [`it covers ${seal.entries} entries, and ${entries.length} are there`];
  }
  if (contentOf(entries, sha256) === seal.content) return [];
  return ['an entry that it covers does not say what it said'];
}
