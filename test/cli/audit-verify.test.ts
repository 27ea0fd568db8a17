import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { openMongoFixture, serverUrl } from '../support/mongodb.ts';
import { anAuditEntry } from '../support/records.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scr-verify-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: readonly string[]): Promise<Run> {
  return runOn(`sqlite:${join(folder, 'scr.db')}`, ...args);
}

function runOn(store: string, ...args: readonly string[]): Promise<Run> {
  const env = { PATH: process.env.PATH, SCR_STORE: store };
  return new Promise((resolve) => {
    execFile(process.execPath, ['src/cli/audit-verify.ts', ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout: out, stderr: err });
    });
  });
}

async function fill(seals: number): Promise<void> {
  const store = await openSqliteStore(join(folder, 'scr.db'));
  for (let n = 0; n < seals; n++) {
    await store.appendAudit([anAuditEntry(n)]);
    await store.sealAudit(Date.parse('2026-03-02T13:00:00.000Z'));
  }
  await store.appendAudit([anAuditEntry(seals)]);
  await store.close();
}

describe('npm run audit:verify', () => {
  it('says how much holds, and what to keep for the next time', async () => {
    await fill(3);
    const first = await run();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('Entries: 3; seals: 3, the newest of 2026-03-02T13:00:00.000Z.');
    const [kept = ''] = /--kept 3:[0-9a-f]{64}/.exec(first.stdout) ?? [];
    expect(await run(...kept.split(' '))).toEqual(first);
  });

  it('ends with 1 and says where, when the log was changed', async () => {
    await fill(3);
    const { stdout } = await run();
    const database = new DatabaseSync(join(folder, 'scr.db'));
    database.exec('DELETE FROM audit_entry WHERE seq = 2; DELETE FROM audit_seal WHERE number = 3');
    database.close();
    const [kept = ''] = /3:[0-9a-f]{64}/.exec(stdout) ?? [];
    const { code, stderr } = await run('--kept', kept);
    expect(code).toBe(1);
    expect(stderr).toContain('Seal 2 (2026-03-02T13:00:00.000Z): it covers 1 entries, and 0 are');
    expect(stderr).toContain('Seal 3, which was kept, is not there.');
    expect(stderr).toContain('The audit log has been changed.');
  });

  it('says that nothing is sealed yet where nothing is', async () => {
    await fill(0);
    const { code, stdout } = await run('--quick');
    expect([code, stdout]).toEqual([0, expect.stringContaining('No entry has been sealed yet')]);
  });

  // Skipped only where no MongoDB-protocol server can be had; the global setup says so loudly.
  it.skipIf(serverUrl === null)('verifies a log in MongoDB as well', async () => {
    const { url, store, raw, dispose } = await openMongoFixture();
    await store.appendAudit([anAuditEntry(1)]);
    await store.sealAudit(Date.parse('2026-03-02T13:00:00.000Z'));
    expect(await runOn(url)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--kept 1:'),
    });
    await raw.collections.audit.deleteMany({});
    const { code, stderr } = await runOn(url);
    expect([code, stderr]).toEqual([1, expect.stringContaining('covers 1 entries, and 0 are')]);
    await dispose();
  });

  it.each([
    [[], 'There is no store at'],
    [['--kept', 'x'], '--kept takes NUMBER:HASH'],
    [['--kepd', 'x'], "Unknown option '--kepd'"],
  ])('ends with 2 where it cannot verify: %j', async (args, words) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });
});
