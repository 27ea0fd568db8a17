import { Agent, request } from 'node:http';
import { cpuTimeOf, memoryOf } from './cpu-time.ts';
import type { Shot } from './load.ts';
import type { Serving } from './processes.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** A server, and what it is asked next. */
export interface Asked {
  readonly name: string;
  readonly server: Serving;
  readonly next: () => Shot;
}

/** How it is asked. */
export interface TurnPlan {
  /** Waiting for an answer at any moment. */
  readonly connections: number;
  /** Requests on each connection in one turn. */
  readonly requests: number;
  readonly turns: number;
}

/** Latencies as the client saw them, over several stretches of the run. */
export interface Latencies {
  readonly name: string;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
  readonly mainUs: number;
  /** The largest of the server's processes at the end, in megabytes. */
  readonly memoryMb: number;
}

/** Percentiles are taken of each stretch by itself: one disturbance spoils one of them. */
const STRETCHES = 10;

/**
 * Asks several servers in short turns, in an order that moves on by one: whatever else the machine
 * does meets them all alike. Rejects when an answer is no success.
 */
export async function inTurns(asked: readonly Asked[], plan: TurnPlan): Promise<Latencies[]> {
  const agents = asked.map(
    () => new Agent({ keepAlive: true, maxSockets: plan.connections, scheduling: 'fifo' }),
  );
  const samples = asked.map((): number[][] => []);
  const cpuUs = asked.map(() => 0);
  for (let turn = -WARM_TURNS; turn < plan.turns; turn += 1) {
    for (let n = 0; n < asked.length; n += 1) {
      const at = (n + turn + WARM_TURNS) % asked.length;
      const [each, agent] = [asked[at], agents[at]];
      if (each === undefined || agent === undefined) continue;
      const before = mainUsOf(each.server);
      const found = await oneTurn(each, agent, plan);
      if (turn < 0) continue;
      samples[at]?.push(found);
      cpuUs[at] = (cpuUs[at] ?? 0) + mainUsOf(each.server) - before;
    }
  }
  for (const agent of agents) agent.destroy();
  const requests = plan.turns * plan.connections * plan.requests;
  return asked.map(({ name, server }, n) => ({
    name,
    ...percentiles(samples[n] ?? []),
    mainUs: (cpuUs[n] ?? 0) / requests,
    memoryMb: Math.max(...server.pids().map(memoryOf)),
  }));
}

const WARM_TURNS = 5;

function mainUsOf({ pids }: Serving): number {
  return pids().reduce((sum, pid) => sum + cpuTimeOf(pid).mainUs, 0);
}

async function oneTurn(asked: Asked, agent: Agent, plan: TurnPlan): Promise<number[]> {
  const found: number[] = [];
  const connection = async (): Promise<void> => {
    for (let n = 0; n < plan.requests; n += 1) {
      const startedAt = performance.now();
      await ask(asked.server.url, asked.next(), agent);
      found.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: plan.connections }, connection));
  return found;
}

function ask(url: string, shot: Shot, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url + shot.path, { agent, headers: shot.headers ?? {} }, (answer) => {
      answer.resume();
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`${shot.path}: ${answer.statusCode}`));
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Of latencies by turn: median and p99 of each stretch of turns. */
export function percentiles(turns: readonly (readonly number[])[]): {
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
} {
  const size = Math.ceil(turns.length / STRETCHES);
  const stretches = Array.from({ length: Math.ceil(turns.length / size) }, (_, n) =>
    turns
      .slice(n * size, (n + 1) * size)
      .flat()
      .sort((a, b) => a - b),
  );
  const at = (part: number): Spread =>
    spreadOf(stretches.map((sorted) => sorted[Math.floor(sorted.length * part)] ?? Number.NaN));
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
