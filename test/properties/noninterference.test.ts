import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FHIR_ROUTES } from '../../src/http/route-table.ts';
import { worldView } from '../support/naive-oracle.ts';
import { openStage, type Stage } from '../support/play-worlds.ts';
import type { World, WorldCaller } from '../support/worlds.ts';
import { comparable } from './comparable.ts';
import { knowledgeOf } from './knowledge.ts';
import { differences, differing } from './mutate-worlds.ts';
import { CHANGES, GENERATORS, type Probe, requestOf, SUBMISSIONS } from './probes.ts';
import { caller, world } from './world-arbitraries.ts';

/** `npm run test:deep` looks much longer. */
const DEEP = process.env.SCR_TEST_DEEP === '1';
const RUNS = DEEP ? 4_000 : 300;
const LIMIT_MS = DEEP ? 3_600_000 : 120_000;

const probes: fc.Arbitrary<readonly Probe[]> = fc.array(
  fc.record({
    route: fc.nat(10_000),
    choices: fc.array(fc.nat(10_000), { minLength: 12, maxLength: 12 }),
  }),
  { minLength: 30, maxLength: 40, size: 'max' },
);

describe('two worlds that differ only in what a caller may not see', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  const seen = { runs: 0, different: 0, differentAndVisible: 0, absent: 0, refused: 0, answers: 0 };

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

interface Counts {
  runs: number;
  different: number;
  differentAndVisible: number;
  absent: number;
  refused: number;
  answers: number;
}

function count(seen: Counts, one: World, other: World, me: WorldCaller): void {
  const differ = JSON.stringify(one) !== JSON.stringify(other);
  const [first] = worldView(one, me).patients;
  seen.runs++;
  if (differ) seen.different++;
  if (differ && first?.outcome === 'absent') seen.absent++;
  if (differ && first?.outcome === 'refused') seen.refused++;
  if (differ && first?.outcome === 'open' && first.entries.length > 1) seen.differentAndVisible++;
}

async function compare(
  stage: Stage,
  one: World,
  other: World,
  me: WorldCaller,
  probes: readonly Probe[],
  seen: Counts,
): Promise<void> {
  const worlds = [await stage.play(one, me), await stage.play(other, me)] as const;
  const known = await knowledgeOf(worlds);
  for (const probe of probes) {
    const { route, request } = requestOf(probe, known);
    // What happened to any record is an auditor's to know, though not what it holds.
    if (me.role === 'auditor' && AUDITED.test(request.url)) continue;
    if (SYSTEMS.includes(me.role) && CHANGES.has(route.interaction)) continue;
    const first = await worlds[0].ask(request, me);
    const second = await worlds[1].ask(request, me);
    if (first.statusCode < 300) seen.answers++;
    expect({ request, failed: first.statusCode >= 500 }).toEqual({ request, failed: false });
    expect({ request, ...comparable(second) }).toEqual({ request, ...comparable(first) });
    // A choice that was recorded may show, or hide, what the worlds do differ in.
    if (CHANGES.has(route.interaction) && first.statusCode < 300) return;
  }
}

const SYSTEMS: readonly string[] = ['gp-system', 'care-system'];
const AUDITED = /^(AuditEvent|\$explain-access)/;
