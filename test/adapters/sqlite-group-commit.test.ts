import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { groupCommit } from '../../src/adapters/sqlite/group-commit.ts';
import { busyTurns, newTurns, occasionalTurns } from '../../src/adapters/sqlite/lock-turns.ts';

const turns = occasionalTurns(newTurns());

describe('Group commit', () => {
  let folder: string;
  let path: string;
  let database: DatabaseSync;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scr-sqlite-'));
    path = join(folder, 'scr.db');
    database = await openDatabase(path);
    database.exec(`PRAGMA foreign_keys = ON;
      CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (id INTEGER PRIMARY KEY,
        parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)`);
  });

  afterEach(async () => {
    if (database.isOpen) database.close();
    await rm(folder, { recursive: true });
  });

  const insertParent = (id: number) => () => {
    database.prepare('INSERT INTO parent (id) VALUES (?)').run(id);
    return id;
  };
  const parents = () => database.prepare('SELECT id FROM parent ORDER BY id').all();

  it('makes all that was asked for at once durable with one commit', async () => {
    const exec = vi.spyOn(database, 'exec');
    const { write } = groupCommit(database, turns);
    const ids = Array.from({ length: 100 }, (_, n) => n);
    expect(await Promise.all(ids.map((id) => write(insertParent(id))))).toEqual(ids);
    expect(exec.mock.calls.filter(([sql]) => sql === 'COMMIT')).toHaveLength(1);
    expect(parents()).toHaveLength(100);
  });

  it('takes the next group as soon as the last is durable', async () => {
    const { write } = groupCommit(database, turns);
    await write(insertParent(1));
    const second = write(insertParent(2));
    const third = second.then(() => write(insertParent(3)));
    expect(await Promise.all([second, third])).toEqual([2, 3]);
    expect(parents()).toHaveLength(3);
  });

  it('divides more than one transaction should hold', async () => {
    const exec = vi.spyOn(database, 'exec');
    const { write } = groupCommit(database, turns);
    await Promise.all(Array.from({ length: 1200 }, (_, n) => write(insertParent(n))));
    expect(exec.mock.calls.filter(([sql]) => sql === 'COMMIT')).toHaveLength(3);
    expect(parents()).toHaveLength(1200);
  });

  it('undoes what failed and nothing else', async () => {
    const { write } = groupCommit(database, turns);
    const failing = write(() => {
      insertParent(2)();
      throw new Error('a fault of its own');
    });
    const outcomes = await Promise.allSettled([
      write(insertParent(1)),
      failing,
      write(insertParent(1)),
      write(insertParent(3)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    await expect(failing).rejects.toThrow('a fault of its own');
    expect(parents()).toEqual([{ id: 1 }, { id: 3 }].map((row) => expect.objectContaining(row)));
  });

  it('rejects the whole group when the commit itself fails, and goes on with the next', async () => {
    const { write } = groupCommit(database, turns);
    const orphan = write(() => database.exec('INSERT INTO child (id, parent) VALUES (1, 404)'));
    const innocent = write(insertParent(1));
    const outcomes = await Promise.allSettled([orphan, innocent]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(parents()).toEqual([]);
    expect(await write(insertParent(2))).toBe(2);
    expect(parents()).toHaveLength(1);
  });

  it('syncs the disk for a group in which one must be durable, and for no other', async () => {
    const exec = vi.spyOn(database, 'exec');
    const { write, writeUnsynced } = groupCommit(database, turns);
    await Promise.all([writeUnsynced(insertParent(1)), write(insertParent(2))]);
    await writeUnsynced(insertParent(3));
    await write(insertParent(4));
    const syncs = exec.mock.calls.map(([sql]) => sql).filter((sql) => sql.includes('synchronous'));
    expect(syncs.map((sql) => sql.split(' ').at(-1))).toEqual(['FULL', 'NORMAL', 'FULL']);
    expect(parents()).toHaveLength(4);
  });

  it('lets another connection of its process go first, while that asks for the lock', async () => {
    const holder = new DatabaseSync(path);
    const other = await openDatabase(path);
    const shared = newTurns();
    const order: string[] = [];
    holder.exec('BEGIN IMMEDIATE');
    const asking = groupCommit(other, occasionalTurns(shared)).write(() => order.push('asking'));
    await vi.waitFor(() => expect(new Int32Array(shared)[0]).toBe(1));
    const busy = groupCommit(database, busyTurns(shared)).write(() => order.push('busy'));
    holder.exec('ROLLBACK');
    await Promise.all([asking, busy]);
    expect(order).toEqual(['asking', 'busy']);
    expect(new Int32Array(shared)[0]).toBe(0);
    holder.close();
    other.close();
  });

  it('waits, with reads going on, for another process that holds the lock', async () => {
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE; INSERT INTO parent (id) VALUES (7)');
    const { write } = groupCommit(database, turns);
    let done = false;
    const waiting = write(insertParent(1)).then(() => {
      done = true;
    });
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    expect(parents()).toEqual([]);
    other.exec('COMMIT');
    await waiting;
    expect(parents()).toHaveLength(2);
    other.close();
  });
});
