import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choicesInForce } from '../../../src/domain/consent/choices-in-force.ts';
import { ENTRY_RULES } from '../../../src/domain/consent/decide.ts';
import { disclose } from '../../../src/domain/consent/disclose.ts';
import type { Disclosure } from '../../../src/domain/consent/disclosed.ts';
import type { Requester } from '../../../src/domain/consent/rule.ts';
import type { CareRecord, Entry } from '../../../src/domain/record/care-record.ts';
import { CASE_NOW, CASE_RULES } from './case-record.ts';
import { judge } from './oracle.ts';
import { entry, entryAt, idAt, moment, record, requester } from './record-arbitraries.ts';

const RUNS = { numRuns: 300 };

function decide(of: CareRecord, by: Requester): Disclosure {
  return disclose(of, by, CASE_RULES, CASE_NOW);
}

function idsOf(decision: Disclosure): ReadonlySet<string> {
  if (decision.outcome === 'refused' || decision.view === null) return new Set();
  return new Set([...decision.view.entries, ...decision.view.gone].map((each) => each.id));
}

/** What a caller can see of a decision: all but the counts, which are for the audit alone. */
function seen(decision: Disclosure): unknown {
  if (decision.outcome === 'refused') return decision.problem.issues;
  return { view: decision.view, alert: decision.alert };
}

describe('the one door', () => {
  it('lets through exactly what the contract, read naively, lets through', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(record, requester, (of, by) => {
        const judgement = judge(of, by, CASE_RULES, CASE_NOW);
        outcomes.set(judgement.kind, (outcomes.get(judgement.kind) ?? 0) + 1);
        const decision = decide(of, by);
        if (judgement.kind === 'refused') {
          expect(decision.outcome).toBe('refused');
        } else if (judgement.kind === 'absent') {
          expect(decision).toMatchObject({ outcome: 'disclosed', view: null, alert: null });
        } else {
          const view = decision.outcome === 'disclosed' ? decision.view : null;
          expect(new Set(view?.entries.map((each) => each.id))).toEqual(judgement.visible);
        }
      }),
      { numRuns: 1_000 },
    );
    // Each kind of outcome has been met often enough for this to mean something.
    for (const kind of ['view', 'absent', 'refused'])
      expect(outcomes.get(kind)).toBeGreaterThan(30);
  });

  it('leaves out of account only rules that withhold nothing of the record', () => {
    fc.assert(
      fc.property(record, requester, (of, by) => {
        const choices = choicesInForce(of.entries, CASE_NOW);
        const situation = { record: of, requester: by, choices, data: CASE_RULES, now: CASE_NOW };
        for (const rule of ENTRY_RULES.filter((each) => !each.concerns(situation))) {
          expect(of.entries.filter((each) => rule.withholds(each, situation))).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it('asks rules only about entries of the types that they are about', () => {
    fc.assert(
      fc.property(record, requester, (of, by) => {
        const choices = choicesInForce(of.entries, CASE_NOW);
        const situation = { record: of, requester: by, choices, data: CASE_RULES, now: CASE_NOW };
        for (const rule of ENTRY_RULES) {
          const others = of.entries.filter(({ type }) => rule.types?.includes(type) === false);
          expect(others.filter((each) => rule.withholds(each, situation))).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it('remembers of a record nothing about who asked before, nor when', () => {
    const asked = fc.array(fc.tuple(requester, moment), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(record, asked, (of, all) => {
        for (const [by, now] of all) {
          // Read anew, as by a process that was never asked about it.
          const anew = disclose(structuredClone(of), by, CASE_RULES, now);
          expect(disclose(of, by, CASE_RULES, now)).toEqual(anew);
        }
      }),
      RUNS,
    );
  });

  it('decides the same again', () => {
    fc.assert(
      fc.property(record, requester, (of, by) => {
        expect(decide(of, by)).toEqual(decide(of, by));
      }),
      RUNS,
    );
  });

  it('counts every entry once: as seen, as gone, or under the rule that withholds it', () => {
    fc.assert(
      fc.property(record, requester, (of, by) => {
        const decision = decide(of, by);
        if (decision.outcome === 'refused') return;
        const withheld = decision.rules.reduce((sum, each) => sum + each.withheld, 0);
        expect(withheld + idsOf(decision).size).toBe(of.entries.length);
      }),
      RUNS,
    );
  });

  it('shows the same of a record that has nothing but what was let through, and its choices', () => {
    fc.assert(
      fc.property(record, requester, (of, by) => {
        const decision = decide(of, by);
        const shown = idsOf(decision);
        // Who sent a Provenance of what they may not see has a record by it, and no more of it.
        const told = (each: Entry) =>
          each.type === 'Provenance' && each.recordedBy === by.caller.organization;
        const kept = of.entries.filter(
          (each) =>
            shown.has(each.id) || each.type === 'Consent' || each.type === 'Patient' || told(each),
        );
        expect(seen(decide({ ...of, entries: kept }, by))).toEqual(seen(decision));
      }),
      RUNS,
    );
  });

  it('shows the same whatever withheld entries say', () => {
    fc.assert(
      fc.property(record, requester, fc.array(fc.nat(12)), (of, by, refs) => {
        const decision = decide(of, by);
        const shown = idsOf(decision);
        const entries = of.entries.map((each, index) => {
          if (shown.has(each.id)) return each;
          const text = { fragment: 'other', start: index, end: index + 1 };
          const version = { versionId: 'f'.repeat(16), since: 7 };
          // A Consent goes on saying what it says: choices are meant to make a difference.
          const links = each.type === 'Consent' ? {} : { refs: refs.map(idAt) };
          return { ...each, ...version, ...links, text, digest: 'other' };
        });
        expect(seen(decide({ ...of, entries }, by))).toEqual(seen(decision));
      }),
      RUNS,
    );
  });

  it('shows the same when entries that would be withheld are added', () => {
    fc.assert(
      fc.property(record, requester, entry, (of, by, added) => {
        const more = { ...entryAt(50, added), labels: ['v3|R'], recordedBy: 'SOMEBODY' };
        const decision = decide(of, by);
        const next = decide({ ...of, entries: [...of.entries, more] }, by);
        if (by.caller.role !== 'patient') expect(seen(next)).toEqual(seen(decision));
      }),
      RUNS,
    );
  });
});
