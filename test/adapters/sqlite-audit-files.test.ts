import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditFilePath } from '../../src/adapters/sqlite/audit-file.ts';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import type { AuditEntry } from '../../src/domain/audit/entry.ts';
import { type Store, StoreUnavailable } from '../../src/ports/store.ts';
import { framesFor } from '../support/audit-frames.ts';
import { aClaim, anAuditEntry, auditId } from '../support/records.ts';

const APPENDER = join(import.meta.dirname, 'sqlite-audit-appender.ts');

let folder: string;
let path: string;
let audit: string;
let opened: Store[];
let appenders: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scr-audit-'));
  path = join(folder, 'scr.db');
  audit = `${path}-audit`;
  opened = [];
  appenders = [];
});
afterEach(async () => {
  for (const appender of appenders) appender.kill('SIGKILL');
  await Promise.all(opened.map((store) => store.close()));
  await rm(folder, { recursive: true });
});

async function open(): Promise<Store> {
  const store = await openSqliteStore(path);
  opened.push(store);
  return store;
}

async function idsIn(store: Store): Promise<readonly string[]> {
  const { entries } = await store.searchAudit({ limit: 100_000 });
  return entries.map(({ id }) => id).toReversed();
}

const ids = (...numbers: number[]): readonly string[] => numbers.map(auditId);

/** A log file that no living process writes, holding these. */
async function leaveBehind(number: number, ...contents: readonly Buffer[]): Promise<void> {
  await mkdir(audit, { recursive: true });
  const bytes = Buffer.concat([...contents, Buffer.alloc(10_000)]);
  await writeFile(auditFilePath(audit, number), bytes);
}

/** A line, as log files had them before there were frames. */
function earlierLine(...appends: readonly (readonly AuditEntry[])[]): Buffer {
  const text = appends.map((entries) => JSON.stringify(entries)).join('\t');
  return Buffer.from(`${crc32(text).toString(16).padStart(8, '0')} ${text}\n`);
}

/** A frame with other bytes at some place of it, from its end where that is negative. */
function spoiled(frame: Buffer, at: number, bytes: Buffer): Buffer {
  const other = Buffer.from(frame);
  bytes.copy(other, at < 0 ? frame.length + at : at);
  expect(other).not.toEqual(frame);
  return other;
}

const LATER_WORDS = Buffer.from('kham');

describe('The log files of the audit log', () => {
  it('hold an entry until it is in the tables, and are removed when the store is closed', async () => {
    const store = await open();
    await store.appendAudit([anAuditEntry(1)]);
    const [name = ''] = await readdir(audit);
    const held = framesFor([anAuditEntry(1)]);
    expect((await readFile(join(audit, name))).subarray(0, held.length)).toEqual(held);
    expect(await idsIn(store)).toEqual(ids(1));
    await store.close();
    expect(await readdir(audit)).toEqual([]);
    expect(await idsIn(await open())).toEqual(ids(1));
  });

  it('follow one another when they are full, and lose nothing by it', async () => {
    const store = await open();
    const count = 3_000;
    const long = 'x'.repeat(1_500);
    const appended = Array.from({ length: count }, (_, n) =>
      store.appendAudit([anAuditEntry(n, { query: `${long}${n}` })]),
    );
    await Promise.all(appended);
    expect((await readdir(audit)).length).toBeGreaterThan(1);
    expect(await idsIn(store)).toEqual(ids(...Array.from({ length: count }, (_, n) => n)));
    await store.close();
    expect(await readdir(audit)).toEqual([]);
  });

  it('are read by every process that has the store open', async () => {
    const [one, other] = [await open(), await open()];
    await one.appendAudit([anAuditEntry(1)]);
    await other.appendAudit([anAuditEntry(2)]);
    await one.appendAudit([anAuditEntry(3)]);
    expect(await idsIn(other)).toEqual(ids(1, 2, 3));
    expect(await other.auditEntry(auditId(1))).toEqual(anAuditEntry(1));
    expect(await one.auditEntry(auditId(2))).toEqual(anAuditEntry(2));
  });

  it('are passed by for claims, which count at once, and for entries of unusual length', async () => {
    const [one, other] = [await open(), await open()];
    await one.appendAudit([anAuditEntry(1, { claim: aClaim() })]);
    expect(await other.claims({ ...aClaim(), activeAt: aClaim().madeAt })).toEqual([aClaim()]);
    const entities = Array.from({ length: 5_000 }, (_, n) => `MedicationStatement/${n}`);
    await one.appendAudit([anAuditEntry(2, { entities })]);
    expect((await other.auditEntry(auditId(2)))?.entities).toEqual(entities);
    expect(existsSync(audit)).toBe(false);
  });

  it('are brought in when they are there and the database does not know them', async () => {
    const group = [anAuditEntry(2), anAuditEntry(3)];
    await leaveBehind(7, framesFor([anAuditEntry(1)]), framesFor(group));
    expect(await idsIn(await open())).toEqual(ids(1, 2, 3));
  });

  it('take frames that hold several appends, one of them together, and frames that hold one', async () => {
    const together = framesFor([anAuditEntry(1)], [anAuditEntry(2), anAuditEntry(3)]);
    await leaveBehind(1, together, framesFor([anAuditEntry(4)]));
    expect(await idsIn(await open())).toEqual(ids(1, 2, 3, 4));
  });

  it('are read as an earlier version left them, in lines', async () => {
    const together = earlierLine([anAuditEntry(1)], [anAuditEntry(2), anAuditEntry(3)]);
    const torn = earlierLine([anAuditEntry(5)]).subarray(0, -1);
    await leaveBehind(1, together, earlierLine([anAuditEntry(4, { claim: aClaim() })]), torn);
    const store = await open();
    expect(await idsIn(store)).toEqual(ids(1, 2, 3, 4));
    expect(await store.auditEntry(auditId(2))).toEqual(anAuditEntry(2));
    expect(await store.claims({ ...aClaim(), activeAt: aClaim().madeAt })).toEqual([aClaim()]);
  });

  it.each([
    ['is cut short', (frame: Buffer) => frame.subarray(0, -40)],
    ['is a beginning', (frame: Buffer) => frame.subarray(0, 9)],
    ['was written in part', (frame: Buffer) => spoiled(frame, 90, Buffer.alloc(4))],
    ['is of other bytes than its checksum', (frame: Buffer) => spoiled(frame, -9, LATER_WORDS)],
  ])('end where a frame %s: none of its entries is there', async (_name, spoil) => {
    const torn = spoil(framesFor([anAuditEntry(2), anAuditEntry(3)]));
    await leaveBehind(1, framesFor([anAuditEntry(1)]), torn);
    const store = await open();
    expect(await idsIn(store)).toEqual(ids(1));
    await store.appendAudit([anAuditEntry(4)]);
    expect(await idsIn(store)).toEqual(ids(1, 4));
  });

  it('are left by their writer when another process has ended them', async () => {
    const store = await open();
    await store.appendAudit([anAuditEntry(1)]);
    const other = new DatabaseSync(path);
    other.exec('UPDATE audit_file SET ended = 1');
    other.close();
    await store.appendAudit([anAuditEntry(2)]);
    expect((await readdir(audit)).length).toBe(2);
    expect(await idsIn(store)).toEqual(ids(1, 2));
  });

  it('are brought in once, however often they are read', async () => {
    const store = await open();
    await store.appendAudit([anAuditEntry(1)]);
    await idsIn(store);
    const other = new DatabaseSync(path);
    other.exec('UPDATE audit_file SET indexed = 0');
    other.close();
    expect(await idsIn(store)).toEqual(ids(1));
  });

  it('make the store unavailable when there can be none, and only for so long', async () => {
    await writeFile(audit, 'a file, where the folder should be');
    const store = await open();
    await expect(store.appendAudit([anAuditEntry(1)])).rejects.toThrow(StoreUnavailable);
    await rm(audit);
    await store.appendAudit([anAuditEntry(2)]);
    expect(await idsIn(store)).toEqual(ids(2));
  });

  it('do not lead astray what else stands in their folder', async () => {
    await leaveBehind(1, framesFor([anAuditEntry(1)]));
    await appendFile(join(audit, 'notes.txt'), framesFor([anAuditEntry(2)]));
    expect(await idsIn(await open())).toEqual(ids(1));
  });
});

describe('Processes that append to the audit log and are killed', () => {
  /** Starts an appender, kills it once so many groups were acknowledged, and gives those. */
  async function appendUntilKilled(first: number, count: number): Promise<readonly number[]> {
    const args = [APPENDER, path, String(first)];
    const appender = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    appenders.push(appender);
    const acknowledged: number[] = [];
    createInterface({ input: appender.stdout }).on('line', (line) => {
      acknowledged.push(Number(line));
      if (acknowledged.length === count) appender.kill('SIGKILL');
    });
    await once(appender, 'close');
    return acknowledged;
  }

  it('leave every acknowledged group whole, and none in part', async () => {
    const rounds = await Promise.all([
      appendUntilKilled(0, 300),
      appendUntilKilled(1_000_000, 300),
      appendUntilKilled(2_000_000, 40),
    ]);
    const store = await open();
    const found = new Set(await idsIn(store));
    const acknowledged = rounds.flat();
    expect(acknowledged.length).toBeGreaterThanOrEqual(640);
    const missing = acknowledged.filter((group) => !found.has(auditId(group * 3)));
    expect(missing).toEqual([]);
    expect(found.size % 3).toBe(0);
    const groups = [...found].map((id) => Math.floor(Number.parseInt(id.slice(24), 16) / 3));
    const sizes = [...Map.groupBy(groups, (group) => group).values()].map(({ length }) => length);
    expect(new Set(sizes)).toEqual(new Set([3]));
  }, 60_000);

  it('are seen by the others while they are at it', async () => {
    const store = await open();
    const done = appendUntilKilled(0, 500);
    let seen = 0;
    for (let looks = 0; looks < 2_000 && seen < 600; looks += 1) {
      const now = await idsIn(store);
      expect(now.length % 3).toBe(0);
      expect(now.length).toBeGreaterThanOrEqual(seen);
      seen = now.length;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const acknowledged = await done;
    expect(new Set(await idsIn(store)).size).toBeGreaterThanOrEqual(acknowledged.length * 3);
  }, 60_000);
});
