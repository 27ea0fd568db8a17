import { createHmac, hash } from 'node:crypto';
import type { Names } from '../../ports/names.ts';

const RESOURCE_DIGITS = 24;
const VERSION_DIGITS = 16;
const DIGEST_DIGITS = 32;

/** Names under this secret; see the port. Equal secrets give equal names, on every process. */
export function keyedNames(secret: Uint8Array): Names {
  const sign = hmacSha256(secret);
  // A version is named once, never again: how may change. Half the work of an HMAC is enough: who
  // would append to what was hashed needs all digits of the hash, and a quarter of them is given.
  const prefix = sign(parted('versions', []));

  function name(kind: string, parts: readonly string[], digits: number): string {
    return sign(parted(kind, parts)).slice(0, digits);
  }

  return {
    recordId: (nhsNumber) => name('record', [nhsNumber], RESOURCE_DIGITS),
    entryId: (recordId, key) => `${recordId}-${name('entry', [recordId, key], RESOURCE_DIGITS)}`,
    versionId: (entryId, digest, lastUpdated) => {
      const text = parted('version', [entryId, digest, lastUpdated]);
      return hash('sha256', prefix + text, 'hex').slice(0, VERSION_DIGITS);
    },
    sign: (text) => name('signature', [text], DIGEST_DIGITS),
    digest: (text) => hash('sha256', text, 'hex').slice(0, DIGEST_DIGITS),
  };
}

/**
 * The text that names something. `kind` keeps the names of one kind apart from those of another
 * that is made of the same parts.
 */
function parted(kind: string, parts: readonly string[]): string {
  // Each part with its length before it: ('ab', 'c') must not be named as ('a', 'bc') is.
  let text = `${kind.length}:${kind}`;
  for (const part of parts) text += `${part.length}:${part}`;
  return text;
}

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
/** Longer texts than any name is made of are left to the runtime. */
const TEXT_LENGTH_MAX = 1_024;
const BYTES_PER_CHARACTER_MAX = 3;

/**
 * HMAC-SHA-256 of texts, in hexadecimal digits. A submission takes dozens of them, and an object of
 * `createHmac` for each costs four times what its two hashes do (RFC 2104, section 2).
 */
function hmacSha256(secret: Uint8Array): (text: string) => string {
  const runtimes = (text: string): string =>
    createHmac('sha256', secret).update(text).digest('hex');
  if (secret.length > BLOCK_BYTES) return runtimes;
  const inner = Buffer.alloc(BLOCK_BYTES + TEXT_LENGTH_MAX * BYTES_PER_CHARACTER_MAX);
  const outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES);
  for (let at = 0; at < BLOCK_BYTES; at++) {
    inner[at] = (secret[at] ?? 0) ^ 0x36;
    outer[at] = (secret[at] ?? 0) ^ 0x5c;
  }
  return (text) => {
    if (text.length > TEXT_LENGTH_MAX) return runtimes(text);
    const end = BLOCK_BYTES + inner.write(text, BLOCK_BYTES);
    // As characters of one byte each, which is quicker than as digits.
    outer.write(hash('sha256', inner.subarray(0, end), 'latin1'), BLOCK_BYTES, 'latin1');
    return hash('sha256', outer, 'hex');
  };
}
