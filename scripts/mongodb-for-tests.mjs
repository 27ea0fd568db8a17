// Finds or starts the MongoDB-protocol server that the tests of that store run against. Plain
// JavaScript without dependencies, so that any Node from 20 on runs it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = resolve(fileURLToPath(import.meta.url), '../..');
const START_TRIES_MAX = 300;
const TRY_EVERY_MS = 100;
const STOP_MS = 5_000;

/** What to tell someone whose machine has none. */
export const HOW_TO_GET_ONE =
  'set SCR_TEST_MONGODB_URL to the URL of a MongoDB server, or put mongod on the PATH, or install ' +
  'FerretDB with scripts/install-ferretdb.sh (needs Go)';

/**
 * The server at SCR_TEST_MONGODB_URL when that is set; else one that is started here on a free port
 * of 127.0.0.1 with an empty directory: mongod, else FerretDB. Null when none can be had. Throws
 * when one was found and does not start. `stop()` ends what was started, and leaves what was there
 * alone.
 *
 * @returns {Promise<{ url: string, kind: string, stop(): Promise<void> } | null>}
 */
export async function mongodbForTests(environment = process.env) {
  const given = environment.SCR_TEST_MONGODB_URL;
  if (given) return { url: given, kind: 'SCR_TEST_MONGODB_URL', stop: async () => {} };
  const server = findServer(environment.PATH ?? '');
  if (server === null) return null;
  return await start(server);
}

function findServer(path) {
  const mongod = onPath('mongod', path);
  if (mongod !== null) return { kind: 'mongod', binary: mongod, options: mongodOptions };
  const installed = join(ROOT, '.cache', 'ferretdb', 'ferretdb');
  const ferretdb = existsSync(installed) ? installed : onPath('ferretdb', path);
  if (ferretdb !== null) return { kind: 'FerretDB', binary: ferretdb, options: ferretdbOptions };
  return null;
}

function onPath(name, path) {
  const places = path.split(delimiter).filter((folder) => folder !== '');
  return places.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}

function mongodOptions(directory, port) {
  return ['--dbpath', directory, '--port', `${port}`, '--bind_ip', '127.0.0.1', '--quiet'];
}

function ferretdbOptions(directory, port) {
  return [
    '--handler=sqlite',
    `--sqlite-url=file:${directory}/`,
    `--state-dir=${directory}`,
    `--listen-addr=127.0.0.1:${port}`,
    '--debug-addr=-',
    '--telemetry=disable',
    '--log-level=error',
  ];
}

async function start({ kind, binary, options }) {
  const directory = await mkdtemp(join(tmpdir(), 'scr-mongodb-'));
  const port = await freePort();
  const child = spawn(binary, options(directory, port), { stdio: ['ignore', 'ignore', 'inherit'] });
  const stop = () => stopAndClean(child, directory);
  // However this process ends, the server does not outlive it.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  try {
    await untilItListens(child, port);
  } catch (error) {
    await stop();
    throw new Error(`${kind} (${binary}) did not start`, { cause: error });
  }
  return { url: `mongodb://127.0.0.1:${port}/`, kind, stop };
}

async function stopAndClean(child, directory) {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const ended = new Promise((resolveEnd) => child.once('exit', resolveEnd));
    child.kill('SIGTERM');
    const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(impatient);
  }
  await rm(directory, { recursive: true, force: true });
}

async function freePort() {
  const probe = createServer();
  await new Promise((done, failed) => {
    probe.once('error', failed).listen(0, '127.0.0.1', () => done());
  });
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

/** A server of either kind listens once it can answer. */
async function untilItListens(child, port) {
  let failure = null;
  child.once('error', (error) => {
    failure = error;
  });
  for (let tries = 0; tries < START_TRIES_MAX; tries += 1) {
    if (failure !== null) throw failure;
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    if (await listens(port)) return;
    await sleep(TRY_EVERY_MS);
  }
  throw new Error(`it did not listen within ${(START_TRIES_MAX * TRY_EVERY_MS) / 1000} s`);
}

function listens(port) {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}

// Run by hand: starts a server, prints its URL, and stops it on Ctrl-C.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const server = await mongodbForTests();
  if (server === null) {
    console.error(`No MongoDB-protocol server: ${HOW_TO_GET_ONE}.`);
    process.exitCode = 1;
  } else {
    console.log(server.url);
    const end = setInterval(() => {}, 2 ** 30);
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.once(signal, () => server.stop().finally(() => clearInterval(end)));
    }
  }
}
