import { parseArgs } from 'node:util';
import { type App, buildApp } from '../app.ts';
import { readConfig } from '../config.ts';
import type { Caller } from '../domain/access/caller.ts';
import { parseScopes } from '../domain/access/scope.ts';
import type { Call } from '../interactions/context.ts';
import { perform } from '../interactions/perform.ts';
import { submitRecord } from '../interactions/submit-record.ts';
import { type Generation, generatedRecord, PATIENTS_MAX } from './generated-patient.ts';
import { showProgress } from './progress-bar.ts';

const USAGE = `Fills the store (SCR_STORE) with synthetic patients; a record has 12 entries.

  npm run generate -- --patients N [options]

  --patients N    how many (${PATIENTS_MAX} at most)
  --first N       the number of the first, to go on where an earlier run ended (0)
  --practice ODS  the registered practice (A81001)
  --seed N        another seed gives other records (1)
  --today DAY     the day that prescriptions are dated back from (today)`;

const OPTIONS = {
  patients: { type: 'string' },
  first: { type: 'string', default: '0' },
  practice: { type: 'string', default: 'A81001' },
  seed: { type: 'string', default: '1' },
  today: { type: 'string' },
} as const;

/** So many wait at once for one sync of the disk. */
const CONCURRENCY = 64;
const DAY_MS = 86_400_000;

interface Asked {
  readonly patients: number;
  readonly first: number;
  readonly generation: Generation;
}

/**
 * Submits generated records straight to the store's interactions, one after the other as they are
 * made: memory does not grow with their number. Exit code 0, or 2 for wrong arguments.
 */
export async function generatePatients(args: readonly string[]): Promise<number> {
  const asked = askedIn(args);
  const config = readConfig();
  if (asked === null || !config.ok) {
    process.stderr.write(`${config.ok ? USAGE : config.faults.join('\n')}\n`);
    return 2;
  }
  const app = await buildApp(config.config);
  const progress = showProgress('Generating patients', asked.patients, process.stderr);
  const last = asked.first + asked.patients;
  let next = asked.first;
  const work = async (): Promise<void> => {
    while (next < last) {
      const n = next;
      next += 1;
      await submit(app, generatedRecord(n, asked.generation), asked.generation.practice);
      progress.advance();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  progress.finish();
  await app.close();
  return 0;
}

function askedIn(args: readonly string[]): Asked | null {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const [patients, first, seed] = [values.patients, values.first, values.seed].map(Number);
  const today = values.today === undefined ? startOfDay(Date.now()) : Date.parse(values.today);
  if (!isCount(patients) || !isCount(first) || !isCount(seed) || Number.isNaN(today)) return null;
  if (first + patients > PATIENTS_MAX) return null;
  return { patients, first, generation: { seed, practice: values.practice, today, edition: 0 } };
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0;
}

function startOfDay(moment: number): number {
  return Math.floor(moment / DAY_MS) * DAY_MS;
}

async function submit(app: App, record: object, practice: string): Promise<void> {
  const parameters = {
    resourceType: 'Parameters',
    parameter: [{ name: 'record', resource: record }],
  };
  const text = JSON.stringify(parameters);
  const done = await perform(app.context, callOf(app, practice), submitRecord(text));
  if (!done.ok) throw new Error(`a record was refused: ${JSON.stringify(done.problem.issues)}`);
}

function callOf({ context }: App, practice: string): Call {
  const act = { interaction: 'submit-record', type: 'System', action: 'E', target: '' } as const;
  return { caller: callerOf(practice), requestId: context.ids.fresh(), act };
}

function callerOf(organization: string): Caller {
  return {
    issuer: 'urn:scr:generator',
    subject: `generator-${organization}`,
    name: null,
    role: 'gp-system',
    organization,
    organizationName: null,
    purpose: null,
    scopes: parseScopes('system/*.cruds'),
    client: null,
    tokenId: null,
    launchPatient: null,
    nhsNumber: null,
    expiresAt: Number.MAX_SAFE_INTEGER,
  };
}
