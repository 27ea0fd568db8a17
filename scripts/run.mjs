// node scripts/run.mjs FILE [ARGUMENT…]: runs a file with the pinned runtime, on a fresh clone too.
import { spawn } from 'node:child_process';
import { ensureInstalled, ROOT, runtime, stop } from './installation.mjs';

/** How often to look whether npm is still there. */
const PARENT_WATCH_MS = 250;

const [file, ...rest] = process.argv.slice(2);
if (file === undefined) stop('usage: node scripts/run.mjs FILE [ARGUMENT…]');

ensureInstalled({ withDevelopment: /^(node_modules|bench)\//.test(file) });

// glibc else keeps a pool of freed memory for each thread: 70 MB of a server under load. It reads
// this once, when a process starts. Other C libraries do not know it.
const env = { MALLOC_ARENA_MAX: '1', ...process.env };
const child = spawn(runtime(), [file, ...rest], { cwd: ROOT, stdio: 'inherit', env });
child.on('error', (error) => stop(`the runtime could not be started: ${error.message}`));

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
  process.on(signal, () => {
    // Control-C at a terminal reaches the child by itself; passing it on would count as a second
    // one.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    child.kill(signal);
  });
}

// npm passes a signal on to the shell that it starts us by, and many a shell dies of it without a
// word to us: that our parent has gone is the signal then. Elsewhere (nohup, disown) it means
// nothing.
const parent = process.ppid;
if (process.env.npm_lifecycle_event !== undefined && parent !== 1) {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, PARENT_WATCH_MS);
}

child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code);
  // Ends by the same signal, so that whoever waits for us sees what happened.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
