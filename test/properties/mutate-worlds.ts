import fc from 'fast-check';
import { worldView } from '../support/naive-oracle.ts';
import {
  type EntrySpec,
  SLOTS,
  type Step,
  type Submission,
  type World,
  type WorldCaller,
} from '../support/worlds.ts';
import { entrySpec, step } from './world-arbitraries.ts';

/** One difference between two worlds. */
export type Difference =
  | { readonly kind: 'put'; readonly slot: number; readonly step: Step | null }
  | { readonly kind: 'forget'; readonly patient: number }
  | {
      readonly kind: 'entry';
      readonly slot: number;
      readonly index: number;
      /** Null takes the entry away; `index` beyond the last one adds it. */
      readonly entry: Partial<EntrySpec> | null;
      /** The same wherever else the organisation sent this entry. */
      readonly everywhere: boolean;
    };

const slot = fc.nat(SLOTS - 1);

const difference: fc.Arbitrary<Difference> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('put'), slot, step: fc.option(step, { freq: 2 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('forget'), patient: fc.constantFrom(0, 0, 1) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('entry'),
      slot,
      index: fc.nat(8),
      entry: fc.oneof(
        fc.constant(null),
        entrySpec,
        fc.record({ content: fc.constantFrom(2, 3) }),
        fc.record({ label: entrySpec.map((each) => each.label) }),
      ),
      everywhere: fc.boolean(),
    }),
  },
);

/** Differences to be tried one after the other. */
export const differences: fc.Arbitrary<readonly Difference[]> = fc.array(difference, {
  minLength: 2,
  maxLength: 12,
});

/**
 * The second world: the first with every difference of which the caller may see nothing, by the
 * naive oracle; those that would show are left out.
 */
export function differing(world: World, me: WorldCaller, tried: readonly Difference[]): World {
  const view = JSON.stringify(worldView(world, me));
  return tried.reduce((so, each) => {
    const next = changed(so, each);
    if (!keepsOwnSteps(world, next, me)) return so;
    return JSON.stringify(worldView(next, me)) === view ? next : so;
  }, world);
}

/** What the caller did is theirs to know: it is the same in both worlds. */
function keepsOwnSteps(one: World, other: World, me: WorldCaller): boolean {
  return one.slots.every((step, index) => {
    const there = other.slots[index] ?? null;
    const own = (each: Step | null) => isOwn(each, me);
    return step === there || (!own(step) && !own(there));
  });
}

function isOwn(step: Step | null, me: WorldCaller): boolean {
  if (step === null) return false;
  if (step.kind === 'submit')
    return step.system === me.role && step.organization === me.organization;
  return step.kind === 'claim' && step.mine;
}

function changed(world: World, difference: Difference): World {
  switch (difference.kind) {
    case 'put':
      return { slots: world.slots.with(difference.slot, difference.step) };
    case 'forget':
      return {
        slots: world.slots.map((each) => {
          const kept =
            each === null || each.kind === 'claim' || each.patient !== difference.patient;
          return kept ? each : null;
        }),
      };
    case 'entry':
      return withEntry(world, difference);
  }
}

function withEntry(world: World, difference: Difference & { kind: 'entry' }): World {
  const chosen = world.slots[difference.slot];
  if (chosen?.kind !== 'submit') return world;
  const { index, entry, everywhere } = difference;
  const meant = chosen.entries[index] ?? entry;
  if (meant?.type === undefined) return world;
  const isMeant = (each: EntrySpec) => each.type === meant.type && each.number === meant.number;
  return {
    slots: world.slots.map((each, slot) => {
      if (each?.kind !== 'submit') return each;
      const same = each.patient === chosen.patient && each.organization === chosen.organization;
      return slot === difference.slot || (everywhere && same)
        ? withSpec(each, meant, isMeant, entry)
        : each;
    }),
  };
}

function withSpec(
  submission: Submission,
  meant: Partial<EntrySpec>,
  isMeant: (each: EntrySpec) => boolean,
  change: Partial<EntrySpec> | null,
): Submission {
  const { entries } = submission;
  const others = entries.filter((each) => !isMeant(each));
  if (change === null) return { ...submission, entries: others };
  const before = entries.find(isMeant);
  const { type: _, number: __, ...content } = change;
  if (before === undefined) {
    const whole = { ...change, type: meant.type, number: meant.number } as EntrySpec;
    return change.refs === undefined ? submission : { ...submission, entries: [...others, whole] };
  }
  return {
    ...submission,
    entries: entries.map((each) => (each === before ? { ...before, ...content } : each)),
  };
}
