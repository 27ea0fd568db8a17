import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEV_AUDIENCE, DEV_ISSUER, openDevIssuer } from '../src/adapters/jwt/dev-issuer.ts';

export const ROOT = resolve(import.meta.dirname, '..');
const READY_TRIES_MAX = 1_500;
const READY_EVERY_MS = 10;

/** A process that serves HTTP. */
export interface Serving {
  readonly url: string;
  /** Milliseconds from its start until it answered that it was ready. */
  readonly readyAfterMs: number;
  /** The processes that do the work: the workers where there are any. */
  pids(): readonly number[];
  stop(): Promise<void>;
}

/** Where a server under test keeps its data and its development key. */
export interface Place {
  readonly directory: string;
  readonly store: string;
  remove(): Promise<void>;
}

/** A new directory with a SQLite store in it, unless another store is named. */
export async function newPlace(store?: string): Promise<Place> {
  const directory = await mkdtemp(join(tmpdir(), 'scr-bench-'));
  return {
    directory,
    store: store ?? `sqlite:${join(directory, 'scr.db')}`,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** A directory with a SQLite store in it that outlives the bench. */
export function keptPlace(directory: string): Place {
  return { directory, store: `sqlite:${join(directory, 'scr.db')}`, remove: async () => {} };
}

/** What a server is started with. */
export interface ServerOptions {
  readonly workers?: number;
  /** Where to write a CPU profile when it ends; none unless given. */
  readonly profileTo?: string | undefined;
}

/** Starts the real server as a process, and waits until it is ready. */
export async function startServer(place: Place, options: ServerOptions = {}): Promise<Serving> {
  const port = await freePort();
  const profiling = options.profileTo === undefined ? [] : profileArguments(options.profileTo);
  if (options.profileTo !== undefined) await mkdir(options.profileTo, { recursive: true });
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...profiling, 'src/main.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      // As npm start sets it.
      MALLOC_ARENA_MAX: '1',
      SCR_PORT: String(port),
      SCR_STORE: place.store,
      SCR_DATA_DIR: place.directory,
      SCR_SEED: 'none',
      SCR_WORKERS: String(options.workers ?? 1),
      // As in production: tokens of a configured issuer, and a log line for each request as JSON.
      NODE_ENV: 'production',
      SCR_ISSUER: DEV_ISSUER,
      SCR_AUDIENCE: DEV_AUDIENCE,
      SCR_JWKS: await keysOf(place),
      SCR_LOG_LEVEL: 'info',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(`${url}/health/ready`, child);
  return serving(child, url, performance.now() - startedAt);
}

/** The public key of the tokens that the bench makes, as a file. */
async function keysOf({ directory }: Place): Promise<string> {
  const path = join(directory, 'jwks.json');
  await writeFile(path, JSON.stringify((await openDevIssuer(directory)).jwks));
  return path;
}

function profileArguments(directory: string): readonly string[] {
  return ['--cpu-prof', `--cpu-prof-dir=${directory}`];
}

/** What the bare route is started with. */
export interface BareOptions {
  readonly workers?: number;
  /** With it, the route reads and audits there. */
  readonly mongodbUrl?: string | undefined;
}

/** Starts the bare route as a process. */
export async function startBareRoute(bytes: number, options: BareOptions = {}): Promise<Serving> {
  const { workers = 1, mongodbUrl } = options;
  const numbers = [bytes, workers].map(String);
  return startRoute('bench/bare-route.ts', [...numbers, ...(mongodbUrl ? [mongodbUrl] : [])]);
}

/** Starts the floor route as a process: what it writes, it writes in this place. */
export async function startFloorRoute(bytes: number, { directory }: Place): Promise<Serving> {
  return startRoute('bench/floor-route.ts', [String(bytes), directory]);
}

async function startRoute(file: string, args: readonly string[]): Promise<Serving> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [file, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(child.stdout, 'data');
  return serving(child, `http://127.0.0.1:${String(port).trim()}`, performance.now() - startedAt);
}

function serving(child: ChildProcess, url: string, readyAfterMs: number): Serving {
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  };
  return { url, readyAfterMs, pids: () => workersOf(child.pid ?? 0), stop };
}

function workersOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [pid] : children.split(' ').map(Number);
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < READY_TRIES_MAX; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await sleep(READY_EVERY_MS);
  }
  throw new Error('the server was not ready in time');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
