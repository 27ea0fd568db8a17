// npm test: types, lint and format, then every test; each on the pinned runtime, on a fresh clone
// too. Arguments go to the test runner (`npm test -- test/domain`). Ends with the count alone on a
// line.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, ROOT, runtime, stop } from './installation.mjs';
import { HOW_TO_GET_ONE, mongodbForTests } from './mongodb-for-tests.mjs';

ensureInstalled({ withDevelopment: true });
const node = runtime();

step('types', ['node_modules/typescript/bin/tsc', '--noEmit']);
step('lint and format', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings']);

// Where the MongoDB suite must run, a missing server is an error; elsewhere the tests say so
// loudly.
const mongodb = process.env.SCR_TEST_REQUIRE_MONGODB === '1' ? await requireMongodb() : null;

mkdirSync(join(ROOT, '.cache'), { recursive: true });
const results = mkdtempSync(join(ROOT, '.cache', 'test-'));
const outputFile = join(results, 'vitest.json');
const status = run([
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${outputFile}`,
  ...process.argv.slice(2),
]);
const count = closingCount(outputFile);
rmSync(results, { recursive: true, force: true });
await mongodb?.stop();
console.log(count.line);
process.exit(status !== 0 ? status : count.failed > 0 ? 1 : 0);

function step(name, args) {
  console.log(`— ${name}`);
  const code = run(args);
  if (code !== 0) {
    console.error(`scr-server: ${name}: failed`);
    process.exit(code);
  }
}

async function requireMongodb() {
  const server = await mongodbForTests();
  if (server === null) stop(`no MongoDB-protocol server was found: ${HOW_TO_GET_ONE}.`);
  console.log(`— MongoDB suite: ${server.kind}`);
  // The tests take it from here instead of starting another.
  process.env.SCR_TEST_MONGODB_URL = server.url;
  return server;
}

function run(args) {
  const result = spawnSync(node, args, { cwd: ROOT, stdio: 'inherit' });
  if (result.error) stop(`${args[0]} could not be started: ${result.error.message}`);
  return result.status ?? 1;
}

/** A file that could not even be loaded has no test to count, and is a failure all the same. */
function closingCount(path) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { failed: 1, line: '0 passed, 1 failed' };
  }
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + unloaded;
  const skipped = report.numPendingTests + report.numTodoTests;
  const tail = skipped > 0 ? `, ${skipped} skipped` : '';
  return { failed, line: `${report.numPassedTests} passed, ${failed} failed${tail}` };
}
