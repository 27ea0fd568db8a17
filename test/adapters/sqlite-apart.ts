import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { storeOn } from '../../src/adapters/sqlite/store.ts';
import { type WriteThread, writeThread } from '../../src/adapters/sqlite/write-thread.ts';
import type { Store } from '../../src/ports/store.ts';

/** A store whose writing thread is there already, and that thread. */
export async function openApart(path: string): Promise<{ store: Store; thread: WriteThread }> {
  const database = await openDatabase(path);
  const thread = writeThread(path);
  const store = storeOn(database, thread);
  const ready = heard(thread, 'ready');
  thread.start();
  await ready;
  return { store, thread };
}

/** Resolves when the thread tells this next: `ready`, that it may be sent something. */
export function heard(thread: WriteThread, what: 'ready' | 'ended'): Promise<void> {
  return new Promise((resolve) => {
    thread.hear(({ kind }) => kind === what && resolve());
  });
}
