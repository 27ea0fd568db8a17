import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { sha256 } from '../adapters/system/sha256.ts';
import { readConfig } from '../config.ts';
import { type KeptSeal, type LogReport, verifyLog } from '../interactions/verify-log.ts';
import { openStore } from '../open-store.ts';

const USAGE = `Verifies that the audit log says what it said.

  npm run audit:verify -- [options]

  --kept NUMBER:HASH  a seal as it was kept elsewhere; may be given several times
  --quick             do not search for each entry as well

The store is that of the server's configuration (SCR_STORE). The server may run meanwhile.`;

const OPTIONS = {
  kept: { type: 'string', multiple: true },
  quick: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const NOT_KEPT = '--kept takes NUMBER:HASH, as this command and the server’s log print it.';

const KEPT = /^([1-9]\d{0,11}):([0-9a-f]{64})$/;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  return complain(`The log could not be verified: ${wordsOf(error)}`, 2);
});

/** Exit code: 0 when all of it holds, 1 when not, 2 when it could not be verified. */
async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help) return say(USAGE);
  const kept = (values.kept ?? []).map(keptIn).filter((each) => each !== null);
  if (kept.length < (values.kept ?? []).length) return complain(`${NOT_KEPT}\n\n${USAGE}`, 2);
  const read = readConfig();
  if (!read.ok) return complain(read.faults.join('\n'), 2);
  const { store: location } = read.config;
  if (location.kind === 'sqlite' && !existsSync(location.path)) {
    return complain(`There is no store at ${location.path}.`, 2);
  }
  const store = await openStore(location);
  try {
    return tell(await verifyLog(store, { kept, lookUp: values.quick !== true, sha256 }));
  } finally {
    await store.close();
  }
}

function keptIn(text: string): KeptSeal | null {
  const [, number, hash] = KEPT.exec(text) ?? [];
  return number === undefined || hash === undefined ? null : { number: Number(number), hash };
}

function tell({ seals, entries, newest, faults, faultsInAll }: LogReport): number {
  if (faultsInAll > 0) {
    const more = faultsInAll - faults.length;
    const rest = more > 0 ? [`And ${more} more.`] : [];
    return complain([...faults, ...rest, 'The audit log has been changed.'].join('\n'), 1);
  }
  if (newest === null) return say('No entry has been sealed yet: there is nothing to verify.');
  return say(
    `The audit log says what it said. Entries: ${entries}; seals: ${seals}, the newest of ` +
      `${newest.at}.\nKeep it elsewhere, and give it the next time:\n` +
      `--kept ${newest.number}:${newest.hash}`,
  );
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function say(words: string): number {
  process.stdout.write(`${words}\n`);
  return 0;
}

function complain(words: string, code: number): number {
  process.stderr.write(`${words}\n`);
  return code;
}
