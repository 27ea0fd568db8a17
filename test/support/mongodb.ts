import { inject } from 'vitest';
import { connect, TIME_LIMITS } from '../../src/adapters/mongodb/connect.ts';
import type { Connection } from '../../src/adapters/mongodb/documents.ts';
import { openMongoStore } from '../../src/adapters/mongodb/store.ts';
import type { Store } from '../../src/ports/store.ts';
import type { StoreFixture } from '../store/contract.ts';

/** The server that the global setup found or started; null when there is none. */
export const serverUrl: string | null = inject('mongodbUrl');

let databases = 0;

/** One empty database on the server, and stores on it. */
export interface MongoFixture extends StoreFixture {
  /** The database's own URL. */
  readonly url: string;
  /** The driver's own view of the same database, for writing what a crash would leave behind. */
  readonly raw: Connection;
}

/** Opens an empty database of its own on the server. */
export async function openMongoFixture(): Promise<MongoFixture> {
  const url = freshDatabaseUrl();
  const raw = await connect(url, TIME_LIMITS);
  const stores: Store[] = [];
  const open = async (): Promise<Store> => {
    const store = await openMongoStore(url);
    stores.push(store);
    return store;
  };
  const store = await open();
  return {
    url,
    raw,
    store,
    second: open,
    async reopen() {
      await store.close();
      return await open();
    },
    async dispose() {
      await Promise.all(stores.map((each) => each.close()));
      await raw.db.dropDatabase();
      await raw.client.close();
    },
  };
}

/** The URL of a database that nobody else uses. */
function freshDatabaseUrl(): string {
  if (serverUrl === null) throw new Error('there is no MongoDB-protocol server to test on');
  const name = `scr_test_${process.pid}_${Date.now().toString(36)}_${++databases}`;
  const [, server = '', options = ''] = /^([^/]+\/\/[^/?]+)[^?]*(\?.*)?$/.exec(serverUrl) ?? [];
  return `${server}/${name}${options}`;
}
