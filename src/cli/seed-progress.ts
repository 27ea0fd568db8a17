import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * How far the loading of the demonstration data has got, in the data directory while it lasts: a
 * start that was cut short goes on where it stopped.
 */
export interface SeedProgress {
  /** Epoch milliseconds. What was sent twice must be the same both times, its dates included. */
  readonly startedAt: number;
  /** How many steps of the manifest were acknowledged. */
  readonly done: number;
}

const FILE = 'seed-progress.json';

/** Null when no loading is unfinished. */
export async function readSeedProgress(dataDirectory: string): Promise<SeedProgress | null> {
  const text = await readFile(join(dataDirectory, FILE), 'utf8').catch(nullWhenMissing);
  return text === null ? null : (JSON.parse(text) as SeedProgress);
}

/** Replaces the file in one go: a kill leaves the old one or the new one. */
export async function writeSeedProgress(
  dataDirectory: string,
  progress: SeedProgress,
): Promise<void> {
  const path = join(dataDirectory, FILE);
  await writeFile(`${path}.new`, JSON.stringify(progress));
  await rename(`${path}.new`, path);
}

/** Everything is loaded. */
export async function removeSeedProgress(dataDirectory: string): Promise<void> {
  await rm(join(dataDirectory, FILE), { force: true });
}

function nullWhenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
