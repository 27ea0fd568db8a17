import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { barPlot } from './plot.ts';
import { ROOT } from './processes.ts';
import type { Spread } from './statistics.ts';

/** One figure; `goal` is what it should reach, in its own unit. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly value: Spread;
  readonly goal?: number;
  /** Whether more is better. */
  readonly more: boolean;
  /** Ratios hold on any machine; other figures are compared with nothing. */
  readonly compared: boolean;
}

/** All that a run of the bench found out. */
export interface Report {
  readonly kind: 'short' | 'full';
  readonly at: string;
  readonly machine: string;
  readonly disturbance: string;
  readonly rows: readonly Row[];
}

const RESULTS = join(ROOT, 'bench', 'results');

/** A figure may be this much worse than in the last committed results. */
const TOLERANCE = 0.25;

/** The machine, in words. */
export function machineInWords(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const cores = `${cpus().length} × ${first?.model ?? 'unknown'}`;
  return `${cores}, ${memory} GiB, Node ${process.version}, ${process.platform}`;
}

/** Writes JSON, a Markdown table and a plot, and gives the table. */
export async function writeReport(report: Report): Promise<string> {
  await mkdir(RESULTS, { recursive: true });
  const table = tableOf(report);
  const path = (ending: string): string => join(RESULTS, `${report.kind}.${ending}`);
  await writeFile(path('json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(path('md'), table);
  await writeFile(path('svg'), barPlot(report.rows.filter(({ compared }) => compared)));
  return table;
}

/** The last results that were kept of this kind; null when there are none. */
export async function lastReport(kind: Report['kind']): Promise<Report | null> {
  const text = await readFile(join(RESULTS, `${kind}.json`), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Report);
}

/** The ratios that are worse than the last time by more than is tolerated, in words. */
export function regressions(last: Report, now: Report): readonly string[] {
  return now.rows.flatMap(({ name, value, more, compared }) => {
    const before = last.rows.find((row) => row.name === name)?.value.median;
    if (!compared || before === undefined) return [];
    const change = more ? before / value.median : value.median / before;
    if (change <= 1 + TOLERANCE) return [];
    return [`${name}: ${rounded(value.median)}, it was ${rounded(before)}`];
  });
}

function tableOf({ kind, at, machine, disturbance, rows }: Report): string {
  const lines = rows.map(({ name, unit, value, goal, more }) => {
    const reached = goal === undefined ? '' : value.median >= goal === more ? 'yes' : 'no';
    const spread = `${rounded(value.least)} to ${rounded(value.most)}`;
    const wanted = goal === undefined ? '' : `${more ? '≥' : '≤'} ${goal}`;
    return `| ${name} | ${rounded(value.median)} ${unit} | ${spread} | ${wanted} | ${reached} |`;
  });
  return [
    `# Bench, ${kind}`,
    '',
    `${at}; ${machine}. ${disturbance}`,
    '',
    '| figure | median | spread | goal | reached |',
    '|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

/** Three significant digits. */
export function rounded(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '–';
}
