import { createHmac, hash } from 'node:crypto';
import type { Names } from '../../ports/names.ts';

const RESOURCE_DIGITS = 24;
const VERSION_DIGITS = 16;
const DIGEST_DIGITS = 32;

/** Names under this secret; see the port. Equal secrets give equal names, on every process. */
export function keyedNames(secret: Uint8Array): Names {
  /**
   * `kind` keeps the names of one kind apart from those of another that is made of the same parts.
   */
  function name(kind: string, parts: readonly string[], digits: number): string {
    const hmac = createHmac('sha256', secret);
    // Each part with its length before it: ('ab', 'c') must not be named as ('a', 'bc') is.
    for (const part of [kind, ...parts]) hmac.update(`${part.length}:${part}`);
    return hmac.digest('hex').slice(0, digits);
  }

  return {
    recordId: (nhsNumber) => name('record', [nhsNumber], RESOURCE_DIGITS),
    entryId: (recordId, key) => `${recordId}-${name('entry', [recordId, key], RESOURCE_DIGITS)}`,
    versionId: (entryId, digest, lastUpdated) =>
      name('version', [entryId, digest, lastUpdated], VERSION_DIGITS),
    sign: (text) => name('signature', [text], DIGEST_DIGITS),
    digest: (text) => hash('sha256', text, 'hex').slice(0, DIGEST_DIGITS),
  };
}
