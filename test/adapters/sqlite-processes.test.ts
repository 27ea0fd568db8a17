import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import type { Store } from '../../src/ports/store.ts';
import { auditId, recordId } from '../support/records.ts';

const WRITER = join(import.meta.dirname, 'sqlite-writer.ts');
const NEVER_DONE = 1_000_000;

describe('A SQLite database that several processes write', () => {
  let folder: string;
  let path: string;
  let writers: ChildProcess[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scr-sqlite-'));
    path = join(folder, 'scr.db');
    writers = [];
  });

  afterEach(async () => {
    for (const writer of writers) writer.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  /** Starts a writer; each line that it prints goes to `acknowledged`. */
  function startWriter(
    name: string,
    commits: number,
    acknowledged: (line: string) => void,
    by: 'here' | 'apart' = 'here',
  ) {
    const args = [WRITER, path, name, `${commits}`, by];
    const writer = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    writers.push(writer);
    createInterface({ input: writer.stdout }).on('line', acknowledged);
    return once(writer, 'close');
  }

  it.each([
    { by: 'here', who: 'the serving threads' },
    { by: 'apart', who: 'threads of their own' },
  ] as const)(
    'holds every acknowledged commit of $who whole after kill -9, again and again',
    async ({ by }) => {
      const lines: string[] = [];
      for (const round of ['a', 'b', 'c']) {
        const before = lines.length;
        const closed = ['1', '2'].map((nth) =>
          startWriter(
            `${round}${nth}`,
            NEVER_DONE,
            (line) => {
              lines.push(line);
              if (lines.length === before + 100)
                for (const writer of writers) writer.kill('SIGKILL');
            },
            by,
          ),
        );
        await Promise.all(closed);
        expect(lines.length).toBeGreaterThanOrEqual(before + 100);
      }
      const store = await openSqliteStore(path);
      await expectAcknowledged(store, lines);
      await expectNothingHalf(store);
      await store.close();
    },
    60_000,
  );

  it('is created once, and written without a gap, by processes that all start at once', async () => {
    const lines: string[] = [];
    const names = ['a', 'b', 'c'];
    const closed = names.map((name) => startWriter(name, 40, (line) => lines.push(line)));
    expect(await Promise.all(closed)).toEqual(names.map(() => [0, null]));
    const store = await openSqliteStore(path);
    expect((await store.currentRecord(recordId(1)))?.version).toBe(120);
    expect(lines).toHaveLength(120);
    await expectAcknowledged(store, lines);
    await expectNothingHalf(store);
    await store.close();
  }, 60_000);
});

async function expectAcknowledged(store: Store, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const [version = '', name] = line.split(' ');
    expect((await store.recordVersion(recordId(1), Number(version)))?.practice).toBe(name);
  }
}

/**
 * Also what was committed and not acknowledged any more is there as a whole, and no more than that.
 */
async function expectNothingHalf(store: Store): Promise<void> {
  const latest = (await store.currentRecord(recordId(1)))?.version ?? 0;
  for (let version = 1; version <= latest; version += 1) {
    const name = (await store.recordVersion(recordId(1), version))?.practice;
    const fragments = await store.fragments(recordId(1), [`${version}`]);
    expect(new TextDecoder().decode(fragments.get(`${version}`))).toBe(`${name} ${version}`);
    expect((await store.auditEntry(auditId(version)))?.entities).toEqual([name]);
  }
  const log = await store.searchAudit({ limit: latest + 100 });
  expect(log.entries).toHaveLength(latest);
  await expect(store.fragments(recordId(1), [`${latest + 1}`])).rejects.toThrow();
}
