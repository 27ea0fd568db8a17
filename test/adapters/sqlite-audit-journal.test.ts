import { expect, it } from 'vitest';
import type { AuditFile } from '../../src/adapters/sqlite/audit-file.ts';
import { type FramePart, framesOf } from '../../src/adapters/sqlite/audit-frame.ts';
import { auditJournal } from '../../src/adapters/sqlite/audit-journal.ts';
import { StoreUnavailable } from '../../src/ports/store.ts';

/** What was appended stands for itself here. */
function part(text: string): FramePart {
  const entries = Buffer.from(text);
  return { entries, values: [], bytesMax: entries.length };
}

const frames = (...texts: string[]): string => framesOf(texts.map(part)).toString('latin1');

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
        disk.files.set(own, text() + Buffer.from(bytes).toString('latin1'));
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
  await Promise.all(['a', 'b', 'c'].map((text) => journal.append(part(text))));
  expect([disk.writes, ...disk.files.values()]).toEqual([1, frames('a', 'b', 'c')]);
});

it('acknowledges nothing that a full disk did not take, and writes on in another file', async () => {
  const disk = emptyDisk();
  const journal = journalOn(disk);
  await journal.append(part('a'));
  disk.full = true;
  const lost = await Promise.allSettled([journal.append(part('b')), journal.append(part('c'))]);
  for (const each of lost) {
    expect(each).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) });
  }
  disk.full = false;
  await journal.append(part('d'));
  expect([...disk.files.values()]).toEqual([frames('a'), frames('d')]);
});

it('is unavailable while no file can be made, and goes on when one can', async () => {
  const disk = { ...emptyDisk(), fullForNewFiles: true };
  const journal = journalOn(disk);
  await expect(journal.append(part('a'))).rejects.toThrow(StoreUnavailable);
  disk.fullForNewFiles = false;
  await journal.append(part('b'));
  expect([...disk.files.values()].join('')).toBe(frames('b'));
  await journal.close();
});

it('makes larger files as it goes, and one for what is larger than they are', async () => {
  const disk = emptyDisk();
  const journal = journalOn(disk);
  const long = 'x'.repeat(900_000);
  for (let n = 0; n < 6; n += 1) await journal.append(part(long));
  const sizes = [...disk.files.values()].map((text) => text.length / frames(long).length);
  expect(sizes.filter((size) => size > 0)).toEqual([1, 4, 1]);
});
