import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openDevIssuer } from '../adapters/jwt/dev-issuer.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { type Config, readConfig } from '../config.ts';
import { loadFolder } from './load-folder.ts';
import { FORGETFUL, openLoadState } from './load-state.ts';
import { showProgress } from './progress-bar.ts';

const CONCURRENCY_DEFAULT = 4;
const CONCURRENCY_MAX = 64;

const USAGE = `Submits a folder of records to a running server, a file each.

  npm run load -- DIR --org CODE [options]

  DIR                  folder of *.json files: record Bundles, or Parameters of $submit-record
  --org CODE           ODS code of the submitting organisation (development mode: makes a token)
  --role ROLE          gp-system (the default) or care-system, together with --org
  --token TOKEN        a token instead of --org
  --base-url URL       FHIR base of the server (SCR_BASE_URL, else where npm start listens)
  --concurrency N      submissions at once (${CONCURRENCY_DEFAULT}; ${CONCURRENCY_MAX} at most)
  --resume FILE        notes what was acknowledged in FILE, and skips what it says already was

Ends with 0 when every file was taken, 1 when any was not, 2 for wrong arguments.`;

const OPTIONS = {
  org: { type: 'string' },
  role: { type: 'string', default: 'gp-system' },
  token: { type: 'string' },
  'base-url': { type: 'string' },
  concurrency: { type: 'string', default: String(CONCURRENCY_DEFAULT) },
  resume: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

interface Arguments {
  readonly directory: string;
  readonly credential: Credential;
  readonly baseUrl: string | undefined;
  readonly concurrency: number;
  readonly resume: string | undefined;
}

type Credential =
  | { readonly token: string }
  | { readonly organization: string; readonly role: 'gp-system' | 'care-system' };

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const asked = argumentsIn(args);
  if (asked === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (typeof asked === 'string') return complain(`${asked}\n\n${USAGE}`, 2);
  const read = readConfig();
  if (!read.ok) return complain(read.faults.join('\n'), 1);
  try {
    return await load(asked, read.config);
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error), 1);
  }
}

async function load(asked: Arguments, config: Config): Promise<number> {
  const state = asked.resume === undefined ? FORGETFUL : await openLoadState(asked.resume);
  const result = await loadFolder({
    directory: asked.directory,
    concurrency: asked.concurrency,
    state,
    baseUrl: (asked.baseUrl ?? config.baseUrl).replace(/\/$/, ''),
    token: await tokenOf(asked.credential, config),
    sleep: (milliseconds) => sleep(milliseconds),
    now: () => systemClock.now(),
    showProgress: (total) => showProgress('Submitting', total, process.stderr),
  });
  await state.close();
  const { submitted, skipped, failures } = result;
  const before = skipped === 0 ? '' : `, ${skipped} acknowledged before`;
  process.stdout.write(`${submitted} submitted${before}, ${failures.length} failed\n`);
  return failures.length === 0 ? 0 : 1;
}

async function tokenOf(credential: Credential, config: Config): Promise<string> {
  if ('token' in credential) return credential.token;
  if (!config.isDevelopment) {
    throw new Error('A token issuer is configured: bring its token with --token.');
  }
  const issuer = await openDevIssuer(config.dataDirectory);
  const subject = `load-${credential.role}-${credential.organization}`;
  return issuer.mint({ ...credential, subject, now: systemClock.now() });
}

/** The arguments, or what is wrong with them, or `help`. */
function argumentsIn(args: readonly string[]): Arguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: OPTIONS,
      allowPositionals: true,
    });
    if (values.help === true) return 'help';
    const [directory, ...more] = positionals;
    if (directory === undefined || more.length > 0) return 'Name one folder.';
    const concurrency = Number(values.concurrency);
    if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > CONCURRENCY_MAX) {
      return `--concurrency must be a whole number from 1 to ${CONCURRENCY_MAX}.`;
    }
    const credential = credentialIn(values);
    if (typeof credential === 'string') return credential;
    const { 'base-url': baseUrl, resume } = values;
    return { directory, credential, baseUrl, concurrency, resume };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function credentialIn(values: {
  readonly token?: string | undefined;
  readonly org?: string | undefined;
  readonly role: string;
}): Credential | string {
  const { token, org: organization, role } = values;
  if ((token === undefined) === (organization === undefined)) return 'Give --org or --token.';
  if (token !== undefined) return { token };
  if (role !== 'gp-system' && role !== 'care-system') {
    return '--role must be gp-system or care-system.';
  }
  return { organization: organization ?? '', role };
}

function complain(text: string, exitCode: number): number {
  process.stderr.write(`${text}\n`);
  return exitCode;
}
