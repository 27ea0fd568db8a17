import { MongoClient } from 'mongodb';
import { openMongoStore } from '../../src/adapters/mongodb/store.ts';
import type { Store } from '../../src/ports/store.ts';
import type { StoreFixture } from '../store/contract.ts';

let databases = 0;

/** One empty database on the server, and stores on it. */
export interface MongoFixture extends StoreFixture {
  /** The database's own URL. */
  readonly url: string;
}

/** Opens an empty database of its own on the server at `serverUrl`. */
export async function openMongoFixture(serverUrl: string): Promise<MongoFixture> {
  const name = `scr_test_${process.pid}_${Date.now().toString(36)}_${++databases}`;
  const url = databaseUrl(serverUrl, name);
  const stores: Store[] = [];
  const open = async (): Promise<Store> => {
    const store = await openMongoStore(url);
    stores.push(store);
    return store;
  };
  const store = await open();
  return {
    url,
    store,
    second: open,
    async reopen() {
      await store.close();
      return await open();
    },
    async dispose() {
      await Promise.all(stores.map((each) => each.close()));
      await dropDatabase(url);
    },
  };
}

/** The same server's URL with this database in it. */
function databaseUrl(serverUrl: string, name: string): string {
  const [, server = '', options = ''] = /^([^/]+\/\/[^/?]+)[^?]*(\?.*)?$/.exec(serverUrl) ?? [];
  return `${server}/${name}${options}`;
}

async function dropDatabase(url: string): Promise<void> {
  const client = new MongoClient(url);
  await client.db().dropDatabase();
  await client.close();
}
