import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDevIssuer } from '../../../src/adapters/jwt/dev-issuer.ts';
import { createTokenVerifier } from '../../../src/adapters/jwt/verifier.ts';
import { TOKEN_NOW } from '../../support/tokens.ts';

const clock = { now: () => TOKEN_NOW };
const request = { role: 'clinician', organization: 'RX1', now: TOKEN_NOW } as const;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scr-dev-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('openDevIssuer', () => {
  it('makes tokens that a server with the same data directory accepts', async () => {
    const token = await (await openDevIssuer(join(folder, 'data'))).mint(request);
    const again = await openDevIssuer(join(folder, 'data'));
    const result = await createTokenVerifier([again.config], clock).verify(token);
    expect(result.ok && result.value.organization).toBe('RX1');
  });

  it('makes tokens that a server with another key refuses', async () => {
    const token = await (await openDevIssuer(join(folder, 'a'))).mint(request);
    const other = await openDevIssuer(join(folder, 'b'));
    const result = await createTokenVerifier([other.config], clock).verify(token);
    expect(result.ok ? null : result.problem.kind).toBe('unauthenticated');
  });

  it('gives one key to all who open it at the same moment, and leaves no litter', async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => openDevIssuer(folder)));
    const kids = opened.map(({ jwks }) => jwks.keys[0]?.kid);
    expect(new Set(kids).size).toBe(1);
    expect(await readdir(folder)).toEqual(['dev-key.json']);
  });

  it('keeps the private half to the file and its owner, and publishes the public one', async () => {
    const { jwks } = await openDevIssuer(folder);
    const path = join(folder, 'dev-key.json');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(path, 'utf8'))).toHaveProperty('d');
    expect(jwks.keys[0]).not.toHaveProperty('d');
  });

  it.each(['', '{', '{}', '{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA","kid":"k"}'])(
    'refuses a key file that holds %j, and says what to do',
    async (text) => {
      await writeFile(join(folder, 'dev-key.json'), text);
      await expect(openDevIssuer(folder)).rejects.toThrow('delete it');
    },
  );
});
