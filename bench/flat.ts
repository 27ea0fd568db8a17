import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteStore } from '../src/adapters/sqlite/store.ts';
import { keyedNames } from '../src/adapters/system/names.ts';
import { generatedNhsNumber } from '../src/cli/generated-patient.ts';
import { memoryOf } from './cpu-time.ts';
import { medicationSearches, PRACTICE } from './patients.ts';
import { newPlace, type Place, ROOT, startServer } from './processes.ts';
import type { Row } from './report.ts';
import { compare, type Plan } from './rounds.ts';
import { spreadOf } from './statistics.ts';

/** How many of the patients are asked about, from all over the store: as many at every size. */
const ASKED = 1_000;
const CONNECTIONS = 16;

/** Reads with ever more patients in the store: median and p99 against those with the fewest. */
export async function flatness(
  sizes: readonly number[],
  plan: Omit<Plan, 'connections'>,
): Promise<readonly Row[]> {
  const place = await newPlace();
  const found: { size: number; p50: number; p99: number; us: number }[] = [];
  const rows: Row[] = [];
  let there = 0;
  for (const size of sizes) {
    const startedAt = performance.now();
    await generate(place, there, size - there);
    const seconds = (performance.now() - startedAt) / 1000;
    const { p50, p99, us, memory } = await readLatency(place, size, plan);
    found.push({ size, p50, p99, us });
    const [first] = found;
    const label = `with ${size} patients`;
    rows.push(
      plain(`generating ${label}`, 'records/s', (size - there) / seconds),
      plain(`read ${label}: median`, 'ms', p50),
      plain(`read ${label}: p99`, 'ms', p99),
      plain(`read ${label}: main thread`, 'µs CPU', us),
      { ...plain(`memory of the server ${label}`, 'MB', memory), goal: 400 },
      plain(`database ${label}`, 'MB', await megabytes(place)),
    );
    if (first !== undefined && first.size !== size) {
      rows.push(
        flat(`read ${label}, to ${first.size}: median`, p50 / first.p50),
        flat(`read ${label}, to ${first.size}: p99`, p99 / first.p99),
      );
    }
    there = size;
  }
  await place.remove();
  return rows;
}

function plain(name: string, unit: string, value: number): Row {
  return { name, unit, value: spreadOf([value]), more: false, compared: false };
}

function flat(name: string, ratio: number): Row {
  return { name, unit: '', value: spreadOf([ratio]), goal: 1.25, more: false, compared: true };
}

async function generate(place: Place, first: number, patients: number): Promise<void> {
  const args = ['src/cli/generate.ts', '--patients', String(patients), '--first', String(first)];
  const child = spawn(process.execPath, [...args, '--practice', PRACTICE], {
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

async function readLatency(
  place: Place,
  size: number,
  plan: Omit<Plan, 'connections'>,
): Promise<{ p50: number; p99: number; us: number; memory: number }> {
  const shots = await medicationSearches(place, await someIds(place, size));
  const server = await startServer(place);
  try {
    const candidate = { name: 'read', server, shots };
    const [figures] = await compare([candidate], { ...plan, connections: CONNECTIONS });
    if (figures === undefined) throw new Error('nothing was measured');
    const memory = Math.max(...server.pids().map(memoryOf));
    const { p50Ms, p99Ms, mainUs } = figures;
    return { p50: p50Ms.median, p99: p99Ms.median, us: mainUs.median, memory };
  } finally {
    await server.stop();
  }
}

/** Ids of patients from all over the store, in no order that a cache would like. */
async function someIds(place: Place, size: number): Promise<readonly string[]> {
  const store = await openSqliteStore(place.store.replace('sqlite:', ''));
  const names = keyedNames(await store.secret());
  await store.close();
  const step = 7_919;
  return Array.from({ length: Math.min(ASKED, size) }, (_, n) =>
    names.recordId(generatedNhsNumber((n * step) % size)),
  );
}

async function megabytes({ directory }: Place): Promise<number> {
  return (await stat(join(directory, 'scr.db'))).size / 2 ** 20;
}
