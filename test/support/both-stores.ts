import { describe, inject } from 'vitest';
import { startApp, type TestApp, type TestAppOptions } from './app.ts';
import { openMongoFixture } from './mongodb.ts';

/** Starts a server on an empty store of the kind under test. */
export type StartServer = (options?: TestAppOptions) => Promise<TestApp>;

/** Describes the same behaviour on the embedded store and on MongoDB. */
export function describeOnBothStores(title: string, define: (start: StartServer) => void): void {
  describe(`${title}, on SQLite`, () => define(startApp));
  const serverUrl = inject('mongodbUrl');
  // Skipped only where no MongoDB-protocol server can be had; the global setup says so loudly.
  describe.skipIf(serverUrl === null)(`${title}, on MongoDB`, () => {
    define(startOnMongo);
  });
}

async function startOnMongo(options: TestAppOptions = {}): Promise<TestApp> {
  const fixture = await openMongoFixture();
  const config = { ...options.config, store: { kind: 'mongodb', url: fixture.url } as const };
  const app = await startApp({ ...options, config });
  return {
    ...app,
    close: async () => {
      await app.close();
      await fixture.dispose();
    },
  };
}
