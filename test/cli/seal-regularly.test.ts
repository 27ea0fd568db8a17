import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sealRegularly } from '../../src/cli/seal-regularly.ts';
import { createLogger } from '../../src/http/request-log.ts';
import { sealLog } from '../../src/interactions/seal-log.ts';
import { StoreUnavailable } from '../../src/ports/store.ts';
import { openContext, type TestContext } from '../support/context.ts';
import { anAuditEntry } from '../support/records.ts';

let test: TestContext;
beforeEach(async () => {
  test = await openContext();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await test.close();
});

/** What it writes to the server's log in so many minutes, on a store that fails now and then. */
async function logOf(minutes: number, isDown: (call: number) => boolean): Promise<unknown[]> {
  const { store } = test.context;
  const lines: unknown[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const logger = createLogger({ level: 'info', readable: false, stream });
  let [calls, settled] = [0, 0];
  const sealAudit = async (now: number) => {
    const down = isDown(++calls);
    try {
      return await (down ? Promise.reject(new StoreUnavailable('down')) : store.sealAudit(now));
    } finally {
      settled++;
    }
  };
  sealRegularly({ context: { ...test.context, store: { ...store, sealAudit } }, logger });
  for (let minute = 0; minute < minutes; minute++) {
    const before = settled;
    await vi.advanceTimersByTimeAsync(60_000);
    await vi.waitFor(() => expect([calls, settled > before]).toEqual([settled, true]), {
      timeout: 20_000,
    });
  }
  return lines;
}

it('seals the log each minute, and says the newest seal in the server’s log', async () => {
  await test.context.store.appendAudit([anAuditEntry(1), anAuditEntry(2)]);
  const lines = await logOf(3, () => false);
  const [seal] = await test.context.store.seals(0);
  expect(lines).toEqual([
    expect.objectContaining({
      msg: 'audit log sealed',
      level: 30,
      seal: 1,
      entries: 2,
      at: seal?.at,
      hash: seal?.hash,
    }),
  ]);
});

it('goes on after the store could not be used', async () => {
  await test.context.store.appendAudit([anAuditEntry(1)]);
  const lines = await logOf(3, (call) => call === 1);
  expect(lines).toEqual([
    expect.objectContaining({ msg: 'the audit log could not be sealed', level: 50 }),
    expect.objectContaining({ msg: 'audit log sealed', seal: 1 }),
  ]);
});

it('leaves to the next minute what came while it sealed', async () => {
  const { store } = test.context;
  let n = 0;
  const sealAudit = async (now: number) => {
    await store.appendAudit([anAuditEntry(n++)]);
    return store.sealAudit(now);
  };
  const sealed = await sealLog({ ...test.context, store: { ...store, sealAudit } });
  expect(sealed).toMatchObject({ entries: 1, seal: { number: 1 } });
});
