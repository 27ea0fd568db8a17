import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDevIssuer } from '../../src/adapters/jwt/dev-issuer.ts';
import { createTokenVerifier } from '../../src/adapters/jwt/verifier.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scr-token-'));
});

afterAll(() => rm(folder, { recursive: true }));

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  const all = ['src/cli/token.ts', '--data-dir', folder, ...args];
  const options = { env: { PATH: process.env.PATH, ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, all, options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

async function callerOf(token: string) {
  const { config } = await openDevIssuer(folder);
  const result = await createTokenVerifier([config], { now: () => Date.now() }).verify(token);
  if (!result.ok) throw new Error(result.problem.issues[0].diagnostics);
  return result.value;
}

describe('npm run token', () => {
  it('prints one token, which says what was asked', async () => {
    const args = ['--role', 'clinician', '--org', 'RX1', '--purpose', 'TREAT', '--name', 'Dr Ó'];
    const { code, stdout, stderr } = await run(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { role, organization, purpose, name } = await callerOf(stdout.trim());
    expect([role, organization, purpose, name]).toEqual(['clinician', 'RX1', 'TREAT', 'Dr Ó']);
  });

  it('prints a token for a patient, by NHS number', async () => {
    const { stdout } = await run(['--role', 'patient', '--nhs-number', '9000000009']);
    expect((await callerOf(stdout.trim())).nhsNumber).toBe('9000000009');
  });

  it.each([
    [[], '--role must be one of'],
    [['--role', 'boss', '--org', 'RX1'], '--role must be one of'],
    [['--role', 'clinician'], 'needs --org'],
    [['--role', 'patient', '--org', 'RX1'], 'takes no --org'],
    [['--role', 'patient'], 'needs --nhs-number'],
    [['--role', 'clinician', '--org', 'R X'], 'organisation'],
    [['--role', 'clinician', '--org', 'RX1', '--hours', 'x'], '--hours'],
    [['--role', 'clinician', '--org', 'RX1', '--scope', 'user/all'], '--scope'],
    [['--rol', 'clinician'], '--rol'],
  ])('with %j says what is wrong, and prints nothing to stdout', async (args, words) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr).toContain('npm run token -- --role ROLE');
  });

  it('refuses while an issuer is configured', async () => {
    const env = {
      SCR_ISSUER: 'https://issuer.test',
      SCR_AUDIENCE: 'urn:scr',
      SCR_JWKS: 'https://issuer.test/keys',
    };
    const { code, stdout, stderr } = await run(['--role', 'auditor', '--org', 'RX1'], env);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('issuer is configured');
  });
});
