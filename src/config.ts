import { isIP } from 'node:net';
import { jwksFault, readIssuersFile } from './adapters/jwt/issuer-checks.ts';
import type { IssuerConfig } from './adapters/jwt/issuer-config.ts';

/** One environment variable, as the README's table shows it; a null default means unset. */
export interface ConfigVariable {
  readonly name: string;
  readonly meaning: string;
  readonly default: string | null;
}

/** Every variable that the server reads; an `SCR_` variable that is not here stops it. */
export const CONFIG_VARIABLES: readonly ConfigVariable[] = [
  { name: 'SCR_HOST', meaning: 'address to listen on', default: '127.0.0.1' },
  { name: 'SCR_PORT', meaning: 'port to listen on', default: '8080' },
  {
    name: 'SCR_BASE_URL',
    meaning: 'public FHIR base, used in every link',
    default: 'http://HOST:PORT/FHIR/R4',
  },
  {
    name: 'SCR_STORE',
    meaning: '`sqlite:PATH`, `mongodb://…` or `mongodb+srv://…`',
    default: 'sqlite:./data/scr.db',
  },
  { name: 'SCR_ISSUER', meaning: 'trusted token issuer (`iss`)', default: null },
  { name: 'SCR_AUDIENCE', meaning: 'audience that its tokens must name (`aud`)', default: null },
  { name: 'SCR_JWKS', meaning: 'its keys: an `https://` URL or a file path', default: null },
  {
    name: 'SCR_ISSUERS',
    meaning: 'several issuers: a JSON file, `[{"issuer", "audience", "jwks"}]`',
    default: null,
  },
  { name: 'SCR_WORKERS', meaning: 'processes that serve requests, 1 to 64', default: '1' },
  {
    name: 'SCR_CORS_ORIGINS',
    meaning: 'web pages that may call from a browser: origins, separated by commas',
    default: null,
  },
  {
    name: 'SCR_SEED',
    meaning: 'demonstration data for an empty store: `demo` or `none`',
    default: '`demo` in development mode, else `none`',
  },
  {
    name: 'SCR_LOG_LEVEL',
    meaning: '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`',
    default: 'info',
  },
  {
    name: 'SCR_DATA_DIR',
    meaning: 'where development mode keeps its signing key',
    default: './data',
  },
  {
    name: 'NODE_ENV',
    meaning: '`production` demands an issuer, and writes logs as JSON',
    default: null,
  },
];

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where records are kept. */
export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'mongodb'; readonly url: string };

/** The whole configuration, checked. */
export interface Config {
  readonly host: string;
  /** 0, any free port, only together with a base URL that was set. */
  readonly port: number;
  /** The public FHIR base, without a slash at its end. */
  readonly baseUrl: string;
  readonly store: StoreLocation;
  /** Empty in development mode, which brings its own. */
  readonly issuers: readonly IssuerConfig[];
  readonly isDevelopment: boolean;
  readonly workers: number;
  /** Origins whose pages may call from a browser; none unless configured. */
  readonly corsOrigins: readonly string[];
  readonly seed: 'demo' | 'none';
  readonly logLevel: LogLevel;
  readonly logFormat: 'json' | 'readable';
  readonly dataDirectory: string;
}

export type ConfigRead =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly string[] };

/** The environment, and the faults that were found in it so far. */
interface Reading {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly faults: string[];
  readonly isProduction: boolean;
}

const LOOPBACK_HOSTS = ['127.0.0.1', '::1', 'localhost'];

/**
 * Reads and checks the configuration. All faults come at once, a line each; none of them echoes a
 * value that may hold a secret.
 */
export function readConfig(env: Reading['env'] = process.env): ConfigRead {
  const reading = { env, faults: [], isProduction: env.NODE_ENV === 'production' };
  refuseUnknown(reading);
  const issuers = issuersOf(reading);
  const isDevelopment = !issuers.configured && !reading.isProduction;
  const host = hostOf(reading, isDevelopment);
  const port = wholeNumber(reading, 'SCR_PORT', 8080, 0, 65_535);
  const config: Config = {
    host,
    port,
    baseUrl: baseUrlOf(reading, host, port),
    store: storeOf(reading),
    issuers: issuers.list,
    isDevelopment,
    workers: wholeNumber(reading, 'SCR_WORKERS', 1, 1, 64),
    corsOrigins: originsOf(reading),
    seed: oneOf(reading, 'SCR_SEED', ['demo', 'none'], isDevelopment ? 'demo' : 'none'),
    logLevel: oneOf(reading, 'SCR_LOG_LEVEL', LOG_LEVELS, 'info'),
    logFormat: reading.isProduction ? 'json' : 'readable',
    dataDirectory: settingOf(reading, 'SCR_DATA_DIR') ?? './data',
  };
  const { faults } = reading;
  return faults.length === 0 ? { ok: true, config } : { ok: false, faults };
}

/**
 * A mistyped name must not leave a default in force unnoticed, nor an empty value pass for unset.
 */
function refuseUnknown({ env, faults }: Reading): void {
  const ours = Object.keys(env).filter((name) => name.startsWith('SCR_'));
  for (const name of ours.filter((candidate) => !candidate.startsWith('SCR_TEST_'))) {
    const isKnown = CONFIG_VARIABLES.some((variable) => variable.name === name);
    if (!isKnown) faults.push(`${name} is not a variable that this server knows`);
    else if (env[name]?.trim() === '') faults.push(`${name} is empty: give it a value or unset it`);
  }
}

/** A value that was set; an empty one is reported elsewhere and counts as unset. */
function settingOf({ env }: Reading, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

function oneOf<T extends string>(
  reading: Reading,
  name: string,
  allowed: readonly T[],
  otherwise: T,
): T {
  const value = settingOf(reading, name);
  if (value === undefined) return otherwise;
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) reading.faults.push(`${name} must be one of ${allowed.join(', ')}`);
  return found ?? otherwise;
}

function wholeNumber(
  reading: Reading,
  name: string,
  otherwise: number,
  least: number,
  most: number,
): number {
  const value = settingOf(reading, name);
  if (value === undefined) return otherwise;
  const number = /^[0-9]{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  reading.faults.push(`${name} must be a whole number from ${least} to ${most}`);
  return otherwise;
}

function originsOf(reading: Reading): readonly string[] {
  const origins = (settingOf(reading, 'SCR_CORS_ORIGINS') ?? '').split(',').map((o) => o.trim());
  const given = origins.filter((origin) => origin !== '');
  if (given.every((origin) => URL.parse(origin)?.origin === origin)) return given;
  reading.faults.push('SCR_CORS_ORIGINS must be origins such as https://viewer.example');
  return [];
}

function hostOf(reading: Reading, isDevelopment: boolean): string {
  const host = settingOf(reading, 'SCR_HOST') ?? '127.0.0.1';
  if (isIP(host) === 0 && !/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host)) {
    reading.faults.push('SCR_HOST must be an IP address or a host name');
  } else if (isDevelopment && !LOOPBACK_HOSTS.includes(host)) {
    const hosts = LOOPBACK_HOSTS.join(', ');
    reading.faults.push(`SCR_HOST must be one of ${hosts} while no issuer is configured`);
  }
  return host;
}

function baseUrlOf(reading: Reading, host: string, port: number): string {
  const base = settingOf(reading, 'SCR_BASE_URL');
  if (base !== undefined) {
    if (!isBaseUrl(base)) {
      reading.faults.push(
        'SCR_BASE_URL must be an http:// or https:// URL without slash at its end, query or user',
      );
    }
    return base;
  }
  if (port === 0) reading.faults.push('SCR_PORT can be 0 only when SCR_BASE_URL is set');
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/FHIR/R4`;
}

function isBaseUrl(text: string): boolean {
  if (!/^https?:\/\/[^\s?#@]+[^\s?#@/]$/.test(text)) return false;
  return URL.canParse(text);
}

function storeOf(reading: Reading): StoreLocation {
  const value = settingOf(reading, 'SCR_STORE') ?? 'sqlite:./data/scr.db';
  if (/^mongodb(\+srv)?:\/\/[^/\s]+/.test(value)) return { kind: 'mongodb', url: value };
  const path = value.startsWith('sqlite:') ? value.slice('sqlite:'.length) : '';
  if (path === '') {
    reading.faults.push('SCR_STORE must be sqlite:PATH, mongodb://… or mongodb+srv://…');
  }
  return { kind: 'sqlite', path };
}

/** The issuers; `configured` tells whether there was any attempt to name one, right or wrong. */
interface Issuers {
  readonly list: readonly IssuerConfig[];
  readonly configured: boolean;
}

function issuersOf(reading: Reading): Issuers {
  const names = ['SCR_ISSUER', 'SCR_AUDIENCE', 'SCR_JWKS'] as const;
  const [issuer, audience, jwks] = names.map((name) => settingOf(reading, name));
  const file = settingOf(reading, 'SCR_ISSUERS');
  const isAnySet = issuer !== undefined || audience !== undefined || jwks !== undefined;
  if (file !== undefined) {
    if (isAnySet)
      reading.faults.push(`SCR_ISSUERS excludes ${names.join(', ')}: set one or the other`);
    return { list: issuersIn(reading, file), configured: true };
  }
  if (isAnySet || reading.isProduction) {
    const missing = names.filter((name) => settingOf(reading, name) === undefined);
    const why = isAnySet ? 'the three belong together' : 'production needs a token issuer';
    reading.faults.push(...missing.map((name) => `${name} is not set: ${why}`));
  }
  if (jwks !== undefined) reportJwks(reading, jwks);
  const isComplete = issuer !== undefined && audience !== undefined && jwks !== undefined;
  return { list: isComplete ? [{ issuer, audience, jwks }] : [], configured: isAnySet };
}

function issuersIn(reading: Reading, file: string): readonly IssuerConfig[] {
  const { issuers, faults } = readIssuersFile(file, reading.isProduction);
  reading.faults.push(...faults.map((fault) => `SCR_ISSUERS ${fault}`));
  return issuers;
}

function reportJwks(reading: Reading, jwks: string): void {
  const fault = jwksFault(jwks, reading.isProduction);
  if (fault !== null) reading.faults.push(`SCR_JWKS ${fault}`);
}
