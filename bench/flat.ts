import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openDevIssuer } from '../src/adapters/jwt/dev-issuer.ts';
import type { Shot } from './load.ts';
import { PRACTICE } from './patients.ts';
import { newPlace, type Place, ROOT, startServer } from './processes.ts';
import { fillRecords, recordIds } from './record-fill.ts';
import type { Row } from './report.ts';
import { spreadOf } from './statistics.ts';
import { inTurns, type Latencies, type TurnPlan } from './turns.ts';

/** So many different patients are asked about at most, from all over the store. */
const ASKED = 50_000;

/** A prime: one patient after the other is far from the last one. */
const STRIDE = 7_919;

/** One by one, where a read waits for nothing but its own work; and with others beside it. */
const PLANS: readonly TurnPlan[] = [
  { connections: 1, requests: 16, turns: 200 },
  { connections: 16, requests: 8, turns: 100 },
];

/** What is measured. */
export interface FlatPlan {
  /** Patients in each store, fewest first. */
  readonly sizes: readonly number[];
  /** How many of them are submitted one by one; the others are copies of these. */
  readonly generated: number;
  /** Stores of an earlier run, by size, to be used as they are. */
  readonly kept?: ((size: number) => Place) | undefined;
}

/**
 * Reads of patients from all over stores of several sizes, each served by a process of its own and
 * asked in turn: median and p99 against the smallest store, and memory of the servers.
 */
export async function flatness(plan: FlatPlan): Promise<readonly Row[]> {
  const places = plan.kept === undefined ? await filled(plan) : plan.sizes.map(plan.kept);
  const servers = await Promise.all(places.map((place) => startServer(place)));
  try {
    const asked = await Promise.all(
      servers.map(async (server, n) => ({
        name: `with ${plan.sizes[n]} patients`,
        server,
        next: await reads(places[n] as Place),
      })),
    );
    const rows: Row[] = [];
    for (const turns of PLANS) {
      const found = await inTurns(asked, turns);
      rows.push(...found.flatMap((each) => rowsOf(each, found[0], turns.connections)));
    }
    const sizes = places.map((place, n) => sizeRow(plan.sizes[n] ?? 0, place));
    return [...rows, ...sizes];
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    if (plan.kept === undefined) await Promise.all(places.map((place) => place.remove()));
  }
}

const less = { more: false, compared: false } as const;

function sizeRow(size: number, place: Place): Row {
  const value = spreadOf([sizeOf(place)]);
  return { name: `database with ${size} patients`, unit: 'MB', value, ...less };
}

function rowsOf(each: Latencies, first: Latencies | undefined, connections: number): Row[] {
  const { p50Ms, p99Ms, mainUs, memoryMb } = each;
  const name = `${each.name}, ${connections} at once`;
  const ratio = (what: 'p50Ms' | 'p99Ms'): Row['value'] =>
    spreadOf([each[what].median / (first?.[what].median ?? Number.NaN)]);
  const against = { unit: '', more: false, compared: true, goal: 1.25 };
  return [
    { name: `read ${name}: median`, unit: 'ms', value: p50Ms, ...less },
    { name: `read ${name}: p99`, unit: 'ms', value: p99Ms, ...less },
    { name: `read ${name}: main thread`, unit: 'µs CPU', value: spreadOf([mainUs]), ...less },
    { name: `read ${name}: memory`, unit: 'MB', value: spreadOf([memoryMb]), ...less, goal: 400 },
    ...(each === first
      ? []
      : [
          { name: `read ${name}, to the fewest: median`, value: ratio('p50Ms'), ...against },
          { name: `read ${name}, to the fewest: p99`, value: ratio('p99Ms'), ...against },
        ]),
  ];
}

/** Generates patients, and fills a store of each size out of them. */
async function filled({ sizes, generated }: FlatPlan): Promise<readonly Place[]> {
  const source = await newPlace();
  await generate(source, Math.min(generated, Math.max(...sizes)));
  const places: Place[] = [];
  for (const size of sizes) {
    const place = await newPlace();
    await fillRecords(databaseOf(source), databaseOf(place), size);
    places.push(place);
  }
  await source.remove();
  return places;
}

async function generate(place: Place, patients: number): Promise<void> {
  const args = ['src/cli/generate.ts', '--patients', String(patients), '--practice', PRACTICE];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      SCR_STORE: place.store,
      SCR_DATA_DIR: place.directory,
      SCR_LOG_LEVEL: 'warn',
    },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`generating patients ended with ${code}`);
}

/**
 * A patient's medicines, each time another patient's, by one clinician of the practice: with a
 * token for each patient, the signatures would be what is measured.
 */
async function reads(place: Place): Promise<() => Shot> {
  const ids = await recordIds(databaseOf(place), ASKED);
  const issuer = await openDevIssuer(place.directory);
  const token = await issuer.mint({
    role: 'clinician',
    organization: PRACTICE,
    organizationName: 'Church Street Surgery',
    name: 'Dr A Khan',
    subject: 'dr-khan',
    purpose: 'TREAT',
    now: Date.now(),
  });
  const headers = { authorization: `Bearer ${token}` };
  let n = 0;
  return () => {
    n += 1;
    const id = ids[(n * STRIDE) % ids.length];
    return { path: `/FHIR/R4/MedicationStatement?patient=${id}`, headers };
  };
}

function databaseOf({ directory }: Place): string {
  return join(directory, 'scr.db');
}

function sizeOf(place: Place): number {
  return statSync(databaseOf(place)).size / 2 ** 20;
}
