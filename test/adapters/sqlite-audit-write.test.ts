import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { auditFilePath, createAuditFile } from '../../src/adapters/sqlite/audit-file.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scr-write-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

it.each([
  ['quick', 0, 10],
  ['slow', 50, 10],
  ['quick, and for many,', 0, 9_000],
])('on a disk that is %s every write stands behind the one before', async (_name, tookMs, size) => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += tookMs;
    return now;
  });
  const file = await createAuditFile(folder, 1, 2 * 1024 * 1024);
  const texts = Array.from({ length: 150 }, (_, n) => `${n}`.padEnd(n % 2 === 0 ? size : 10));
  for (const text of texts) await file.write(Buffer.from(text));
  await file.close();
  const written = (await readFile(auditFilePath(folder, 1), 'utf8')).replace(/\0+$/, '');
  expect(written).toBe(texts.join(''));
});
