import { readFile } from 'node:fs/promises';
import type { JSONWebKeySet } from 'jose';
import type { IssuerConfig } from './issuer-config.ts';

/** How long a key server may take to answer. */
const KEY_FETCH_TIMEOUT_MS = 3_000;

/** The largest key set that is read; real ones have a few keys of a kilobyte or two. */
const KEY_SET_CHARACTERS_MAX = 1024 * 1024;

/**
 * How to load an issuer's key set (RFC 7517) anew. Rejects when it cannot be had in time or is not
 * JSON; whether it is a key set, its reader finds out.
 */
export function keySource(
  jwks: IssuerConfig['jwks'],
  timeoutMs: number = KEY_FETCH_TIMEOUT_MS,
): () => Promise<JSONWebKeySet> {
  if (typeof jwks !== 'string') return async () => jwks;
  if (/^https?:\/\//.test(jwks)) return async () => JSON.parse(await fetchText(jwks, timeoutMs));
  return async () => JSON.parse(await readFile(jwks, 'utf8'));
}

async function fetchText(url: string, timeoutMs: number): Promise<string> {
  const response = await fetch(url, {
    // A redirect could lead anywhere, and to plain HTTP.
    redirect: 'error',
    headers: { accept: 'application/jwk-set+json, application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`the key server answered ${response.status}`);
  }
  return readLimited(response.body);
}

async function readLimited(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > KEY_SET_CHARACTERS_MAX) throw new Error('the key set is too large');
  }
  return text + decoder.decode();
}
