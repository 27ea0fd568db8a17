import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDevIssuer } from '../../src/adapters/jwt/dev-issuer.ts';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

let directory: string;
let child: Running | null = null;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scr-test-'));
});
afterEach(async () => {
  if (child !== null && child.process.exitCode === null) child.process.kill('SIGKILL');
  await rm(directory, { recursive: true });
});

interface Running {
  readonly process: ChildProcess;
  readonly exited: Promise<readonly unknown[]>;
  /**
   * Resolves when the output holds this, with what matched; rejects when the process ends first.
   */
  said(pattern: RegExp): Promise<RegExpExecArray>;
}

function start(env: Record<string, string>): Running {
  const { PATH = '' } = process.env;
  const defaults = {
    PATH,
    SCR_PORT: '0',
    SCR_BASE_URL: 'http://127.0.0.1/FHIR/R4',
    SCR_STORE: `sqlite:${join(directory, 'scr.db')}`,
    SCR_DATA_DIR: directory,
    SCR_SEED: 'none',
  };
  const started = spawn(process.execPath, [MAIN], { env: { ...defaults, ...env } });
  let output = '';
  const exited = once(started, 'exit');
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
      started.emit('said');
    });
  }
  const said = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(output);
      if (match !== null) return match;
      if (started.exitCode !== null) throw new Error(`ended, having said: ${output}`);
      await Promise.race([once(started, 'said'), exited]);
    }
  };
  child = { process: started, exited, said };
  return child;
}

async function portOf(running: Running): Promise<number> {
  const [, port] = await running.said(/listening at http:\/\/127\.0\.0\.1:(\d+)/);
  return Number(port);
}

/** Opens a request that the server has begun to take: its headers are there, its body is not. */
async function begin(port: number, authorization: string, agent: Agent): Promise<ClientRequest> {
  const sending = request({
    host: '127.0.0.1',
    port,
    agent,
    method: 'POST',
    path: '/FHIR/R4/$submit-record',
    headers: {
      authorization,
      'content-type': 'application/fhir+json',
      'content-length': 2,
      expect: '100-continue',
    },
  });
  sending.flushHeaders();
  await once(sending, 'continue');
  return sending;
}

async function tokenFrom(directoryOfKey: string): Promise<string> {
  const issuer = await openDevIssuer(directoryOfKey);
  const token = { role: 'gp-system', organization: 'A81001', now: Date.now() } as const;
  return `Bearer ${await issuer.mint(token)}`;
}

/**
 * Asks until the server listens no more; the moment between hearing and doing is not ours to set.
 */
async function untilRefused(port: number): Promise<string> {
  let answer = '';
  for (let asked = 0; asked < 500 && answer !== 'ECONNREFUSED'; asked++) {
    answer = await refusal(port);
  }
  return answer;
}

function refusal(port: number): Promise<string> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/health/live' });
    asked.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    asked.once('response', (response) => resolve(`answered ${response.statusCode}`));
    asked.end();
  });
}

describe('the process, told to stop', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes the request under way, closes the store clean and ends with 0 on %s',
    async (signal) => {
      const running = start({});
      const port = await portOf(running);
      const agent = new Agent({ keepAlive: true });
      const sending = await begin(port, await tokenFrom(directory), agent);
      running.process.kill(signal);
      await running.said(/stopping/);
      expect(await untilRefused(port)).toBe('ECONNREFUSED');
      sending.end('{}');
      const [response] = (await once(sending, 'response')) as [IncomingMessage];
      expect([response.statusCode, response.headers.connection]).toEqual([422, 'close']);
      expect(await text(response)).toContain('OperationOutcome');
      expect(await running.exited).toEqual([0, null]);
      const store = await openSqliteStore(join(directory, 'scr.db'));
      const { entries } = await store.searchAudit({ limit: 10 });
      await store.close();
      expect(entries.map((entry) => [entry.interaction, entry.outcome])).toEqual([
        ['submit-record', '4'],
      ]);
    },
    30_000,
  );

  test('ends at once on a second signal', async () => {
    const running = start({});
    const port = await portOf(running);
    const sending = await begin(port, await tokenFrom(directory), new Agent());
    sending.once('error', () => {});
    running.process.kill('SIGTERM');
    await running.said(/stopping/);
    running.process.kill('SIGTERM');
    expect(await running.exited).toEqual([1, null]);
  }, 30_000);
});

describe('the process, with several workers', () => {
  test('serves from them, starts one again that died, and stops them all', async () => {
    const running = start({ SCR_WORKERS: '2', SCR_LOG_LEVEL: 'info' });
    await running.said(/ready/);
    const port = await portOf(running);
    const measured = await fetch(`http://127.0.0.1:${port}/metrics`).then((each) => each.text());
    expect(measured).toContain('process_cpu_user_seconds_total');
    const [, pid] = await running.said(/worker started.*"worker":(\d+)/);
    if (process.platform === 'linux') expect(environmentOf(pid)).toContain('MALLOC_ARENA_MAX=1');
    process.kill(Number(pid), 'SIGKILL');
    await running.said(/a worker ended: it is started again/);
    await running.said(/(worker started[\s\S]*){3}/);
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
    running.process.kill('SIGTERM');
    expect(await running.exited).toEqual([0, null]);
  }, 60_000);
});

describe('the process, configured wrong', () => {
  test('says each fault on a line of its own and ends with 1', async () => {
    const running = start({ NODE_ENV: 'production', SCR_PORT: 'eighty', SCR_SEED: 'none' });
    expect(await running.exited).toEqual([1, null]);
    await running.said(/^Configuration: SCR_PORT .+$/m);
    await running.said(/^Configuration: SCR_ISSUER .+$/m);
    await running.said(/^Configuration: SCR_AUDIENCE .+$/m);
    await running.said(/^Configuration: SCR_JWKS .+$/m);
  }, 30_000);

  test('says in one line that its store cannot be opened', async () => {
    const running = start({ SCR_STORE: `sqlite:${directory}` });
    expect(await running.exited).toEqual([1, null]);
    await running.said(/^The server could not start: .+$/m);
  }, 30_000);
});

function environmentOf(pid: string | undefined): readonly string[] {
  return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
}
