import { defineConfig } from 'vitest/config';

/**
 * The domain keeps no state that a test could see: its files share their modules, which saves a
 * start for each. All others have processes, files and servers, and each file starts afresh.
 */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: 'domain', include: ['test/domain/**/*.test.ts'], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'others',
          include: ['test/**/*.test.ts'],
          exclude: ['test/domain/**'],
          globalSetup: ['test/support/mongodb-global-setup.ts'],
        },
      },
    ],
  },
});
