import type { App } from './app.ts';

/** How long requests under way may take to finish once the process was told to stop. */
const SHUTDOWN_LIMIT_MS = 20_000;

/**
 * On a signal: no new connections, requests under way finish (within the limit; then their
 * connections are cut), the store closes clean, exit 0. A second signal ends the process at once.
 */
export function stopOnSignals(app: App, signals: readonly NodeJS.Signals[]): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    app.logger.info({ signal }, 'stopping');
    void closeWithinLimit(app).then((code) => process.exit(code));
  };
  for (const signal of signals) process.on(signal, stop);
  // Control-C at a terminal reaches workers too: they wait for the first process to tell them.
  if (!signals.includes('SIGINT')) process.on('SIGINT', () => {});
}

/** Resolves to the exit code. */
async function closeWithinLimit(app: App): Promise<number> {
  const limit = setTimeout(() => {
    app.logger.warn('requests took too long to finish: cutting their connections');
    app.server.server.closeAllConnections();
  }, SHUTDOWN_LIMIT_MS);
  try {
    await app.close();
    app.logger.info('stopped');
    return 0;
  } catch (error) {
    app.logger.error({ err: error }, 'the server did not stop clean');
    return 1;
  } finally {
    clearTimeout(limit);
  }
}
