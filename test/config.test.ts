import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CONFIG_VARIABLES, readConfig } from '../src/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'scr-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

type Env = Record<string, string | undefined>;

function config(env: Env) {
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.faults.join('\n'));
  return read.config;
}

function faults(env: Env): readonly string[] {
  const read = readConfig(env);
  return read.ok ? [] : read.faults;
}

const KEYS = fileOf('keys.json', { keys: [{ kty: 'EC', kid: '1' }] });
const TRUSTED = {
  SCR_ISSUER: 'https://issuer.test',
  SCR_AUDIENCE: 'urn:scr',
  SCR_JWKS: 'https://issuer.test/keys',
};

describe('readConfig', () => {
  it('has a default for everything: development mode on loopback', () => {
    expect(config({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      baseUrl: 'http://127.0.0.1:8080/FHIR/R4',
      store: { kind: 'sqlite', path: './data/scr.db' },
      issuers: [],
      isDevelopment: true,
      workers: 1,
      corsOrigins: [],
      seed: 'demo',
      logLevel: 'info',
      logFormat: 'readable',
      dataDirectory: './data',
    });
  });

  it('takes every variable', () => {
    const env = {
      ...TRUSTED,
      NODE_ENV: 'production',
      SCR_HOST: '0.0.0.0',
      SCR_PORT: '80',
      SCR_BASE_URL: 'https://scr.test/FHIR/R4',
      SCR_STORE: 'mongodb+srv://user:pass@cluster.test/scr',
      SCR_WORKERS: '64',
      SCR_CORS_ORIGINS: 'https://viewer.example, http://127.0.0.1:3000',
      SCR_SEED: 'demo',
      SCR_LOG_LEVEL: 'silent',
      SCR_DATA_DIR: '/var/lib/scr',
    };
    expect(config(env)).toEqual({
      host: '0.0.0.0',
      port: 80,
      baseUrl: 'https://scr.test/FHIR/R4',
      store: { kind: 'mongodb', url: 'mongodb+srv://user:pass@cluster.test/scr' },
      issuers: [
        { issuer: 'https://issuer.test', audience: 'urn:scr', jwks: 'https://issuer.test/keys' },
      ],
      isDevelopment: false,
      workers: 64,
      corsOrigins: ['https://viewer.example', 'http://127.0.0.1:3000'],
      seed: 'demo',
      logLevel: 'silent',
      logFormat: 'json',
      dataDirectory: '/var/lib/scr',
    });
  });

  it('reports every fault at once, a line each, without the values', () => {
    const found = faults({
      SCR_PORT: 'secret-1',
      SCR_WORKERS: '0',
      SCR_STORE: 'postgres://secret-2',
      SCR_SEED: 'secret-3',
      SCR_LOG_LEVEL: 'loud',
      SCR_PROT: '1',
      SCR_DATA_DIR: ' ',
    });
    expect(found.map((fault) => fault.split(' ')[0]).sort()).toEqual([
      'SCR_DATA_DIR',
      'SCR_LOG_LEVEL',
      'SCR_PORT',
      'SCR_PROT',
      'SCR_SEED',
      'SCR_STORE',
      'SCR_WORKERS',
    ]);
    expect(found.join('')).not.toMatch(/secret|\n/);
  });

  it('leaves alone what is not ours, and what tests set', () => {
    expect(faults({ PATH: '/bin', HOME: '', SCR_TEST_MONGODB_URL: 'x', scr_port: '1' })).toEqual(
      [],
    );
  });

  it.each([
    ['SCR_PORT', ['1', '65535'], ['65536', '-1', '8080.0', '0x50', '99999999999']],
    ['SCR_WORKERS', ['1', '64'], ['0', '65', '1.5', 'all']],
    ['SCR_STORE', ['sqlite:x.db', 'mongodb://localhost/scr'], ['sqlite:', 'mongodb://', 'x.db']],
    ['SCR_SEED', ['demo', 'none'], ['Demo', 'true']],
    ['SCR_LOG_LEVEL', ['trace', 'fatal'], ['INFO', 'verbose']],
    ['SCR_HOST', ['127.0.0.1', '::1', 'localhost'], ['0.0.0.0', 'example.test', '::', 'a b']],
    [
      'SCR_BASE_URL',
      ['http://localhost:9/FHIR/R4', 'https://scr.test', 'https://[::1]:8080/x'],
      [
        'scr.test/FHIR/R4',
        'ftp://scr.test/x',
        'https://scr.test/',
        'https://scr.test/FHIR/R4/',
        'https://scr.test/x?y=1',
        'https://scr.test/x#y',
        'https://user:pass@scr.test/x',
        'https://',
        'https://a b/x',
      ],
    ],
  ])('%s accepts %j and refuses %j', (name, good, bad) => {
    for (const value of good) expect([value, faults({ [name]: value })]).toEqual([value, []]);
    for (const value of bad) expect([value, faults({ [name]: value }).length]).toEqual([value, 1]);
  });

  it('makes the base URL from host and port, brackets included', () => {
    const { baseUrl } = config({ SCR_HOST: '::1', SCR_PORT: '9000' });
    expect(baseUrl).toBe('http://[::1]:9000/FHIR/R4');
  });

  it('lets any free port be taken only when the base URL does not follow from it', () => {
    expect(faults({ SCR_PORT: '0' })).toHaveLength(1);
    expect(config({ SCR_PORT: '0', SCR_BASE_URL: 'http://localhost/FHIR/R4' }).port).toBe(0);
  });

  it('listens anywhere once an issuer is configured, without demonstration data', () => {
    const { host, seed, isDevelopment } = config({ ...TRUSTED, SCR_HOST: '0.0.0.0' });
    expect([host, seed, isDevelopment]).toEqual(['0.0.0.0', 'none', false]);
  });
});

describe('the token issuer', () => {
  it('is needed in production: a fault for each part that is missing', () => {
    const found = faults({ NODE_ENV: 'production' });
    expect(found.map((fault) => fault.split(' ')[0])).toEqual([
      'SCR_ISSUER',
      'SCR_AUDIENCE',
      'SCR_JWKS',
    ]);
    const { SCR_AUDIENCE: _audience, ...rest } = TRUSTED;
    expect(faults({ NODE_ENV: 'production', ...rest })).toHaveLength(1);
    expect(faults({ NODE_ENV: 'production', ...TRUSTED })).toEqual([]);
  });

  it.each(['SCR_ISSUER', 'SCR_AUDIENCE', 'SCR_JWKS'])('is not whole without %s', (name) => {
    expect(faults({ ...TRUSTED, [name]: undefined })).toEqual([
      `${name} is not set: the three belong together`,
    ]);
    expect(faults({ ...TRUSTED, [name]: '' })).not.toEqual([]);
  });

  it.each([
    ['https://issuer.test/keys', true, true],
    ['http://127.0.0.1:9/keys', true, false],
    ['http://localhost/keys', true, false],
    ['http://issuer.test/keys', false, false],
    ['http://127.0.0.1.issuer.test/keys', false, false],
    ['ftp://issuer.test/keys', false, false],
    ['https://', false, false],
    [KEYS, true, true],
    [join(folder, 'missing.json'), false, false],
    [fileOf('empty.json', { keys: [] }), false, false],
    [fileOf('broken.json', '{'), false, false],
    [fileOf('private.json', { keys: [{ kty: 'EC', d: 'secret' }] }), false, false],
    [fileOf('symmetric.json', { keys: [{ kty: 'oct', k: 'secret' }] }), false, false],
  ])('keys at %s: accepted %s, in production %s', (SCR_JWKS, isAccepted, inProduction) => {
    expect(faults({ ...TRUSTED, SCR_JWKS })).toHaveLength(isAccepted ? 0 : 1);
    const production = { ...TRUSTED, SCR_JWKS, NODE_ENV: 'production' };
    expect(faults(production)).toHaveLength(inProduction ? 0 : 1);
  });

  it('may be several, from a file whose paths are relative to itself', () => {
    const issuers = [
      { issuer: 'https://a.test', audience: 'urn:a', jwks: 'https://a.test/keys' },
      { issuer: 'https://b.test', audience: 'urn:b', jwks: 'keys.json' },
    ];
    const env = { SCR_ISSUERS: fileOf('issuers.json', issuers), NODE_ENV: 'production' };
    expect(config(env).issuers).toEqual([issuers[0], { ...issuers[1], jwks: KEYS }]);
    expect(config(env).isDevelopment).toBe(false);
  });

  it('comes in one style, not in both', () => {
    const issuers = [{ issuer: 'https://a.test', audience: 'urn:a', jwks: 'https://a.test/keys' }];
    const SCR_ISSUERS = fileOf('one.json', issuers);
    expect(faults({ SCR_ISSUERS })).toEqual([]);
    expect(faults({ ...TRUSTED, SCR_ISSUERS })).toHaveLength(1);
  });

  const good = { issuer: 'https://a.test', audience: 'urn:a', jwks: 'https://a.test/keys' };
  it.each([
    ['[]', 1],
    ['{}', 1],
    ['not json', 1],
    [[{ ...good, audience: undefined }], 1],
    [[{ ...good, audience: '' }], 1],
    [[{ ...good, audience: 7 }], 1],
    [[{ ...good, audiences: 'x' }], 1],
    [[good, good], 1],
    [[{ ...good, jwks: 'http://a.test/keys' }, { ...good, jwks: 'missing.json' }, 7], 3],
  ])('file %j has its faults told', (content, count) => {
    const found = faults({ SCR_ISSUERS: fileOf('bad.json', content) });
    expect(found).toHaveLength(count);
    for (const fault of found) expect(fault).toMatch(/^SCR_ISSUERS /);
  });

  it('file that is missing is a fault, and no reason for development mode', () => {
    const found = faults({ SCR_ISSUERS: join(folder, 'none.json'), SCR_HOST: '0.0.0.0' });
    expect(found).toHaveLength(1);
  });
});

describe('the table of variables', () => {
  it('names each variable once, and each is read', () => {
    const names = CONFIG_VARIABLES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const ours = names.filter((name) => name.startsWith('SCR_'));
    for (const name of ours)
      expect(faults({ [name]: ' ' })).toContainEqual(
        `${name} is empty: give it a value or unset it`,
      );
  });

  it('agrees with the defaults in force', () => {
    const shown = (name: string) => CONFIG_VARIABLES.find((row) => row.name === name)?.default;
    const { host, port, store, workers, logLevel, dataDirectory } = config({});
    const inForce = [host, `${port}`, `sqlite:${store.kind === 'sqlite' && store.path}`];
    expect(['SCR_HOST', 'SCR_PORT', 'SCR_STORE'].map(shown)).toEqual(inForce);
    const others = [`${workers}`, logLevel, dataDirectory];
    expect(['SCR_WORKERS', 'SCR_LOG_LEVEL', 'SCR_DATA_DIR'].map(shown)).toEqual(others);
  });
});
