import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KEYS_COOLDOWN_MS, KEYS_FRESH_MS } from '../../../src/adapters/jwt/key-set.ts';
import { createTokenVerifier } from '../../../src/adapters/jwt/verifier.ts';
import type { TokenVerifier } from '../../../src/ports/token-verifier.ts';
import {
  makeKey,
  TEST_AUDIENCE,
  TEST_ISSUER,
  type TestKey,
  TOKEN_NOW,
  tokenWith,
} from '../../support/tokens.ts';
import { type KeyServer, startKeyServer } from './key-server.ts';

let first: TestKey;
let second: TestKey;
let server: KeyServer;
let now: number;
let faults: unknown[];

beforeAll(async () => {
  first = await makeKey('ES256', 'key-1');
  second = await makeKey('ES256', 'key-2');
});

beforeEach(async () => {
  now = TOKEN_NOW;
  faults = [];
  server = await startKeyServer(keySet(first));
});

afterEach(() => server.close());

function keySet(...keys: TestKey[]) {
  return { keys: keys.map((key) => key.publicJwk) };
}

function verifier(jwks: string = server.url): TokenVerifier {
  const config = { issuer: TEST_ISSUER, audience: TEST_AUDIENCE, jwks };
  // This test's own list: what an earlier test left under way must not be told to a later one.
  const told = faults;
  return createTokenVerifier([config], { now: () => now }, (_issuer, cause) => told.push(cause));
}

/** A fresh token each time, so that none is remembered. */
let serial = 0;
function freshToken(key: TestKey): Promise<string> {
  serial += 1;
  return tokenWith(key, { jti: `token-${serial}` });
}

async function outcome(by: TokenVerifier, key: TestKey): Promise<string> {
  const result = await by.verify(await freshToken(key));
  return result.ok ? 'accepted' : result.problem.kind;
}

/**
 * Waits until something holds that needs the event loop to turn, for as long as a test may last.
 */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2_000 && !holds(); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(holds()).toBe(true);
}

describe('keys of a server', () => {
  it('are fetched once for many tokens at the same time', async () => {
    const by = verifier();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcome(by, first)));
    expect(new Set(outcomes)).toEqual(new Set(['accepted']));
    expect(server.requests()).toBe(1);
  });

  it('are fetched again for a key that is new, and the old one still counts', async () => {
    const by = verifier();
    expect(await outcome(by, first)).toBe('accepted');
    server.answerWith(keySet(first, second));
    now += KEYS_COOLDOWN_MS;
    const outcomes = await Promise.all([outcome(by, second), outcome(by, second)]);
    expect(outcomes).toEqual(['accepted', 'accepted']);
    expect(await outcome(by, first)).toBe('accepted');
    expect(server.requests()).toBe(2);
  });

  it('are not fetched more often however many tokens name unknown keys', async () => {
    const by = verifier();
    expect(await outcome(by, first)).toBe('accepted');
    now += KEYS_COOLDOWN_MS;
    for (let count = 0; count < 5; count += 1) {
      expect(await outcome(by, second)).toBe('unauthenticated');
    }
    expect(server.requests()).toBe(2);
    server.answerWith(keySet(first, second));
    now += KEYS_COOLDOWN_MS;
    expect(await outcome(by, second)).toBe('accepted');
  });

  it('are refreshed in the background once old, and a withdrawn key stops counting', async () => {
    const by = verifier();
    const remembered = await freshToken(first);
    expect((await by.verify(remembered)).ok).toBe(true);
    server.answerWith(keySet(second));
    now += KEYS_FRESH_MS + 1;
    expect((await by.verify(remembered)).ok).toBe(true);
    await until(() => server.requests() === 2 && server.waiting() === 0);
    let result = await by.verify(remembered);
    for (let turn = 0; turn < 200 && result.ok; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      result = await by.verify(remembered);
    }
    expect(result.ok).toBe(false);
    expect(await outcome(by, second)).toBe('accepted');
  });
});

describe('a dead key server', () => {
  it('does not hold up a token whose key is known, however old the keys are', async () => {
    const by = verifier();
    expect(await outcome(by, first)).toBe('accepted');
    server.answerWith(null);
    now += KEYS_FRESH_MS + 1;
    expect(await outcome(by, first)).toBe('accepted');
    await until(() => server.waiting() === 1);
    expect(await outcome(by, first)).toBe('accepted');
    expect(server.waiting()).toBe(1);
    expect(faults).toEqual([]);
  });

  it.each([[500], [302], ['not json'], [{ keys: 'none' }], ['x'.repeat(1_100_000)]])(
    'that answers %j leaves the known keys in use, and the operator is told',
    async (answer) => {
      const by = verifier();
      expect(await outcome(by, first)).toBe('accepted');
      server.answerWith(answer);
      now += KEYS_FRESH_MS + 1;
      expect(await outcome(by, first)).toBe('accepted');
      await until(() => faults.length === 1);
      expect(await outcome(by, first)).toBe('accepted');
    },
  );

  it('makes a token with a new key unavailable to check, not invalid', async () => {
    const by = verifier();
    expect(await outcome(by, first)).toBe('accepted');
    server.answerWith(503);
    now += KEYS_COOLDOWN_MS;
    expect(await outcome(by, second)).toBe('unavailable');
    expect(await outcome(by, second)).toBe('unavailable');
    expect(server.requests()).toBe(2);
  });

  it('means unavailable when there never was a key, and recovers once it answers', async () => {
    const by = verifier();
    server.answerWith(503);
    const result = await by.verify(await freshToken(first));
    expect(result.ok ? null : result.problem.retryAfterSeconds).toBe(KEYS_COOLDOWN_MS / 1000);
    expect(await outcome(by, first)).toBe('unavailable');
    expect(server.requests()).toBe(1);
    server.answerWith(keySet(first));
    now += KEYS_COOLDOWN_MS;
    expect(await outcome(by, first)).toBe('accepted');
  });

  it('is asked again after the clock was set back', async () => {
    const by = verifier();
    server.answerWith(503);
    expect(await outcome(by, first)).toBe('unavailable');
    server.answerWith(keySet(first));
    now -= 1_000;
    expect(await outcome(by, first)).toBe('accepted');
  });
});

describe('keys in a file', () => {
  it('are read at first use, and again for a key that is new', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scr-keys-'));
    try {
      const path = join(folder, 'keys.json');
      await writeFile(path, JSON.stringify(keySet(first)));
      const by = verifier(path);
      expect(await outcome(by, first)).toBe('accepted');
      await writeFile(path, JSON.stringify(keySet(first, second)));
      expect(await outcome(by, second)).toBe('unauthenticated');
      now += KEYS_COOLDOWN_MS;
      expect(await outcome(by, second)).toBe('accepted');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('that is missing mean unavailable', async () => {
    expect(await outcome(verifier('./no-such-keys.json'), first)).toBe('unavailable');
    expect(faults).toHaveLength(1);
  });
});
