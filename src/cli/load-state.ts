import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';

/** What earlier runs were told is stored, so that a run that was cut short can go on. */
export interface LoadState {
  /** Whether this content of this file was acknowledged. */
  has(file: string, text: string): boolean;
  /** Notes an acknowledgement; resolves once it would survive the death of this process. */
  add(file: string, text: string): Promise<void>;
  close(): Promise<void>;
}

/** A state that remembers nothing. */
export const FORGETFUL: LoadState = {
  has: () => false,
  add: async () => {},
  close: async () => {},
};

/**
 * Opens a state file, made when it is missing: a line for each acknowledged file, only ever
 * appended. A line that was cut short by a kill counts as none; its file is submitted again, which
 * changes nothing there. Rejects when the file cannot be read or written.
 */
export async function openLoadState(path: string): Promise<LoadState> {
  const before = await readFile(path, 'utf8').catch(emptyWhenMissing);
  const whole = before.slice(0, before.lastIndexOf('\n') + 1);
  const acknowledged = new Set(whole.split('\n').filter((line) => line !== ''));
  const file = await open(path, 'a');
  if (whole.length < before.length) await file.appendFile('\n');
  return stateIn(file, acknowledged);
}

function stateIn(file: FileHandle, acknowledged: Set<string>): LoadState {
  return {
    has: (name, text) => acknowledged.has(lineFor(name, text)),
    add: async (name, text) => {
      const line = lineFor(name, text);
      await file.appendFile(`${line}\n`);
      await file.datasync();
      acknowledged.add(line);
    },
    close: () => file.close(),
  };
}

/** By content too: a file that has changed since is sent again. */
function lineFor(name: string, text: string): string {
  return JSON.stringify([name, createHash('sha256').update(text).digest('hex')]);
}

function emptyWhenMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}
