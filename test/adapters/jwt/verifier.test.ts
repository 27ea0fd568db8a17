import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../../../src/adapters/jwt/mint-token.ts';
import {
  ALGORITHMS,
  CLOCK_TOLERANCE_SECONDS,
  createTokenVerifier,
  TOKEN_CHARACTERS_MAX,
} from '../../../src/adapters/jwt/verifier.ts';
import type { Problem } from '../../../src/domain/problem.ts';
import type { TokenVerifier } from '../../../src/ports/token-verifier.ts';
import {
  callerOfRole,
  makeKey,
  TEST_ISSUER,
  type TestKey,
  TOKEN_NOW,
  testIssuer,
  tokenFor,
  tokenWith,
  trusting,
} from '../../support/tokens.ts';

const NOW_SECONDS = TOKEN_NOW / 1000;
const clock = { now: () => TOKEN_NOW };
let key: TestKey;

beforeAll(async () => {
  key = await makeKey();
});

function verifier(...keys: TestKey[]): TokenVerifier {
  return createTokenVerifier([trusting(...keys)], clock);
}

async function refusal(token: string, by: TokenVerifier = verifier(key)): Promise<Problem> {
  const result = await by.verify(token);
  if (result.ok) throw new Error('the token was accepted');
  return result.problem;
}

describe('a token that is valid', () => {
  it.each(ALGORITHMS)('is accepted when signed with %s', async (algorithm) => {
    const other = await makeKey(algorithm);
    const result = await verifier(other).verify(await tokenWith(other));
    expect(result.ok && result.value.role).toBe('clinician');
  });

  it.each(Object.values(callerOfRole).map((build) => build()))(
    'makes the caller of role $role that the builder of tests makes',
    async (expected) => {
      const by = createTokenVerifier([await testIssuer()], clock);
      const result = await by.verify(await tokenFor({ role: expected.role, lifetimeHours: 1 }));
      expect(result).toEqual({ ok: true, value: expected });
    },
  );

  it('is accepted when our audience is one of several', async () => {
    const token = await tokenWith(key, { aud: ['https://other.test', key.audience] });
    expect((await verifier(key).verify(token)).ok).toBe(true);
  });

  it('is checked with the keys of its own issuer when there are several', async () => {
    const other = { ...(await makeKey()), issuer: 'https://second.test', audience: 'urn:second' };
    const by = createTokenVerifier(
      [
        trusting(key),
        { issuer: other.issuer, audience: other.audience, jwks: { keys: [other.publicJwk] } },
      ],
      clock,
    );
    const result = await by.verify(await tokenWith(other));
    expect(result.ok && result.value.issuer).toBe('https://second.test');
    expect((await by.verify(await tokenWith(key))).ok).toBe(true);
    const borrowed = await tokenWith({ ...other, issuer: key.issuer, audience: key.audience });
    expect((await refusal(borrowed, by)).kind).toBe('unauthenticated');
    const crossed = await tokenWith({ ...other, audience: key.audience });
    expect((await refusal(crossed, by)).kind).toBe('unauthenticated');
  });

  it('may leave out the kid only when its issuer has a single key', async () => {
    const token = await tokenWith(key, {}, { kid: undefined });
    expect((await verifier(key).verify(token)).ok).toBe(true);
    const second = await makeKey('ES256', 'key-2');
    expect((await refusal(token, verifier(key, second))).kind).toBe('unauthenticated');
  });
});

describe('a token that is refused', () => {
  const minute = 60;

  it.each([
    ['another audience', { aud: 'https://other.test' }],
    ['another issuer', { iss: 'https://evil.test' }],
    ['an issuer in other letters', { iss: TEST_ISSUER.toUpperCase() }],
    ['no issuer', { iss: undefined }],
    ['no audience', { aud: undefined }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject that is no text', { sub: 7 }],
    ['no expiry', { exp: undefined }],
    ['an expiry that is no number', { exp: '9999999999' }],
    ['no issue time', { iat: undefined }],
    ['an issue time that is no number', { iat: 'now' }],
    ['a start in the future', { nbf: NOW_SECONDS + minute }],
  ])('has %s', async (_case, claims) => {
    const problem = await refusal(await tokenWith(key, claims));
    expect(problem.kind).toBe('unauthenticated');
    expect(problem.challenge).toBe('invalid_token');
    expect(problem.issues[0].code).toBe('login');
  });

  it('has expired, and the answer says so', async () => {
    const problem = await refusal(await tokenWith(key, { exp: NOW_SECONDS - minute }));
    expect(problem.kind).toBe('unauthenticated');
    expect(problem.issues[0].code).toBe('expired');
  });

  it('is beyond the clock tolerance, inside which it is accepted', async () => {
    const at = async (claims: object) =>
      (await verifier(key).verify(await tokenWith(key, { ...claims }))).ok;
    expect(CLOCK_TOLERANCE_SECONDS).toBeLessThanOrEqual(30);
    expect(await at({ exp: NOW_SECONDS - CLOCK_TOLERANCE_SECONDS + 1 })).toBe(true);
    expect(await at({ exp: NOW_SECONDS - CLOCK_TOLERANCE_SECONDS })).toBe(false);
    expect(await at({ nbf: NOW_SECONDS + CLOCK_TOLERANCE_SECONDS })).toBe(true);
    expect(await at({ nbf: NOW_SECONDS + CLOCK_TOLERANCE_SECONDS + 1 })).toBe(false);
  });

  it('is not signed at all (alg none)', async () => {
    const claims = claimsOf(key, { role: 'clinician', organization: 'RX1', now: TOKEN_NOW });
    const unsigned = new UnsecuredJWT(claims).encode();
    expect((await refusal(unsigned)).kind).toBe('unauthenticated');
  });

  it('is signed by HS256 with the public key as its secret', async () => {
    const { publicKey } = await generateKeyPair('RS256');
    const rsa = { ...key, publicJwk: { ...(await exportJWK(publicKey)), kid: 'rsa' } };
    const secret = new TextEncoder().encode(await exportSPKI(publicKey));
    const claims = claimsOf(key, { role: 'clinician', organization: 'RX1', now: TOKEN_NOW });
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'rsa' })
      .sign(secret);
    expect((await refusal(token, verifier(rsa))).kind).toBe('unauthenticated');
  });

  it.each(['PS384', 'PS512', 'ES512'])(
    'is signed with %s, which is not on the list',
    async (alg) => {
      const other = await makeKey(alg);
      const problem = await refusal(await tokenWith(other), verifier(other));
      expect(problem.kind).toBe('unauthenticated');
      expect(problem.issues[0].diagnostics).toContain('algorithm');
    },
  );

  it('is signed by another key under the same kid', async () => {
    const impostor = await makeKey();
    expect((await refusal(await tokenWith(impostor))).kind).toBe('unauthenticated');
  });

  it('names a key that its issuer does not have', async () => {
    const stranger = await makeKey('ES256', 'key-9');
    expect((await refusal(await tokenWith(stranger))).issues[0].diagnostics).toContain('kid');
  });

  it('brings its own key in the header', async () => {
    const own = await makeKey();
    const token = await tokenWith(own, {}, { jwk: own.publicJwk });
    expect((await refusal(token)).kind).toBe('unauthenticated');
  });

  it('was changed after it was signed', async () => {
    const [header, , signature] = (await tokenWith(key)).split('.');
    const claims = claimsOf(key, { role: 'auditor', organization: 'RX1', now: TOKEN_NOW });
    const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
    expect((await refusal(`${header}.${body}.${signature}`)).kind).toBe('unauthenticated');
  });

  it('is too long to be looked at', async () => {
    const token = await tokenWith(key, { padding: 'x'.repeat(TOKEN_CHARACTERS_MAX) });
    expect((await refusal(token)).kind).toBe('unauthenticated');
  });

  it('is valid but has two roles, which is another refusal', async () => {
    const { extensions } = claimsOf(key, {
      role: 'clinician',
      organization: 'RX1',
      now: TOKEN_NOW,
    });
    const { ihe_iua: iua } = JSON.parse(JSON.stringify(extensions));
    const twice = { ...iua, subject_role: [...iua.subject_role, ...iua.subject_role] };
    const problem = await refusal(await tokenWith(key, { extensions: { ihe_iua: twice } }));
    expect(problem.kind).toBe('forbidden');
  });

  it('is checked with a key too weak to use, of which the operator is told', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const strong = await makeKey('RS256', 'weak');
    const weak = {
      ...strong,
      publicJwk: { ...pair.publicKey.export({ format: 'jwk' }), kid: 'weak' },
    };
    const told: string[] = [];
    const by = createTokenVerifier([trusting(weak)], clock, (issuer) => told.push(issuer));
    expect((await refusal(await tokenWith(strong), by)).kind).toBe('unauthenticated');
    expect(told).toEqual([TEST_ISSUER]);
  });

  it('is any text at all, and never more than refused', async () => {
    const by = verifier(key);
    const [header = '', body = '', signature = ''] = (await tokenWith(key)).split('.');
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom(header, body, signature),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
    );
    const anyToken = fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.'));
    await fc.assert(
      fc.asyncProperty(anyToken, async (token) => {
        fc.pre(token !== `${header}.${body}.${signature}`);
        expect((await refusal(token, by)).kind).toBe('unauthenticated');
      }),
    );
  });

  it('is not echoed in the refusal', async () => {
    const token = await tokenWith(key, { aud: 'urn:secret-audience', sub: 'secret-subject' });
    const text = JSON.stringify(await refusal(token));
    for (const part of [...token.split('.'), 'secret-audience', 'secret-subject']) {
      expect(text).not.toContain(part);
    }
  });
});
