import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openDevIssuer } from '../src/adapters/jwt/dev-issuer.ts';
import { openSqliteStore } from '../src/adapters/sqlite/store.ts';
import type { Store } from '../src/ports/store.ts';
import { auditedPatient, sampleEntry } from './audit-entries.ts';
import { fillAudit, patientsIn } from './audit-fill.ts';
import type { Shot } from './load.ts';
import { newPlace, type Place, startServer } from './processes.ts';
import type { Row } from './report.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { inTurns, percentiles, type TurnPlan } from './turns.ts';

/** What is measured. */
export interface AuditPlan {
  /** Entries in each log, fewest first. */
  readonly sizes: readonly number[];
  /** Stores of an earlier run, by size, to be used as they are. */
  readonly kept?: ((size: number) => Place) | undefined;
}

const PAGE = 50;
const TURNS = 60;
const AT_ONCE = 32;
const SEARCHES = 10;
/** What is brought in at once to find out how fast that is. */
const BROUGHT_IN = 2_000;
const BRINGS = 5;
const OVER_HTTP: TurnPlan = { connections: 2, requests: 8, turns: 60 };

/** A prime: one patient after the other is far from the last one. */
const STRIDE = 104_729;

/** A log of some size, and what was measured of it, turn by turn. */
interface Log {
  readonly size: number;
  readonly place: Place;
  readonly store: Store;
  readonly nextPatient: () => number;
  readonly appends: number[][];
  readonly searches: number[][];
  readonly rates: number[];
}

/**
 * Appending to the audit log, bringing entries into its tables, and a page of a patient's access
 * log, with ever more entries in it: stores of several sizes in turn, against the smallest.
 */
export async function auditGrowth(plan: AuditPlan): Promise<readonly Row[]> {
  const { kept } = plan;
  const places: Place[] = [];
  for (const size of plan.sizes) places.push(kept === undefined ? await filled(size) : kept(size));
  try {
    const logs = await Promise.all(plan.sizes.map((size, n) => opened(size, places[n] as Place)));
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (const log of inOrder(logs, turn)) await appendAndSearch(log);
    }
    for (let turn = 0; turn < BRINGS; turn += 1) {
      for (const log of inOrder(logs, turn)) await bringIn(log);
    }
    await Promise.all(logs.map(({ store }) => store.close()));
    return [...logs.flatMap((log) => rowsOf(log, logs[0] as Log)), ...(await overHttp(logs))];
  } finally {
    if (kept === undefined) await Promise.all(places.map((place) => place.remove()));
  }
}

async function filled(size: number): Promise<Place> {
  const place = await newPlace();
  await fillAudit(databaseOf(place), size, sampleEntry);
  return place;
}

async function opened(size: number, place: Place): Promise<Log> {
  const store = await openSqliteStore(databaseOf(place));
  const nextPatient = patientsOf(size);
  return { size, place, store, nextPatient, appends: [], searches: [], rates: [] };
}

function patientsOf(size: number): () => number {
  let n = 0;
  return () => {
    n += STRIDE;
    return n % patientsIn(size);
  };
}

function inOrder(logs: readonly Log[], turn: number): readonly Log[] {
  const first = turn % logs.length;
  return [...logs.slice(first), ...logs.slice(0, first)];
}

async function appendAndSearch({ store, nextPatient, appends, searches }: Log): Promise<void> {
  const entries = Array.from({ length: AT_ONCE }, (_, n) => sampleEntry(nextPatient(), n));
  const startedAt = performance.now();
  appends.push(
    await Promise.all(
      entries.map(async (entry) => {
        await store.appendAudit([entry]);
        return performance.now() - startedAt;
      }),
    ),
  );
  // What was appended is brought in before anything else is measured.
  await store.auditEntry('');
  const found: number[] = [];
  for (let n = 0; n < SEARCHES; n += 1) {
    const patients = [auditedPatient(nextPatient())];
    const searchedAt = performance.now();
    const { entries: page } = await store.searchAudit({ patients, limit: PAGE });
    found.push(performance.now() - searchedAt);
    if (page.length !== PAGE) throw new Error(`a page of ${page.length} entries`);
  }
  searches.push(found);
}

async function bringIn({ store, nextPatient, rates }: Log): Promise<void> {
  const entries = Array.from({ length: BROUGHT_IN }, (_, n) => sampleEntry(nextPatient(), n));
  await Promise.all(entries.map((entry) => store.appendAudit([entry])));
  const startedAt = performance.now();
  await store.auditEntry('');
  rates.push((BROUGHT_IN * 1000) / (performance.now() - startedAt));
}

/** The same page as an auditor gets it from a server. */
async function overHttp(logs: readonly Log[]): Promise<readonly Row[]> {
  const servers = await Promise.all(logs.map(({ place }) => startServer(place)));
  try {
    const asked = await Promise.all(
      logs.map(async (log, n) => ({
        name: named(log.size),
        server: servers[n] as (typeof servers)[number],
        next: await pages(log),
      })),
    );
    const found = await inTurns(asked, OVER_HTTP);
    return found.flatMap((each) => {
      const { name } = each;
      const memory = spreadOf([each.memoryMb]);
      return [
        ...latencyRows(`${name}: access log over HTTP`, each, found[0]),
        {
          name: `${name}: memory`,
          unit: 'MB',
          value: memory,
          more: false,
          compared: false,
          goal: 400,
        },
      ];
    });
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function pages({ place, nextPatient }: Log): Promise<() => Shot> {
  const issuer = await openDevIssuer(place.directory);
  const token = await issuer.mint({
    role: 'auditor',
    organization: 'RX1',
    name: 'A Auditor',
    subject: 'auditor',
    now: Date.now(),
  });
  const headers = { authorization: `Bearer ${token}` };
  return () => {
    const patient = auditedPatient(nextPatient());
    return { path: `/FHIR/R4/AuditEvent?patient=${patient}&_count=${PAGE}`, headers };
  };
}

function rowsOf(log: Log, first: Log): readonly Row[] {
  const name = named(log.size);
  const bytes = statSync(databaseOf(log.place)).size / log.size;
  return [
    { name: `${name}: bytes an entry`, unit: 'B', value: spreadOf([bytes]), ...LESS },
    { name: `${name}: bringing in`, unit: 'entries/s', value: spreadOf(log.rates), ...MORE },
    ...latencyRows(
      `${name}: append, ${AT_ONCE} at once`,
      percentiles(log.appends),
      log === first ? undefined : percentiles(first.appends),
    ),
    ...latencyRows(
      `${name}: access log`,
      percentiles(log.searches),
      log === first ? undefined : percentiles(first.searches),
    ),
  ];
}

const LESS = { more: false, compared: false } as const;
const MORE = { more: true, compared: false } as const;

interface Percentiles {
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
}

function latencyRows(name: string, found: Percentiles, first: Percentiles | undefined): Row[] {
  const rows: Row[] = [
    { name: `${name}: median`, unit: 'ms', value: found.p50Ms, ...LESS },
    { name: `${name}: p99`, unit: 'ms', value: found.p99Ms, ...LESS },
  ];
  if (first === undefined || first === found) return rows;
  const against = { unit: '', more: false, compared: true, goal: 1.25 };
  const ratio = ({ median }: Spread, base: Spread): Spread => spreadOf([median / base.median]);
  return [
    ...rows,
    { name: `${name}, to the fewest: median`, value: ratio(found.p50Ms, first.p50Ms), ...against },
    { name: `${name}, to the fewest: p99`, value: ratio(found.p99Ms, first.p99Ms), ...against },
  ];
}

function named(size: number): string {
  return `audit log with ${size} entries`;
}

function databaseOf({ directory }: Place): string {
  return join(directory, 'scr.db');
}
