import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { loadRuleData } from './adapters/files/rule-data.ts';
import { sourceDigest } from './adapters/files/source-digest.ts';
import { type DevIssuer, openDevIssuer } from './adapters/jwt/dev-issuer.ts';
import type { IssuerConfig } from './adapters/jwt/issuer-config.ts';
import { createTokenVerifier } from './adapters/jwt/verifier.ts';
import { systemClock } from './adapters/system/clock.ts';
import { systemIds } from './adapters/system/ids.ts';
import { keyedNames } from './adapters/system/names.ts';
import type { Config } from './config.ts';
import { alertNotice } from './http/alert-notice.ts';
import { createMetrics, type Metrics, measureAudit } from './http/metrics.ts';
import { DEV_KEYS_PATH } from './http/public-routes.ts';
import { createLogger } from './http/request-log.ts';
import { createServer } from './http/server.ts';
import type { PublicIssuer } from './http/smart-configuration.ts';
import type { Context } from './interactions/context.ts';
import { RecordTurns } from './interactions/record-turns.ts';
import { openStore } from './open-store.ts';
import type { Clock } from './ports/clock.ts';
import type { Ids } from './ports/ids.ts';
import type { Store } from './ports/store.ts';

/** The whole server, put together but not yet listening. */
export interface App {
  readonly server: FastifyInstance;
  readonly context: Context;
  readonly logger: Logger;
  /** Development mode's own token issuer; null outside it. */
  readonly devIssuer: DevIssuer | null;
  /** Lets requests under way finish, then closes the store. */
  close(): Promise<void>;
}

/** What tests put in another's place. */
export interface Replacements {
  readonly store?: (store: Store) => Store;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

const DOMAIN = fileURLToPath(new URL('./domain', import.meta.url));
/** What decides on the presented form of an entry, and all that it imports. */
const PRESENTING = ['fhir', 'record'].map((folder) => join(DOMAIN, folder));
const PROFILES = fileURLToPath(new URL('../profiles', import.meta.url));

/**
 * The composition root: opens the store and builds everything that stands on it. Rejects when
 * something cannot be had; then nothing stays open.
 */
export async function buildApp(config: Config, replace: Replacements = {}): Promise<App> {
  const store = await openStore(config.store);
  try {
    return await assemble(config, store, replace);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function assemble(config: Config, opened: Store, replace: Replacements): Promise<App> {
  const metrics = replace.metrics ?? createMetrics();
  const logger = replace.logger ?? loggerOf(config);
  const clock = replace.clock ?? systemClock;
  const devIssuer = config.isDevelopment ? await openDevIssuer(config.dataDirectory) : null;
  const issuers = devIssuer === null ? config.issuers : [devIssuer.config];
  const context: Context = {
    store: measureAudit(replace.store?.(opened) ?? opened, metrics, alertNotice(metrics, logger)),
    clock,
    ids: replace.ids ?? systemIds(clock),
    names: keyedNames(await opened.secret()),
    rules: await loadRuleData(PROFILES),
    reading: sourceDigest(DOMAIN),
    presenting: sourceDigest(...PRESENTING),
    turns: new RecordTurns(),
    baseUrl: config.baseUrl,
  };
  const server = await createServer({
    context,
    verifier: createTokenVerifier(issuers, clock, (issuer, cause) => {
      logger.warn({ issuer, err: cause }, 'the keys of a token issuer cannot be had or used');
    }),
    logger,
    metrics,
    issuers: issuers.map((issuer) => publicIssuer(issuer, config)),
    devKeys: devIssuer?.jwks ?? null,
    version: manifest.version,
    corsOrigins: config.corsOrigins,
  });
  return {
    server,
    context,
    // The server's own, so that a level set here holds for requests as well.
    logger: server.log as Logger,
    devIssuer,
    close: async () => {
      await server.close();
      await opened.close();
    },
  };
}

function loggerOf({ logLevel, logFormat }: Config): Logger {
  return createLogger({ level: logLevel, readable: logFormat === 'readable' });
}

/** Clients are told of keys that have a URL; of a file's path they learn nothing. */
function publicIssuer({ issuer, jwks }: IssuerConfig, config: Config): PublicIssuer {
  if (typeof jwks !== 'string') {
    return { issuer, jwksUrl: new URL(DEV_KEYS_PATH, config.baseUrl).href };
  }
  return { issuer, jwksUrl: /^https?:/.test(jwks) ? jwks : null };
}
