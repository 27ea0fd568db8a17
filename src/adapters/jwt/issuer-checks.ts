import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { IssuerConfig } from './issuer-config.ts';

/** What was read, and one line per fault; with a fault, what was read is not to be used. */
export interface IssuersRead {
  readonly issuers: readonly IssuerConfig[];
  readonly faults: readonly string[];
}

const FIELDS = ['issuer', 'audience', 'jwks'] as const;

/**
 * Reads a file of issuers: a JSON list of `{"issuer", "audience", "jwks"}`, each issuer once. A
 * path in `jwks` is relative to that file.
 */
export function readIssuersFile(path: string, isProduction: boolean): IssuersRead {
  const list = readJson(path);
  if (list instanceof Error) return { issuers: [], faults: [`${path}: ${list.message}`] };
  if (!Array.isArray(list) || list.length === 0) {
    return { issuers: [], faults: [`${path}: is not a JSON list of issuers`] };
  }
  const faults: string[] = [];
  const issuers: IssuerConfig[] = [];
  for (const [index, item] of list.entries()) {
    const found = readItem(item, dirname(path), isProduction);
    if (typeof found === 'string') faults.push(`${path}: issuer ${index + 1} ${found}`);
    else issuers.push(found);
  }
  if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length) {
    faults.push(`${path}: names an issuer twice`);
  }
  return { issuers, faults };
}

function readItem(item: unknown, folder: string, isProduction: boolean): IssuerConfig | string {
  if (typeof item !== 'object' || item === null) return 'is not an object';
  const names = Object.keys(item);
  const isComplete = FIELDS.every((field) => names.includes(field));
  const isText = Object.values(item).every((value) => typeof value === 'string' && value !== '');
  if (!isComplete || !isText || names.length > FIELDS.length) {
    return 'must have issuer, audience and jwks, each a text, and nothing else';
  }
  const { issuer, audience, jwks } = item as Record<(typeof FIELDS)[number], string>;
  const place = isUrl(jwks) ? jwks : resolve(folder, jwks);
  const fault = jwksFault(place, isProduction);
  return fault === null ? { issuer, audience, jwks: place } : `has jwks that ${fault}`;
}

/**
 * What is wrong with the place of a key set, or null: an `https://` URL, or a file that holds
 * public keys. Plain HTTP is for this machine alone, and never in production.
 */
export function jwksFault(jwks: string, isProduction: boolean): string | null {
  if (!isUrl(jwks)) return keyFileFault(jwks);
  if (!URL.canParse(jwks)) return 'is not a URL';
  const { protocol, hostname } = new URL(jwks);
  if (protocol === 'https:') return null;
  const isLocal = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  if (protocol === 'http:' && isLocal && !isProduction) return null;
  return 'must be an https:// URL or the path of a file';
}

function isUrl(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]+:/.test(text);
}

function keyFileFault(path: string): string | null {
  const set = readJson(path);
  if (set instanceof Error) return `cannot be used: ${set.message}`;
  const keys = typeof set === 'object' && set !== null && 'keys' in set ? set.keys : null;
  if (!Array.isArray(keys) || keys.length === 0) return 'is not a JSON Web Key Set with keys';
  const isSecret = keys.some((key) => Object.hasOwn(Object(key), 'd') || key?.kty === 'oct');
  return isSecret ? 'holds a private or symmetric key; it must hold public keys only' : null;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error;
    return new Error(isMissing ? `cannot be read (${error.code})` : 'is not JSON');
  }
}
