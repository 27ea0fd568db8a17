import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { openMongoFixture } from '../support/mongodb.ts';
import { type OpenStore, openStage } from '../support/play-worlds.ts';
import { compare, count, probes } from './compare-worlds.ts';
import { differences, differing } from './mutate-worlds.ts';
import { caller, world } from './world-arbitraries.ts';

/**
 * As `noninterference.test.ts`, on the stores that are delivered: what they find, count and sort by
 * themselves must betray nothing either.
 */
const DEEP = process.env.SCR_TEST_DEEP === '1';
const RUNS = DEEP ? { sqlite: 400, mongodb: 100 } : { sqlite: 8, mongodb: 3 };
const LIMIT_MS = DEEP ? 3_600_000 : 120_000;

const onSqlite: OpenStore = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'scr-world-'));
  const store = await openSqliteStore(join(folder, 'scr.db'));
  const dispose = async () => {
    await store.close();
    await rm(folder, { recursive: true });
  };
  return { store, dispose };
};

describe('two worlds that differ only in what a caller may not see, on a store', () => {
  const tryOn = async (open: OpenStore, runs: number): Promise<void> => {
    const stage = await openStage(open);
    const seen = {
      runs: 0,
      different: 0,
      differentAndVisible: 0,
      absent: 0,
      refused: 0,
      answers: 0,
      documents: 0,
    };
    try {
      await fc.assert(
        fc.asyncProperty(world, caller, differences, probes, async (one, me, tried, asked) => {
          const other = differing(one, me, tried);
          count(seen, one, other, me);
          await compare(stage, one, other, me, asked, seen);
        }),
        { numRuns: runs },
      );
      expect(seen.runs).toBeGreaterThanOrEqual(runs);
      expect(seen.answers).toBeGreaterThan(runs);
    } finally {
      await stage.close();
    }
  };

  it('SQLite answers every read alike', () => tryOn(onSqlite, RUNS.sqlite), LIMIT_MS);

  // Skipped only where no MongoDB-protocol server can be had; the global setup says so loudly.
  it.skipIf(inject('mongodbUrl') === null)(
    'MongoDB answers every read alike',
    () => tryOn(openMongoFixture, RUNS.mongodb),
    LIMIT_MS,
  );
});
