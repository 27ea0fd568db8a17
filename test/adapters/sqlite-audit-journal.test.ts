import { expect, it } from 'vitest';
import type { AuditFile } from '../../src/adapters/sqlite/audit-file.ts';
import { auditJournal } from '../../src/adapters/sqlite/audit-journal.ts';
import { linesOf } from '../../src/adapters/sqlite/audit-line.ts';
import { StoreUnavailable } from '../../src/ports/store.ts';

const lines = (...appends: string[]): string => linesOf(appends).toString();

/** What a disk without room answers. */
function diskFull(): Error {
  return Object.assign(new Error('no space left on device'), { code: 'ENOSPC', syscall: 'write' });
}

interface Disk {
  /** What each file holds, by its number. */
  readonly files: Map<number, string>;
  full: boolean;
  writes: number;
  fullForNewFiles: boolean;
}

function journalOn(disk: Disk) {
  let number = 0;
  const newFile = async (size: number): Promise<AuditFile> => {
    if (disk.fullForNewFiles) throw diskFull();
    number += 1;
    const own = number;
    const text = () => disk.files.get(own) ?? '';
    disk.files.set(own, '');
    return {
      number: own,
      hasRoom: (bytes) => text().length + bytes <= size,
      written: () => text().length,
      fullness: () => text().length / size,
      write: async (bytes) => {
        await new Promise((resolve) => setImmediate(resolve));
        disk.writes += 1;
        if (disk.full) throw diskFull();
        disk.files.set(own, text() + new TextDecoder().decode(bytes));
      },
      close: async () => {},
    };
  };
  return auditJournal({
    newFile,
    isLive: () => true,
    onDurable: () => {},
    catchUp: async () => {},
  });
}

const emptyDisk = (): Disk => ({
  files: new Map(),
  full: false,
  writes: 0,
  fullForNewFiles: false,
});

it('writes all that waits at once', async () => {
  const disk = emptyDisk();
  const journal = journalOn(disk);
  await Promise.all(['a', 'b', 'c'].map((text) => journal.append(text)));
  expect([disk.writes, ...disk.files.values()]).toEqual([1, lines('a', 'b', 'c')]);
});

it('acknowledges nothing that a full disk did not take, and writes on in another file', async () => {
  const disk = emptyDisk();
  const journal = journalOn(disk);
  await journal.append('a');
  disk.full = true;
  const lost = await Promise.allSettled([journal.append('b'), journal.append('c')]);
  for (const each of lost) {
    expect(each).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) });
  }
  disk.full = false;
  await journal.append('d');
  expect([...disk.files.values()]).toEqual([lines('a'), lines('d')]);
});

it('is unavailable while no file can be made, and goes on when one can', async () => {
  const disk = { ...emptyDisk(), fullForNewFiles: true };
  const journal = journalOn(disk);
  await expect(journal.append('a')).rejects.toThrow(StoreUnavailable);
  disk.fullForNewFiles = false;
  await journal.append('b');
  expect([...disk.files.values()].join('')).toBe(lines('b'));
  await journal.close();
});

it('makes larger files as it goes, and one for a line that is larger than they are', async () => {
  const disk = emptyDisk();
  const journal = journalOn(disk);
  const long = 'x'.repeat(900_000);
  for (let n = 0; n < 6; n += 1) await journal.append(long);
  const sizes = [...disk.files.values()].map((text) => text.length / lines(long).length);
  expect(sizes.filter((size) => size > 0)).toEqual([1, 4, 1]);
});
