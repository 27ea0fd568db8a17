import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FHIR_ROUTES } from '../../src/http/route-table.ts';
import { openStage, type Stage } from '../support/play-worlds.ts';
import { compare, count, probes } from './compare-worlds.ts';
import { differences, differing } from './mutate-worlds.ts';
import { GENERATORS, SUBMISSIONS } from './probes.ts';
import { caller, world } from './world-arbitraries.ts';

/** `npm run test:deep` looks much longer. */
const DEEP = process.env.SCR_TEST_DEEP === '1';
const RUNS = DEEP ? 4_000 : 300;
const LIMIT_MS = DEEP ? 3_600_000 : 120_000;

describe('two worlds that differ only in what a caller may not see', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  const seen = {
    runs: 0,
    different: 0,
    differentAndVisible: 0,
    absent: 0,
    refused: 0,
    answers: 0,
    documents: 0,
  };

  it(
    'answer every read alike, byte by byte',
    async () => {
      await fc.assert(
        fc.asyncProperty(world, caller, differences, probes, async (one, me, tried, asked) => {
          const other = differing(one, me, tried);
          count(seen, one, other, me);
          await compare(stage, one, other, me, asked, seen);
        }),
        { numRuns: RUNS },
      );
      // Without these the comparison would prove nothing: worlds do differ, and do show something.
      expect(seen.runs).toBeGreaterThanOrEqual(RUNS);
      expect(seen.different / seen.runs).toBeGreaterThan(0.3);
      // About a fifth of the runs, give or take: this says that they are not vacuous.
      expect(seen.differentAndVisible / seen.runs).toBeGreaterThan(0.1);
      expect(seen.absent).toBeGreaterThan(2);
      expect(seen.refused).toBeGreaterThan(2);
      expect(seen.answers / seen.runs).toBeGreaterThan(3);
      expect(seen.documents).toBeGreaterThan(2);
    },
    LIMIT_MS,
  );
});

describe('the routes', () => {
  it('are all asked: each interaction but submission has a generator of requests', () => {
    const missing = FHIR_ROUTES.filter(
      ({ interaction }) => !SUBMISSIONS.has(interaction) && GENERATORS[interaction] === undefined,
    );
    expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });
});
