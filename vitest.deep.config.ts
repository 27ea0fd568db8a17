import { defineConfig } from 'vitest/config';

/** The properties and the revocation trials at length: thousands of worlds, a thousand changes. */
export default defineConfig({
  test: {
    include: ['test/properties/*.test.ts', 'test/faults/revocation.test.ts'],
    globalSetup: ['test/support/mongodb-global-setup.ts'],
    env: { SCR_TEST_DEEP: '1' },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
