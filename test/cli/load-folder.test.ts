import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LoadOptions, loadFolder } from '../../src/cli/load-folder.ts';
import { FORGETFUL, openLoadState } from '../../src/cli/load-state.ts';
import { showProgress } from '../../src/cli/progress-bar.ts';

const NOW = Date.parse('2026-03-02T12:00:00Z');

let directory: string;
let servers: Server[];
let printed: string;
let slept: number[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scr-load-'));
  servers = [];
  printed = '';
  slept = [];
});

afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await rm(directory, { recursive: true });
});

describe('loading a folder', () => {
  test('submits every record once, its text untouched, with the token', async () => {
    await write('b.json', '{"resourceType":"Bundle","entry":[{"value":1.50}]}');
    await write('a.json', '{"resourceType":"Parameters","parameter":[]}');
    await write('notes.txt', 'no record');
    const requests: unknown[] = [];
    const baseUrl = await serve((request, reply) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { method, url, headers } = request;
        requests.push([method, url, headers.authorization, headers['content-type'], body]);
        reply.end('{}');
      });
    });
    const result = await load({ baseUrl, concurrency: 1 });
    expect(result).toEqual({ submitted: 2, skipped: 0, failures: [] });
    const bundle =
      '{"resourceType":"Parameters","parameter":[{"name":"record","resource":' +
      '{"resourceType":"Bundle","entry":[{"value":1.50}]}}]}';
    const head = ['POST', '/FHIR/R4/$submit-record', 'Bearer token-1', 'application/fhir+json'];
    expect(requests).toEqual([
      [...head, '{"resourceType":"Parameters","parameter":[]}'],
      [...head, bundle],
    ]);
  });

  test('has as many submissions under way as were allowed, and never more', async () => {
    for (let n = 0; n < 12; n += 1) await write(`${n}.json`, BUNDLE);
    let underWay = 0;
    let most = 0;
    const held: (() => void)[] = [];
    const baseUrl = await serve((_request, reply) => {
      most = Math.max(most, ++underWay);
      held.push(() => {
        underWay -= 1;
        reply.end('{}');
      });
      // Answered only once all three are here, so that a smaller number would hang and a larger
      // show.
      if (held.length === 3) for (const answer of held.splice(0)) answer();
    });
    const result = await load({ baseUrl, concurrency: 3 });
    expect(result.submitted).toBe(12);
    expect(most).toBe(3);
  });

  test('reports each failure with its reasons and without content, and goes on', async () => {
    await write('bad.json', BUNDLE);
    await write('good.json', '{"resourceType":"Bundle","id":"good"}');
    await write('list.json', '[]');
    await write('torn.json', '{"resourceType":"Bun');
    const issue = {
      severity: 'error',
      code: 'required',
      diagnostics: 'There must be exactly one Patient.',
      expression: ['Parameters.parameter.resource.entry'],
    };
    const baseUrl = await serve(async (request, reply) => {
      const body = (await request.toArray()).join('');
      if (body.includes('good')) return void reply.end('{}');
      reply.statusCode = 422;
      reply.end(JSON.stringify({ resourceType: 'OperationOutcome', issue: [issue] }));
    });
    const result = await load({ baseUrl });
    const unsent = 'it is neither a Bundle nor Parameters; it was not sent';
    expect(result.submitted).toBe(1);
    expect(result.failures.toSorted((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
      {
        file: 'bad.json',
        reason: '422 There must be exactly one Patient. (Parameters.parameter.resource.entry)',
      },
      { file: 'list.json', reason: unsent },
      { file: 'torn.json', reason: unsent },
    ]);
    expect(printed).toContain('bad.json: 422 There must be exactly one Patient.');
    expect(printed).toContain('4/4 3 failed');
  });

  test('does not pass on the body of an answer that is no OperationOutcome', async () => {
    await write('a.json', BUNDLE);
    const baseUrl = await serve((_request, reply) => {
      reply.statusCode = 500;
      reply.end('Rose Thompson, 9990000018');
    });
    expect((await load({ baseUrl })).failures).toEqual([{ file: 'a.json', reason: '500' }]);
  });
});

describe('a server that is busy', () => {
  test.each([
    [429, '7', 7_000],
    [503, '2', 2_000],
    [503, 'Mon, 02 Mar 2026 12:00:05 GMT', 5_000],
    [503, '86400', 60_000],
    [429, null, 500],
  ])('is asked again after %i with Retry-After %s', async (status, retryAfter, expected) => {
    await write('a.json', BUNDLE);
    let requests = 0;
    const baseUrl = await serve((_request, reply) => {
      requests += 1;
      if (requests === 1) reply.statusCode = status;
      if (requests === 1 && retryAfter !== null) reply.setHeader('Retry-After', retryAfter);
      reply.end('{}');
    });
    expect((await load({ baseUrl })).submitted).toBe(1);
    expect(slept).toEqual([expected]);
  });

  test('is not asked without end', async () => {
    await write('a.json', BUNDLE);
    let requests = 0;
    const baseUrl = await serve((_request, reply) => {
      requests += 1;
      reply.statusCode = 503;
      reply.end();
    });
    const { failures } = await load({ baseUrl });
    expect(failures).toEqual([{ file: 'a.json', reason: '503 (tried 6 times)' }]);
    expect(requests).toBe(6);
    expect(slept).toEqual([500, 1000, 2000, 4000, 8000]);
  });

  test('is not asked again for what it refused', async () => {
    await write('a.json', BUNDLE);
    let requests = 0;
    const baseUrl = await serve((_request, reply) => {
      requests += 1;
      reply.statusCode = 403;
      reply.end();
    });
    expect((await load({ baseUrl })).failures).toHaveLength(1);
    expect(requests).toBe(1);
  });

  test('that cuts the connection is asked again', async () => {
    await write('a.json', BUNDLE);
    let requests = 0;
    const baseUrl = await serve((request, reply) => {
      requests += 1;
      if (requests === 1) request.socket.destroy();
      else reply.end('{}');
    });
    expect((await load({ baseUrl })).submitted).toBe(1);
    expect(slept).toHaveLength(1);
  });

  test('that is not there is reported', async () => {
    await write('a.json', BUNDLE);
    const baseUrl = await serve(() => {});
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    const { failures } = await load({ baseUrl });
    expect(failures[0]?.reason).toBe('no answer: ECONNREFUSED (tried 6 times)');
  });
});

describe('resuming', () => {
  test('skips what was acknowledged and sends what failed or has changed', async () => {
    for (const name of ['a', 'b', 'c']) await write(`${name}.json`, record(name));
    const sent: string[] = [];
    let refused = 'b';
    const baseUrl = await serve(async (request, reply) => {
      const body = (await request.toArray()).join('');
      const name = /"id":"(.*?)"/.exec(body)?.[1] ?? '';
      sent.push(name);
      if (name === refused) reply.statusCode = 422;
      reply.end('{}');
    });
    expect(await loadWithState(baseUrl)).toMatchObject({ submitted: 2, skipped: 0 });
    refused = '';
    await write('c.json', record('c2'));
    sent.length = 0;
    expect(await loadWithState(baseUrl)).toEqual({ submitted: 2, skipped: 1, failures: [] });
    expect(sent.toSorted()).toEqual(['b', 'c2']);
  });

  test('takes a line that a kill cut short for none, and mends the file', async () => {
    await write('a.json', record('a'));
    await write('b.json', record('b'));
    const sent: string[] = [];
    const baseUrl = await serve(async (request, reply) => {
      sent.push((await request.toArray()).join(''));
      reply.end('{}');
    });
    await loadWithState(baseUrl, 1);
    const whole = await readFile(stateFile(), 'utf8');
    await writeFile(stateFile(), whole.slice(0, -10));
    sent.length = 0;
    expect(await loadWithState(baseUrl, 1)).toMatchObject({ submitted: 1, skipped: 1 });
    expect(sent).toHaveLength(1);
    expect(await loadWithState(baseUrl, 1)).toMatchObject({ submitted: 0, skipped: 2 });
  });
});

const BUNDLE = '{"resourceType":"Bundle"}';
const record = (id: string): string => `{"resourceType":"Bundle","id":"${id}"}`;
const stateFile = (): string => join(directory, 'state');

async function write(name: string, text: string): Promise<void> {
  await writeFile(join(directory, name), text);
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/FHIR/R4`;
}

async function loadWithState(baseUrl: string, concurrency = 2) {
  const state = await openLoadState(stateFile());
  const result = await load({ baseUrl, concurrency, state });
  await state.close();
  return result;
}

function load(options: Pick<LoadOptions, 'baseUrl'> & Partial<LoadOptions>) {
  const stream = { write: (text: string) => (printed += text) };
  return loadFolder({
    directory,
    concurrency: 4,
    state: FORGETFUL,
    token: 'token-1',
    now: () => NOW,
    sleep: async (milliseconds) => void slept.push(milliseconds),
    showProgress: (total) => showProgress('Submitting', total, stream),
    ...options,
  });
}
