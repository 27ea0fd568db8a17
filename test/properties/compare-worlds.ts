import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import { worldView } from '../support/naive-oracle.ts';
import type { Asked, PlayedWorld, Stage } from '../support/play-worlds.ts';
import type { World, WorldCaller } from '../support/worlds.ts';
import { comparable } from './comparable.ts';
import { knowledgeOf } from './knowledge.ts';
import { CHANGES, type Probe, requestOf } from './probes.ts';

/** A request to be made. */
export const probe: fc.Arbitrary<Probe> = fc.record({
  route: fc.nat(10_000),
  choices: fc.array(fc.nat(10_000), { minLength: 12, maxLength: 12 }),
});

/** Requests to be made, one after the other. */
export const probes: fc.Arbitrary<readonly Probe[]> = fc.array(probe, {
  minLength: 30,
  maxLength: 40,
  size: 'max',
});

/** What has been compared so far. */
export interface Counts {
  runs: number;
  different: number;
  differentAndVisible: number;
  absent: number;
  refused: number;
  answers: number;
  /** Documents that were read again by their id. */
  documents: number;
}

/** Notes how a pair of worlds differ, and what the caller may see of the first patient. */
export function count(seen: Counts, one: World, other: World, me: WorldCaller): void {
  const differ = JSON.stringify(one) !== JSON.stringify(other);
  const [first] = worldView(one, me).patients;
  seen.runs++;
  if (differ) seen.different++;
  if (differ && first?.outcome === 'absent') seen.absent++;
  if (differ && first?.outcome === 'refused') seen.refused++;
  if (differ && first?.outcome === 'open' && first.entries.length > 1) seen.differentAndVisible++;
}

/** Asks both worlds alike, and expects the same answers, byte by byte. */
export async function compare(
  stage: Stage,
  one: World,
  other: World,
  me: WorldCaller,
  probes: readonly Probe[],
  seen: Counts,
): Promise<void> {
  const worlds = [await stage.play(one, me), await stage.play(other, me)] as const;
  try {
    await compareAnswers(worlds, me, probes, seen);
  } finally {
    for (const each of worlds) await each.close();
  }
}

async function compareAnswers(
  worlds: readonly [PlayedWorld, PlayedWorld],
  me: WorldCaller,
  probes: readonly Probe[],
  seen: Counts,
): Promise<void> {
  const known = await knowledgeOf(worlds);
  for (const probe of probes) {
    const { route, request } = requestOf(probe, known);
    // What happened to any record is an auditor's to know, though not what it holds.
    if (me.role === 'auditor' && AUDITED.test(request.url)) continue;
    if (SYSTEMS.includes(me.role) && CHANGES.has(route.interaction)) continue;
    const first = await askBoth(worlds, request, me);
    if (first.statusCode < 300) seen.answers++;
    if (first.statusCode === 200 && route.interaction === 'summary' && first.body !== '') {
      const id = String(first.json().id);
      known.documents.push(id);
      const again = await askBoth(worlds, { method: 'GET', url: `Bundle/${id}` }, me);
      if (again.body === first.body) seen.documents++;
    }
    // A choice that was recorded, or a claim, may show or hide what the worlds do differ in.
    if (CHANGES.has(route.interaction) && first.statusCode < 300) return;
  }
}

/** Asks the same of both worlds, and holds the answers against each other. */
async function askBoth(
  [one, other]: readonly [PlayedWorld, PlayedWorld],
  request: Asked,
  me: WorldCaller,
): Promise<LightMyRequestResponse> {
  const first = await one.ask(request, me);
  const second = await other.ask(request, me);
  expect({ request, failed: first.statusCode >= 500 }).toEqual({ request, failed: false });
  expect({ request, ...comparable(second) }).toEqual({ request, ...comparable(first) });
  return first;
}

const SYSTEMS: readonly string[] = ['gp-system', 'care-system'];
const AUDITED = /^(AuditEvent|\$explain-access)/;
