import { defineConfig } from 'vitest/config';

/** The tests that mutants of the consent rules are tried on (`npm run test:mutation`). */
export default defineConfig({
  test: { include: ['test/domain/consent/**/*.test.ts'], testTimeout: 30_000 },
});
