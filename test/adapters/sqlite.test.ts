import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import type { Store } from '../../src/ports/store.ts';
import { type StoreFixture, storeContract } from '../store/contract.ts';

storeContract('The SQLite store', async (): Promise<StoreFixture> => {
  const folder = await mkdtemp(join(tmpdir(), 'scr-sqlite-'));
  const opened: Store[] = [];
  const open = async (): Promise<Store> => {
    const store = await openSqliteStore(join(folder, 'scr.db'));
    opened.push(store);
    return store;
  };
  const store = await open();
  return {
    store,
    async reopen() {
      await store.close();
      return open();
    },
    second: open,
    async dispose() {
      await Promise.all(opened.map((one) => one.close()));
      await rm(folder, { recursive: true });
    },
  };
});
