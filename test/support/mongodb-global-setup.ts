import type { TestProject } from 'vitest/node';
import { HOW_TO_GET_ONE, mongodbForTests } from '../../scripts/mongodb-for-tests.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Null when no MongoDB-protocol server can be had. */
    mongodbUrl: string | null;
  }
}

/**
 * Gives all test files one MongoDB-protocol server, and stops it at the end. Where there is none,
 * the tests of that store are left out, unless SCR_TEST_REQUIRE_MONGODB says that they may not be.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await mongodbForTests();
  if (server === null && process.env.SCR_TEST_REQUIRE_MONGODB) {
    throw new Error(`the MongoDB store must be tested and there is no server: ${HOW_TO_GET_ONE}`);
  }
  if (server === null) warn();
  project.provide('mongodbUrl', server?.url ?? null);
  return async () => {
    await server?.stop();
  };
}

function warn(): void {
  const line = '!'.repeat(80);
  process.stderr.write(
    `\n${line}\nTHE MONGODB STORE IS NOT TESTED: no server was found.\n${HOW_TO_GET_ONE}.\n${line}\n\n`,
  );
}
