import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mongodbForTests } from '../scripts/mongodb-for-tests.mjs';
import { auditGrowth } from './audit-growth.ts';
import { manyCallers } from './callers.ts';
import { flatness } from './flat.ts';
import { keptPlace, type Place, ROOT } from './processes.ts';
import {
  lastReport,
  machineInWords,
  type Report,
  type Row,
  regressions,
  rounded,
  writeReport,
} from './report.ts';
import type { Figures } from './rounds.ts';
import { spreadOf } from './statistics.ts';
import {
  decisions,
  FLOOR,
  readShares,
  reads,
  secondWorker,
  startTimes,
  submissions,
} from './suites.ts';

/**
 * npm run bench [-- --full] [--profile] [--check] [--only SUITE,…]: measures, prints, and writes
 * `bench/results/`. `--check` compares with the results that are there instead of replacing them,
 * and ends with 1 where a ratio is worse. `--profile` keeps the CPU profile in `bench/profiles/`.
 * `--patients-max` and `--audit-max` say how far flatness is measured; `--kept` names a folder with
 * stores of these sizes (`patients/1000/scr.db`, `audit/10000/scr.db`), used as they are.
 */
const { values: asked } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    // How far flatness is measured. 50 million entries take 28 GB, a million patients 17 GB.
    'audit-max': { type: 'string', default: '1000000' },
    'patients-max': { type: 'string', default: '100000' },
    generated: { type: 'string', default: '10000' },
    callers: { type: 'string', default: '10000' },
    kept: { type: 'string' },
  },
});
const plan = {
  rounds: Number(asked.rounds ?? (asked.full ? 7 : 3)),
  seconds: Number(asked.seconds ?? (asked.full ? 5 : 2)),
};

/** Goals of the read, by connections: as a ratio to the bare route. */
const READ_GOALS: Readonly<Record<number, number>> = { 16: 0.3, 64: 0.4 };
const READ = 'MedicationStatement?patient=';

/** Goals of the operations, as a ratio to the read. */
const GOALS_TO_READ: Readonly<Record<string, number>> = { $summary: 0.5, $everything: 0.3 };

const MORE = { more: true, compared: false } as const;
const LESS = { more: false, compared: false } as const;

const AUDIT_SIZES = [10_000, 100_000, 1_000_000, 10_000_000, 50_000_000];
const PATIENT_SIZES = [1_000, 10_000, 100_000, 1_000_000];

const others: number[] = [];
const SUITES: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  decisions,
  reads: async () => readRows(await reads(plan), 'SQLite', READ_GOALS),
  shares: () => readShares(8, asked.profile ? join(ROOT, 'bench', 'profiles') : undefined),
  submissions: async () => (await submissions(plan)).flatMap(submissionRows),
  start: async () => [startRow(await startTimes(5))],
  ...(asked.full
    ? {
        callers: () => manyCallers(Number(asked.callers)),
        workers: workerRows,
        mongodb: mongodbRows,
        audit: auditRows,
        flat: flatRows,
      }
    : {}),
};

const rows: Row[] = [];
for (const [name, suite] of Object.entries(SUITES)) {
  if (asked.only !== undefined && !asked.only.split(',').includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  rows.push(...(await suite()));
}
await conclude({
  kind: asked.full ? 'full' : 'short',
  at: new Date().toISOString(),
  machine: machineInWords(),
  disturbance: disturbanceInWords(),
  rows,
});

function disturbanceInWords(): string {
  if (others.length === 0) return `Load average at the end: ${loadavg().map(rounded).join(', ')}.`;
  return `Others kept ${spreadOf(others).median.toFixed(2)} cores busy meanwhile (median).`;
}

async function conclude(report: Report): Promise<void> {
  const last = await lastReport(report.kind);
  const worse = last === null ? [] : regressions(last, report);
  if (!asked.check) process.stdout.write(await writeReport(merged(last, report)));
  for (const each of worse) process.stdout.write(`worse than the last results: ${each}\n`);
  if (asked.check && worse.length > 0) process.exitCode = 1;
}

/** A run of some suites only replaces their figures, and leaves the others as they were. */
function merged(last: Report | null, report: Report): Report {
  if (last === null || asked.only === undefined) return report;
  const names = new Set(report.rows.map(({ name }) => name));
  const kept = last.rows.filter(({ name }) => !names.has(name));
  const disturbance = report.disturbance || last.disturbance;
  return { ...report, disturbance, rows: [...kept, ...report.rows] };
}

function readRows(
  figures: readonly Figures[],
  store: string,
  goals: Readonly<Record<number, number>>,
): readonly Row[] {
  return figures.flatMap((each) => {
    others.push(each.othersCores.median);
    const at = `at ${each.connections} connections, ${store}`;
    const beside = (wanted: string) =>
      figures.find(({ name, connections }) => name === wanted && connections === each.connections);
    const [read, floor] = [beside(READ), beside(FLOOR)];
    const absolute: Row[] = [
      { name: `${each.name} ${at}`, unit: '/s', value: each.perSecond, ...MORE },
      { name: `${each.name} ${at}: p99`, unit: 'ms', value: each.p99Ms, ...LESS, ...p99Goal(each) },
      { name: `${each.name} ${at}: main thread`, unit: 'µs CPU', value: each.mainUs, ...LESS },
    ];
    const to = (what: string, value: Row['value']) =>
      ({ name: `${each.name} ${at}, to ${what}`, unit: '', value, more: true }) as const;
    const toBare = to('the bare route', each.ratio);
    if (each.name === 'bare route' || read === undefined) return absolute;
    if (each.name === FLOOR) return [...absolute, { ...toBare, compared: false }];
    if (each.name !== READ) {
      const toRead = to('the read', scaled(each.ratio, 1 / read.ratio.median));
      return [...absolute, { ...toRead, compared: true, ...goalOf(GOALS_TO_READ[each.name]) }];
    }
    const rows = [...absolute, { ...toBare, compared: true, ...goalOf(goals[each.connections]) }];
    if (floor === undefined) return rows;
    const toFloor = to('the floor', scaled(each.ratio, 1 / floor.ratio.median));
    return [...rows, { ...toFloor, compared: true }];
  });
}

function goalOf(goal: number | undefined): { readonly goal?: number } {
  return goal === undefined ? {} : { goal };
}

function submissionRows({ name, perSecond, ratio, mainUs, othersCores }: Figures): readonly Row[] {
  others.push(othersCores.median);
  if (name === 'bare route') return [];
  const goal = name.includes('unchanged') ? 3_000 : 1_500;
  return [
    { name, unit: 'records/s', value: perSecond, ...MORE, goal },
    { name: `${name}, to the bare route`, unit: '', value: ratio, more: true, compared: true },
    { name: `${name}: main thread`, unit: 'µs CPU', value: mainUs, ...LESS },
  ];
}

function startRow(value: Row['value']): Row {
  return { name: 'start until ready', unit: 'ms', value, ...LESS, goal: 1_000 };
}

async function workerRows(): Promise<readonly Row[]> {
  const [, bare, , two] = await secondWorker(plan);
  if (bare === undefined || two === undefined) return [];
  const gain = { unit: '', more: true, compared: false };
  const toBare = scaled(two.ratio, 1 / bare.ratio.median);
  return [
    { name: 'bare route: two processes, to one', ...gain, value: bare.ratio },
    { name: 'two workers, to one', ...gain, value: two.ratio, compared: true },
    { name: 'what a second worker brings, to the bare route', ...gain, value: toBare, goal: 1 },
    { name: 'two workers: p99', unit: 'ms', value: two.p99Ms, ...LESS },
  ];
}

function auditRows(): Promise<readonly Row[]> {
  const sizes = AUDIT_SIZES.filter((size) => size <= Number(asked['audit-max']));
  return auditGrowth({ sizes, kept: keptIn('audit') });
}

async function mongodbRows(): Promise<readonly Row[]> {
  const mongodb = await mongodbForTests();
  if (mongodb === null) return [];
  try {
    return readRows(await reads(plan, mongodb.url), mongodb.kind, { 16: 0.6, 64: 0.6 });
  } finally {
    await mongodb.stop();
  }
}

function flatRows(): Promise<readonly Row[]> {
  const sizes = PATIENT_SIZES.filter((size) => size <= Number(asked['patients-max']));
  return flatness({ sizes, generated: Number(asked.generated), kept: keptIn('patients') });
}

/** Stores that are there already, a folder for each size: filling them takes long. */
function keptIn(what: string): ((size: number) => Place) | undefined {
  const { kept } = asked;
  return kept === undefined ? undefined : (size) => keptPlace(join(kept, what, String(size)));
}

function p99Goal({ name, connections }: Figures): { readonly goal?: number } {
  return name === READ && connections === 64 ? { goal: 15 } : {};
}

function scaled({ median, least, most }: Row['value'], by: number): Row['value'] {
  return { median: median * by, least: least * by, most: most * by };
}
