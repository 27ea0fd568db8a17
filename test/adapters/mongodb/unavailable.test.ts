import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TimeLimits } from '../../../src/adapters/mongodb/connect.ts';
import { openMongoStore } from '../../../src/adapters/mongodb/store.ts';
import { type Store, StoreUnavailable } from '../../../src/ports/store.ts';
import { type MongoFixture, openMongoFixture, serverUrl } from '../../support/mongodb.ts';
import { aCommit, anAuditEntry, aRecord, recordId } from '../../support/records.ts';

const LIMITS: TimeLimits = { selectionMs: 300, answerMs: 300 };

// Skipped only where no MongoDB-protocol server can be had; the global setup says so loudly.
describe.skipIf(serverUrl === null)('a MongoDB server that goes away', () => {
  let fixture: MongoFixture;
  let line: Line;
  let store: Store;
  beforeEach(async () => {
    fixture = await openMongoFixture();
    line = await lineTo(fixture.url);
    store = await openMongoStore(line.url, LIMITS);
    await store.commit(aCommit(aRecord()));
  });
  afterEach(async () => {
    await line.close();
    await store.close();
    await fixture.dispose();
  });

  it.each(['cut', 'silence'] as const)(
    'makes every call fail, and none for ever: %s',
    async (how) => {
      line[how]();
      const calls = [
        store.currentRecord(recordId(1)),
        store.commit(aCommit(aRecord({ version: 2 }))),
        store.appendAudit([anAuditEntry(1)]),
        store.searchAudit({ limit: 1 }),
        store.ping(),
      ];
      for (const outcome of await Promise.allSettled(calls)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) });
      }
      expect((await fixture.store.currentRecord(recordId(1)))?.version).toBe(1);
    },
  );

  it('is used again as soon as it is back', async () => {
    line.cut();
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
    line.restore();
    // The driver looks for the server again every half second.
    await vi.waitFor(() => store.ping(), { timeout: 20_000, interval: 50 });
    expect(await store.commit(aCommit(aRecord({ version: 2 })))).toBe('committed');
  });

  it('cannot be opened while it is away', async () => {
    line.cut();
    await expect(openMongoStore(line.url, LIMITS)).rejects.toThrow(StoreUnavailable);
  });
});

/**
 * A line to the server that can be cut (connections end) or fall silent (nothing comes through).
 */
interface Line {
  readonly url: string;
  cut(): void;
  silence(): void;
  restore(): void;
  close(): Promise<void>;
}

async function lineTo(url: string): Promise<Line> {
  const [, host = '', port = '27017'] =
    /^mongodb:\/\/(?:[^@/]*@)?([^:/?,]+)(?::(\d+))?/.exec(url) ?? [];
  const sockets = new Set<Socket>();
  let state: 'open' | 'cut' | 'silent' = 'open';
  const server = createServer((near) => {
    if (state === 'cut') return near.destroy();
    const far = connect(Number(port), host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => state === 'silent' || to.write(bytes));
      // A line that breaks is what these tests are about; the other end learns of it by 'close'.
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: urlThrough(server, url),
    cut() {
      state = 'cut';
      destroyAll();
    },
    silence() {
      state = 'silent';
    },
    restore() {
      state = 'open';
    },
    async close() {
      const closed = new Promise((done) => server.close(done));
      destroyAll();
      await closed;
    },
  };
}

function urlThrough(server: Server, url: string): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the line has a port');
  const direct = url.includes('?') ? '&' : '?';
  const through = url.replace(/^(mongodb:\/\/(?:[^@/]*@)?)[^/?]+/, `$1127.0.0.1:${address.port}`);
  return `${through}${direct}directConnection=true`;
}
