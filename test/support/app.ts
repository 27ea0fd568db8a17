import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { DestinationStream } from 'pino';
import type { DevIssuer } from '../../src/adapters/jwt/dev-issuer.ts';
import type { TokenRequest } from '../../src/adapters/jwt/mint-token.ts';
import { buildApp } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import { createLogger } from '../../src/http/request-log.ts';
import type { Context } from '../../src/interactions/context.ts';
import type { Store } from '../../src/ports/store.ts';
import { BASE_URL, numberedId, START } from './context.ts';

/** The whole server on a store of its own, without a port: ask it with `server.inject`. */
export interface TestApp {
  readonly server: FastifyInstance;
  readonly context: Context;
  /** A bearer token as the value of an Authorization header; it is valid at the test's clock. */
  authorization(request: Omit<TokenRequest, 'now'>): Promise<string>;
  /** Moves the clock; it never moves by itself. */
  advance(milliseconds: number): void;
  /** Every line logged so far, in one text. */
  logged(): string;
  /** Closes the server and the store, and removes their directory. */
  close(): Promise<void>;
}

/** What a test may change. */
export interface TestAppOptions {
  /** Puts another store before the real one, for example one that fails. */
  readonly store?: (store: Store) => Store;
  readonly config?: Partial<Config>;
}

/** Starts the server for one test, or for the tests of a file. */
export async function startApp(options: TestAppOptions = {}): Promise<TestApp> {
  const directory = await mkdtemp(join(tmpdir(), 'scr-test-'));
  let now = START;
  let fresh = 0;
  const lines: string[] = [];
  const stream: DestinationStream = { write: (line: string) => void lines.push(line) };
  const app = await buildApp(configIn(directory, options.config), {
    clock: { now: () => now },
    ids: { fresh: () => numberedId(++fresh) },
    logger: createLogger({ level: 'trace', readable: false, stream }),
    ...(options.store === undefined ? {} : { store: options.store }),
  });
  return {
    server: app.server,
    context: app.context,
    authorization: async (request) => `Bearer ${await mint(app.devIssuer, { ...request, now })}`,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    logged: () => lines.join(''),
    close: async () => {
      await app.close();
      await rm(directory, { recursive: true });
    },
  };
}

function configIn(directory: string, changes: Partial<Config> = {}): Config {
  return {
    host: '127.0.0.1',
    port: 0,
    baseUrl: BASE_URL,
    store: { kind: 'sqlite', path: join(directory, 'scr.db') },
    issuers: [],
    isDevelopment: true,
    workers: 1,
    corsOrigins: [],
    seed: 'none',
    logLevel: 'info',
    logFormat: 'json',
    dataDirectory: directory,
    ...changes,
  };
}

function mint(issuer: DevIssuer | null, request: TokenRequest): Promise<string> {
  if (issuer === null) throw new Error('a test app that mints tokens is in development mode');
  return issuer.mint(request);
}
