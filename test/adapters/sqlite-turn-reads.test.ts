import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { turnReads } from '../../src/adapters/sqlite/turn-reads.ts';
import { StoreUnavailable } from '../../src/ports/store.ts';

let folder: string;
let ours: DatabaseSync;
let theirs: DatabaseSync;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scr-reads-'));
  const path = join(folder, 'test.db');
  ours = new DatabaseSync(path);
  ours.exec('PRAGMA journal_mode = WAL; CREATE TABLE counter (value INTEGER) STRICT');
  ours.exec('INSERT INTO counter (value) VALUES (0)');
  theirs = new DatabaseSync(path);
});
afterEach(async () => {
  for (const database of [ours, theirs]) if (database.isOpen) database.close();
  await rm(folder, { recursive: true });
});

const value = (): number => {
  const row = ours.prepare('SELECT value FROM counter').get() as { value: number };
  return row.value;
};
const add = (): void => theirs.exec('UPDATE counter SET value = value + 1');

it('sees what another connection committed before it was asked, however many ask together', async () => {
  const reads = turnReads(ours);
  for (let turn = 0; turn < 50; turn += 1) {
    const asked = [1, 2, 3].map((n) => {
      add();
      return reads.read(value).then((seen) => seen - turn * 3 - n);
    });
    for (const late of await Promise.all(asked)) expect(late).toBeGreaterThanOrEqual(0);
  }
  expect(ours.isTransaction).toBe(false);
});

it('gives each reader the fault of its own read alone', async () => {
  const reads = turnReads(ours);
  const broken = () => {
    throw new Error('a bug');
  };
  const outcomes = await Promise.allSettled([
    reads.read(value),
    reads.read(broken),
    reads.read(value),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(ours.isTransaction).toBe(false);
});

it('is unavailable to all who ask when the connection cannot read', async () => {
  const reads = turnReads(ours);
  ours.close();
  for (const outcome of await Promise.allSettled([reads.read(value), reads.read(value)])) {
    expect(outcome).toMatchObject({ reason: expect.any(StoreUnavailable) });
  }
});
