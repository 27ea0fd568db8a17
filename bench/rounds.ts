import { cpuTimeOf, cpuTimeOfAll } from './cpu-time.ts';
import { type Fire, fire, type Run, type Shot } from './load.ts';
import type { Serving } from './processes.ts';
import { ratioOf, type Spread, spreadOf } from './statistics.ts';

/** Something that is measured: a server, and what it is asked. */
export interface Candidate {
  readonly name: string;
  readonly server: Serving;
  readonly shots: readonly Shot[];
  readonly nextBody?: () => string;
  /** Called before each run of so many seconds: what it makes is not measured. */
  readonly prepare?: (seconds: number) => void;
}

/** One run with what it cost, and what else the machine did meanwhile. */
interface Measured extends Run {
  /** CPU of the server's main thread, and of all its threads, for each request; microseconds. */
  readonly mainUs: number;
  readonly allUs: number;
  /** Cores that others than the bench kept busy. */
  readonly othersCores: number;
}

/** The figures of a candidate; `ratio` is of its rate to that of the first candidate. */
export interface Figures {
  readonly name: string;
  readonly connections: number;
  readonly perSecond: Spread;
  readonly ratio: Spread;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
  readonly mainUs: Spread;
  readonly allUs: Spread;
  readonly othersCores: Spread;
}

/** How often and how long. */
export interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

const WARM_SECONDS = 4;

/**
 * Measures candidates in turn, round by round: what disturbs the machine disturbs them all, and
 * their ratio the least.
 */
export async function compare(candidates: readonly Candidate[], plan: Plan): Promise<Figures[]> {
  for (const each of candidates) await measure(each, { ...plan, seconds: WARM_SECONDS });
  const rounds: (readonly Measured[])[] = [];
  for (let round = 0; round < plan.rounds; round += 1) {
    rounds.push(await measureAll(candidates, plan, round));
  }
  const rates = candidates.map((_, n) => rounds.map((runs) => runs[n]?.perSecond ?? Number.NaN));
  return candidates.map(({ name }, n) => {
    const spread = (figure: keyof Measured): Spread =>
      spreadOf(rounds.map((runs) => runs[n]?.[figure] ?? Number.NaN));
    return {
      name,
      connections: plan.connections,
      perSecond: spread('perSecond'),
      ratio: ratioOf(rates[n] ?? [], rates[0] ?? []),
      p50Ms: spread('p50Ms'),
      p99Ms: spread('p99Ms'),
      mainUs: spread('mainUs'),
      allUs: spread('allUs'),
      othersCores: spread('othersCores'),
    };
  });
}

/**
 * Each candidate once, beginning with another one in each round: on shared machines whoever follows
 * the hungriest is given less. The results are in the order of the candidates.
 */
async function measureAll(
  candidates: readonly Candidate[],
  plan: Plan,
  round: number,
): Promise<readonly Measured[]> {
  const runs: Measured[] = [];
  for (const turn of candidates.keys()) {
    const n = (turn + round) % candidates.length;
    const candidate = candidates[n];
    if (candidate !== undefined) runs[n] = await measure(candidate, plan);
  }
  return runs;
}

async function measure(candidate: Candidate, plan: Omit<Fire, 'nextBody'>): Promise<Measured> {
  const { server, shots, nextBody, prepare } = candidate;
  prepare?.(plan.seconds);
  const before = cpuNow(server);
  const run = await fire(server.url, shots, { ...plan, nextBody });
  const after = cpuNow(server);
  const requests = run.perSecond * plan.seconds;
  const own = after.bench - before.bench + after.allUs - before.allUs;
  return {
    ...run,
    mainUs: (after.mainUs - before.mainUs) / requests,
    allUs: (after.allUs - before.allUs) / requests,
    othersCores: (after.machine - before.machine - own) / (plan.seconds * 1e6),
  };
}

function cpuNow({ pids }: Serving): Record<'mainUs' | 'allUs' | 'bench' | 'machine', number> {
  const servers = pids().map(cpuTimeOf);
  return {
    mainUs: servers.reduce((sum, { mainUs }) => sum + mainUs, 0),
    allUs: servers.reduce((sum, { allUs }) => sum + allUs, 0),
    bench: cpuTimeOf(process.pid).allUs,
    machine: cpuTimeOfAll(),
  };
}
