import { beforeEach, describe, expect, it } from 'vitest';
import { KEYS_FRESH_MS, KeySet } from '../../../src/adapters/jwt/key-set.ts';
import { VERIFIED_TOKENS_MAX, VerifiedTokens } from '../../../src/adapters/jwt/verified-tokens.ts';
import { createTokenVerifier } from '../../../src/adapters/jwt/verifier.ts';
import { callers, makeKey, TOKEN_NOW, tokenWith, trusting } from '../../support/tokens.ts';

let now: number;
const clock = { now: () => now };
const keys = () =>
  new KeySet(
    async () => ({ keys: [] }),
    clock,
    () => {},
  );

beforeEach(() => {
  now = TOKEN_NOW;
});

describe('VerifiedTokens', () => {
  it('recalls a token until the moment that it expires, and not beyond', () => {
    const tokens = new VerifiedTokens(clock);
    const caller = callers.clinician({ expiresAt: TOKEN_NOW / 1000 + 60 });
    tokens.remember('token', caller, keys(), 0);
    now += 59_999;
    expect(tokens.recall('token')).toBe(caller);
    now += 1;
    expect(tokens.recall('token')).toBeNull();
    now -= 60_000;
    expect(tokens.recall('token')).toBeNull();
  });

  it('recalls no other token', () => {
    const tokens = new VerifiedTokens(clock);
    tokens.remember('token', callers.clinician(), keys(), 0);
    expect(tokens.recall('token ')).toBeNull();
    expect(tokens.recall('token')).not.toBeNull();
  });

  it('does not remember a token that has expired, though within the tolerance', () => {
    const tokens = new VerifiedTokens(clock);
    tokens.remember('token', callers.clinician({ expiresAt: TOKEN_NOW / 1000 }), keys(), 0);
    now -= 1;
    expect(tokens.recall('token')).toBeNull();
  });

  it('forgets a token that was verified with keys that are no longer held', () => {
    const tokens = new VerifiedTokens(clock);
    const set = keys();
    tokens.remember('old', callers.clinician(), set, set.generation - 1);
    tokens.remember('new', callers.clinician(), set, set.generation);
    expect(tokens.recall('old')).toBeNull();
    expect(tokens.recall('new')).not.toBeNull();
  });

  it('makes room by forgetting the token that was used longest ago', () => {
    const tokens = new VerifiedTokens(clock);
    const set = keys();
    for (let index = 0; index < VERIFIED_TOKENS_MAX; index += 1) {
      tokens.remember(`token-${index}`, callers.clinician(), set, 0);
    }
    expect(tokens.recall('token-0')).not.toBeNull();
    tokens.remember('one more', callers.clinician(), set, 0);
    expect(tokens.recall('token-0')).not.toBeNull();
    expect(tokens.recall('token-1')).toBeNull();
    expect(tokens.recall('one more')).not.toBeNull();
  });
});

describe('a token that is brought again', () => {
  it('costs a look-up: the very same caller comes back', async () => {
    const key = await makeKey();
    const by = createTokenVerifier([trusting(key)], clock);
    const token = await tokenWith(key);
    const first = await by.verify(token);
    expect(first.ok).toBe(true);
    const again = await by.verify(token);
    expect(again.ok && first.ok && again.value === first.value).toBe(true);
  });

  it('is still accepted after its keys were refreshed unchanged', async () => {
    const key = await makeKey();
    const by = createTokenVerifier([trusting(key)], clock);
    const token = await tokenWith(key);
    const first = await by.verify(token);
    now += KEYS_FRESH_MS + 1;
    await by.verify(token);
    await new Promise((resolve) => setImmediate(resolve));
    const again = await by.verify(token);
    expect(again.ok && first.ok && again.value === first.value).toBe(true);
  });

  it('is refused once it has expired', async () => {
    const key = await makeKey();
    const by = createTokenVerifier([trusting(key)], clock);
    const token = await tokenWith(key, { exp: TOKEN_NOW / 1000 + 60 });
    expect((await by.verify(token)).ok).toBe(true);
    now += 120_000;
    const result = await by.verify(token);
    expect(result.ok ? null : result.problem.issues[0].code).toBe('expired');
  });
});
