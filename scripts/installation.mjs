// What a fresh clone lacks: the packages of the lock file, and a runtime new enough to run us.
// Plain JavaScript for the machine's own Node (20 and later), before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, wherever the command was given. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * The oldest Node that runs the sources as they stand: type stripping without a flag, node:sqlite
 * without a flag, and JSON.parse with source text (decimals are kept as written).
 */
const NODE_MAJOR_MIN = 24;

/** How long one command waits for another that is installing. */
const INSTALL_WAIT_SECONDS_MAX = 600;

const INSTALLED_LOCK = join(ROOT, 'node_modules', '.package-lock.json');
const CLAIM = join(ROOT, '.cache', 'install.lock');

/**
 * Installs the packages when they are missing or not those of the lock file; exits when it cannot.
 */
export function ensureInstalled({ withDevelopment }) {
  if (isInstalled(withDevelopment)) return;
  claimInstallation();
  const failure = isInstalled(withDevelopment) ? null : install(withDevelopment);
  rmSync(CLAIM, { recursive: true, force: true });
  if (failure !== null) stop(failure);
}

/**
 * The path of the Node that runs the project: the pinned one, else the machine's when new enough.
 */
export function runtime() {
  const pinned = join(ROOT, 'node_modules', 'node', 'bin', executable('node'));
  if (existsSync(pinned)) return pinned;
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR_MIN) return process.execPath;
  return stop(
    `node_modules has no pinned Node runtime, and this machine's own Node ${process.versions.node} ` +
      `is older than ${NODE_MAJOR_MIN}: run "npm rebuild node --ignore-scripts=false", or install ` +
      `Node ${NODE_MAJOR_MIN} or later.`,
  );
}

/** Says what is wrong in one line, and stops. */
export function stop(sentence) {
  console.error(`scr-server: ${sentence}`);
  process.exit(1);
}

/**
 * Compares what npm says that it installed with what the lock file asks for, rather than dates: a
 * checkout changes dates, and an interrupted installation leaves no list at all.
 */
function isInstalled(withDevelopment) {
  const installed = packagesIn(INSTALLED_LOCK);
  if (installed === null) return false;
  const wanted = packagesIn(join(ROOT, 'package-lock.json')) ?? {};
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.optional || entry.devOptional) return true;
    if (entry.dev && !withDevelopment) return true;
    return installed[path]?.version === entry.version;
  });
}

function packagesIn(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? null;
  } catch {
    // Missing or cut short: either way it cannot be trusted to say what is there.
    return null;
  }
}

/** Installs; null when all went well, else what did not, in one sentence. */
function install(withDevelopment) {
  console.error('scr-server: installing the packages of package-lock.json …');
  const [command, prefix] = npm();
  // `install --no-save` takes the versions of the lock file and leaves it as it is. `npm ci` would
  // refuse a lock file that lacks the tools of another platform, which a partial registry leaves
  // out. Without development packages (NODE_ENV=production) `npm test` would lack its tools; and
  // warnings about the machine's own Node mean nothing, since it only installs.
  // Who only runs the server waits for a quarter of the packages; who has the others keeps them.
  const isDeveloped = withDevelopment || existsSync(join(ROOT, 'node_modules', 'vitest'));
  const development = isDeveloped ? '--include=dev' : '--omit=dev';
  const args = [...prefix, 'install', '--no-save', development, '--loglevel=error'];
  const result = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32' && prefix.length === 0,
  });
  if (result.error) return `npm could not be started (${result.error.message}).`;
  return result.status === 0 ? null : 'npm install failed; its reasons are above.';
}

/** The npm that called us when there is one, so that both agree on their settings. */
function npm() {
  const calledBy = process.env.npm_execpath;
  if (calledBy && basename(calledBy).startsWith('npm-cli')) return [process.execPath, [calledBy]];
  return ['npm', []];
}

/**
 * One installation at a time: a second command waits for the first and then finds everything there.
 */
function claimInstallation() {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  for (let second = 0; second < INSTALL_WAIT_SECONDS_MAX; second += 1) {
    if (claimed()) return;
    if (second === 0) console.error('scr-server: waiting for another command to install …');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
  }
  stop(`another installation has not ended; if there is none, delete ${CLAIM}.`);
}

function claimed() {
  try {
    mkdirSync(CLAIM);
    writeFileSync(join(CLAIM, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (holderIsGone()) rmSync(CLAIM, { recursive: true, force: true });
    return false;
  }
}

function holderIsGone() {
  try {
    process.kill(Number(readFileSync(join(CLAIM, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    // ENOENT: the holder is between making the directory and writing its number.
    return error.code === 'ESRCH';
  }
}

function executable(name) {
  return process.platform === 'win32' ? `${name}.exe` : name;
}
