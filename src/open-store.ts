import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openMongoStore } from './adapters/mongodb/store.ts';
import { openSqliteStore } from './adapters/sqlite/store.ts';
import type { StoreLocation } from './config.ts';
import type { Store } from './ports/store.ts';

/** Opens the store that is configured; makes what is not there yet. */
export async function openStore(location: StoreLocation): Promise<Store> {
  switch (location.kind) {
    case 'sqlite':
      await mkdir(dirname(location.path), { recursive: true });
      return openSqliteStore(location.path);
    case 'mongodb':
      return openMongoStore(location.url);
  }
}
