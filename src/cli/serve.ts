import cluster from 'node:cluster';
import { flushCompileCache } from 'node:module';
import { type App, buildApp } from '../app.ts';
import { type Config, readConfig } from '../config.ts';
import { createMetrics } from '../http/metrics.ts';
import { stopOnSignals } from '../shutdown.ts';
import { gatherMetrics, measureAsWorker } from '../worker-metrics.ts';
import { runWorkers } from '../workers.ts';
import { sealRegularly } from './seal-regularly.ts';
import { loadSeed } from './seed.ts';
import { printTryIt } from './try-it.ts';

/** Not at once: the first requests should not wait for it. */
const FLUSH_AFTER_MS = 1_000;

/** What happens once, before anything is served and in one process only. */
async function prepare(app: App, config: Config): Promise<void> {
  if (config.seed === 'demo') await loadSeed(app, config);
}

/** Listens, and stops when told to. */
async function serve(app: App, config: Config): Promise<void> {
  sealRegularly(app);
  stopOnSignals(app, cluster.isWorker ? ['SIGTERM'] : ['SIGTERM', 'SIGINT']);
  await app.server.listen({ host: config.host, port: config.port });
  // Now, so that a process that is killed later leaves it for the next start as well.
  setTimeout(flushCompileCache, FLUSH_AFTER_MS).unref();
}

/** Last of all: where it listens, and how to try it. */
async function announce(app: App, config: Config): Promise<void> {
  app.logger.info({ baseUrl: config.baseUrl, workers: config.workers }, 'ready');
  if (app.devIssuer === null) return;
  process.stdout.write(
    `\nDevelopment mode: tokens are signed with a key of this machine (${config.dataDirectory}).\n` +
      `FHIR base: ${config.baseUrl}\n`,
  );
  await printTryIt(app, config);
}

/** One process does everything. */
async function runAlone(config: Config): Promise<void> {
  const app = await buildApp(config);
  await prepare(app, config);
  await serve(app, config);
  await announce(app, config);
}

/** The first process prepares, then the workers serve; it serves nothing itself. */
async function runWithWorkers(config: Config): Promise<void> {
  const app = await buildApp(config);
  await prepare(app, config);
  gatherMetrics();
  await runWorkers(config.workers, app.logger);
  await announce(app, config);
  await app.close();
}

async function serveAsWorker(config: Config): Promise<void> {
  const metrics = measureAsWorker(createMetrics());
  await serve(await buildApp(config, { metrics }), config);
}

async function run(config: Config): Promise<void> {
  if (cluster.isWorker) return serveAsWorker(config);
  return config.workers === 1 ? runAlone(config) : runWithWorkers(config);
}

const read = readConfig();
if (read.ok) {
  await run(read.config).catch((error: unknown) => {
    process.stderr.write(`The server could not start: ${(error as Error).message}\n`);
    process.exit(1);
  });
} else {
  for (const fault of read.faults) process.stderr.write(`Configuration: ${fault}\n`);
  process.exit(1);
}
