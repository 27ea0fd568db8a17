import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadState } from './load-state.ts';
import type { Progress } from './progress-bar.ts';
import { submissionBody } from './record-body.ts';
import { type Submitting, submitBody } from './submit-file.ts';

/** What a load does and how. */
export interface LoadOptions extends Submitting {
  readonly directory: string;
  /** How many submissions are under way at once, at most. */
  readonly concurrency: number;
  readonly state: LoadState;
  /** Shows progress over this many files. */
  readonly showProgress: (total: number) => Progress;
}

/** What became of the files. */
export interface LoadResult {
  readonly submitted: number;
  /** Acknowledged by an earlier run, by its state file. */
  readonly skipped: number;
  readonly failures: readonly LoadFailure[];
}

export interface LoadFailure {
  readonly file: string;
  readonly reason: string;
}

/** The record files of a folder (`*.json`), in the order of their names. */
async function recordFiles(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Submits every record file of a folder. One that fails is reported at once and does not stop the
 * others. Rejects when the folder cannot be read or the state file cannot be written.
 */
export async function loadFolder(options: LoadOptions): Promise<LoadResult> {
  const files = await recordFiles(options.directory);
  const progress = options.showProgress(files.length);
  const tally = { submitted: 0, skipped: 0, failures: [] as LoadFailure[] };
  const waiting = files.values();
  const work = async (): Promise<void> => {
    // One iterator for all: each takes the next file that nobody has taken.
    for (const file of waiting) {
      const outcome = await loadFile(file, options);
      if (outcome === 'submitted' || outcome === 'skipped') tally[outcome] += 1;
      else {
        tally.failures.push({ file, reason: outcome.reason });
        progress.say(`${file}: ${outcome.reason}`);
      }
      const failed = tally.failures.length;
      progress.advance(failed === 0 ? '' : `${failed} failed`);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, work));
  progress.finish();
  return tally;
}

async function loadFile(
  file: string,
  options: LoadOptions,
): Promise<'submitted' | 'skipped' | { readonly reason: string }> {
  const text = await readFile(join(options.directory, file), 'utf8');
  if (options.state.has(file, text)) return 'skipped';
  const body = submissionBody(text);
  if (body === null) return { reason: 'it is neither a Bundle nor Parameters; it was not sent' };
  const reason = await submitBody(body, options);
  if (reason !== null) return { reason };
  await options.state.add(file, text);
  return 'submitted';
}
