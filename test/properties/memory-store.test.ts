import type { Store } from '../../src/ports/store.ts';
import { storeContract } from '../store/contract.ts';
import { emptyMemory, memoryStore } from '../support/memory-store.ts';

// What the properties are proved on must mean what the real stores mean.
storeContract('A store in memory', async () => {
  const memory = emptyMemory(Uint8Array.from({ length: 32 }, (_, index) => index));
  const opened: Store[] = [];
  const open = (): Store => {
    const store = memoryStore(memory);
    opened.push(store);
    return store;
  };
  const store = open();
  return {
    store,
    reopen: async () => {
      await store.close();
      return open();
    },
    second: async () => open(),
    dispose: async () => {
      for (const each of opened) await each.close();
    },
  };
});
