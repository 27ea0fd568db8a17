import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDevIssuer } from '../../src/adapters/jwt/dev-issuer.ts';
import type { TokenRequest } from '../../src/adapters/jwt/mint-token.ts';

/** A server in a process of its own, on a data directory that outlives it. */
export interface ServerProcess {
  readonly url: string;
  authorization(request: Omit<TokenRequest, 'now'>): Promise<string>;
  /** Starts the process and waits until it is ready. */
  start(): Promise<void>;
  /** Ends it by a signal and waits until it is gone; gives its exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
  /** Ends it for good and removes its directory. */
  remove(): Promise<void>;
}

/** Prepares a server process; `environment` goes over the defaults. */
export async function serverProcess(
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'scr-process-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  const stop = async (signal: NodeJS.Signals): Promise<number | null> => {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null) return ending?.exitCode ?? null;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    return (await gone)[0];
  };
  return {
    url,
    authorization: async (request) => {
      const issuer = await openDevIssuer(directory);
      return `Bearer ${await issuer.mint({ ...request, now: Date.now() })}`;
    },
    start: async () => {
      child = spawn(process.execPath, ['src/main.ts'], {
        cwd: join(import.meta.dirname, '../..'),
        stdio: 'ignore',
        env: {
          PATH: process.env.PATH,
          SCR_PORT: String(port),
          SCR_STORE: `sqlite:${join(directory, 'scr.db')}`,
          SCR_DATA_DIR: directory,
          SCR_SEED: 'none',
          SCR_LOG_LEVEL: 'warn',
          ...environment,
        },
      });
      await untilReady(url, child);
    },
    stop,
    remove: async () => {
      await stop('SIGKILL');
      await rm(directory, { recursive: true });
    },
  };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const ready = await fetch(`${url}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the server did not become ready');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
