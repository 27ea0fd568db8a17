import { link, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
} from 'jose';
import type { IssuerConfig } from './issuer-config.ts';
import { mintToken, type TokenRequest } from './mint-token.ts';

/**
 * `iss` and `aud` of development tokens: the same at every address, so that a token fits any
 * server.
 */
export const DEV_ISSUER = 'urn:scr:development:issuer';
export const DEV_AUDIENCE = 'urn:scr:development:server';

const ALGORITHM = 'ES256';
const KEY_FILE = 'dev-key.json';

/** Development mode's own token issuer. */
export interface DevIssuer {
  /** For `createTokenVerifier`. */
  readonly config: IssuerConfig;
  /** The public half, as it is served. */
  readonly jwks: JSONWebKeySet;
  mint(request: TokenRequest): Promise<string>;
}

/**
 * Opens the development issuer of a data directory; the first to do so makes its key. Every process
 * that opens it, even at the same moment, gets the same key. Rejects when the directory cannot be
 * written, or when the file is not a key.
 */
export async function openDevIssuer(dataDirectory: string): Promise<DevIssuer> {
  const path = join(dataDirectory, KEY_FILE);
  const key = (await readKey(path)) ?? (await makeKey(dataDirectory, path));
  const { d: _secret, ...publicHalf } = key;
  const jwks = { keys: [publicHalf] };
  const signing = {
    issuer: DEV_ISSUER,
    audience: DEV_AUDIENCE,
    algorithm: ALGORITHM,
    keyId: key.kid,
    privateKey: key,
  };
  return {
    config: { issuer: DEV_ISSUER, audience: DEV_AUDIENCE, jwks },
    jwks,
    mint: (request) => mintToken(signing, request),
  };
}

type DevKey = JWK & { readonly kid: string };

/** The key in a file, or null when there is no file. */
async function readKey(path: string): Promise<DevKey | null> {
  const text = await readFile(path, 'utf8').catch(nullWhenMissing);
  if (text === null) return null;
  try {
    const key = JSON.parse(text);
    await importJWK(key, ALGORITHM);
    if (typeof key.kid !== 'string' || typeof key.d !== 'string') throw new Error('half a key');
    return key;
  } catch (cause) {
    throw new Error(`${path} is not a development key; delete it, and a new one is made`, {
      cause,
    });
  }
}

/**
 * Writes the key elsewhere and links it into place: whoever is first wins, and no half is ever
 * read.
 */
async function makeKey(dataDirectory: string, path: string): Promise<DevKey> {
  await mkdir(dataDirectory, { recursive: true });
  const draft = await mkdtemp(join(dataDirectory, 'dev-key-'));
  try {
    const file = join(draft, KEY_FILE);
    await writeFile(file, JSON.stringify(await freshKey()), { mode: 0o600 });
    await link(file, path).catch(nullWhenPresent);
  } finally {
    await rm(draft, { recursive: true });
  }
  const key = await readKey(path);
  if (key === null) throw new Error(`${path} was deleted while it was made`);
  return key;
}

async function freshKey(): Promise<DevKey> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const key = await exportJWK(privateKey);
  return { ...key, alg: ALGORITHM, use: 'sig', kid: await calculateJwkThumbprint(key) };
}

function nullWhenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function nullWhenPresent(error: NodeJS.ErrnoException): null {
  if (error.code === 'EEXIST') return null;
  throw error;
}
