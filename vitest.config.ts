import { defineConfig } from 'vitest/config';

const DOMAIN = 'test/domain/**/*.test.ts';
const SERVERS = 'test/{acceptance,interactions,properties}/**/*.test.ts';

/**
 * Two kinds of files share their modules, which saves loading them all for each. The domain keeps
 * no state that a test could see. Tests of whole servers make a server and a store each, and what
 * modules keep beside those they keep in one process for all that is asked of it. The others test
 * single modules, files and processes: each of their files starts afresh.
 */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    globalSetup: ['test/support/mongodb-global-setup.ts'],
    // Left alone it is one less than there are cores: of two, one would do nothing.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'domain', include: [DOMAIN], isolate: false } },
      { extends: true, test: { name: 'servers', include: [SERVERS], isolate: false } },
      {
        extends: true,
        test: { name: 'others', include: ['test/**/*.test.ts'], exclude: [DOMAIN, SERVERS] },
      },
    ],
  },
});
