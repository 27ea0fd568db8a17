import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPENAPI_FILE } from '../../src/cli/generate.ts';

const fileOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const LINTER = fileOf('node_modules/@redocly/cli/bin/cli.js');
const RULES = fileOf('openapi/redocly.yaml');
const IS_INSTALLED = existsSync(LINTER);

if (!IS_INSTALLED) console.warn('@redocly/cli is not installed: openapi/scr.json is NOT linted.');

interface Linted {
  readonly passed: boolean;
  readonly words: string;
}

/** Lints a file without asking or telling anybody on the network. */
function lint(file: string): Promise<Linted> {
  const args = [LINTER, 'lint', file, '--config', RULES, '--format', 'stylish'];
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, timeout: 60_000 }, (error, out, err) =>
      resolve({ passed: error === null, words: out + err }),
    );
  });
}

describe.skipIf(!IS_INSTALLED)(
  'the OpenAPI document, by the rules that the linter recommends',
  () => {
    let directory: string;
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'scr-lint-'));
    });
    afterAll(() => rm(directory, { recursive: true }));

    it('is valid, without so much as a warning', { timeout: 90_000 }, async () => {
      const { passed, words } = await lint(fileURLToPath(OPENAPI_FILE));
      expect(words).not.toMatch(/\b(error|warning)\b/);
      expect(passed).toBe(true);
    });

    it('would not be valid with an operation named twice', { timeout: 90_000 }, async () => {
      const text = await readFile(OPENAPI_FILE, 'utf8');
      const broken = join(directory, 'broken.json');
      await writeFile(broken, text.replace('"vread-Patient"', '"read-Patient"'));
      const { passed, words } = await lint(broken);
      expect([passed, words]).toEqual([false, expect.stringContaining('operationId-unique')]);
    });
  },
);
