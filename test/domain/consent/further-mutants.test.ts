import { describe, expect, it } from 'vitest';
import { aheadRefusal } from '../../../src/domain/consent/choice-authority.ts';
import { choicesInForce } from '../../../src/domain/consent/choices-in-force.ts';
import { disclose } from '../../../src/domain/consent/disclose.ts';
import { asSeenIn, explain, RULES } from '../../../src/domain/consent/explain.ts';
import { additionalInformation } from '../../../src/domain/consent/rules/additional-information.ts';
import { isMasked } from '../../../src/domain/consent/rules/dissent.ts';
import { sharingIn } from '../../../src/domain/consent/rules/sharing-in.ts';
import { CLOCK_AHEAD_MS_MAX } from '../../../src/domain/limits.ts';
import type { Entry } from '../../../src/domain/record/care-record.ts';
import type { Choice } from '../../../src/domain/record/choice.ts';
import { anEntry } from '../../support/records.ts';
import {
  CASE_NOW,
  CASE_RULES,
  type CaseRecord,
  namesOf,
  outcomeOf,
  recordOf,
  requesterOf,
} from './case-record.ts';

// As `mutants.test.ts`: each test here ends a mutant that no other test noticed.

const SHORT: CaseRecord = {
  entries: {
    patient: 'Patient GP',
    allergy: 'AllergyIntolerance GP',
    secret: 'Condition GP label=R',
  },
};

function choiceMadeAt(madeAt: number): Choice {
  const open = { from: null, until: null, names: [] };
  return { policy: 'view', permits: false, organization: 'GP', active: true, madeAt, ...open };
}

describe('a choice dated ahead', () => {
  const limit = CASE_NOW + CLOCK_AHEAD_MS_MAX;

  it('is refused beyond what clocks may differ by, among others too', () => {
    const late = aheadRefusal(
      [undefined, choiceMadeAt(CASE_NOW), choiceMadeAt(limit + 1)],
      CASE_NOW,
    );
    expect(late).toMatchObject({
      kind: 'invalid',
      issues: [{ code: 'business-rule', expression: 'Consent.dateTime' }],
    });
    expect(late?.issues[0].diagnostics).toContain('provision.period');
    expect(aheadRefusal([undefined, choiceMadeAt(limit)], CASE_NOW)).toBeNull();
    expect(aheadRefusal([undefined], CASE_NOW)).toBeNull();
  });
});

describe('the system of the registered practice', () => {
  it('reads the record where everything in it is another’s', () => {
    const short: CaseRecord = { entries: { patient: 'Patient NURSES' } };
    const seen = (caller: string) => {
      const decision = disclose(recordOf(short), requesterOf(caller), CASE_RULES, CASE_NOW);
      return decision.outcome === 'disclosed' && decision.view !== null;
    };
    expect(seen('gp-system GP')).toBe(true);
    expect(seen('gp-system OTHER')).toBe(false);
  });
});

describe('supporting resources', () => {
  it('are not reached by way of one that was withdrawn', () => {
    const short: CaseRecord = {
      entries: {
        patient: 'Patient GP',
        statement: 'MedicationStatement GP repeat refs=plan',
        plan: 'MedicationRequest GP withdrawn refs=drug',
        drug: 'Medication GP',
      },
    };
    const viewer = requesterOf('clinician UCC TREAT launch');
    const decision = disclose(recordOf(short), viewer, CASE_RULES, CASE_NOW);
    expect(outcomeOf(short, decision)).toMatchObject({
      visible: 'patient statement',
      gone: 'plan',
      rules: { 'supporting-resource': 1 },
    });
  });
});

describe('what is masked', () => {
  const none = choicesInForce([], CASE_NOW);
  const sources = { GP: { version: 1, timestamp: '', acceptedAt: null } };
  const record = { ...recordOf(SHORT), sources };
  const written = (changes: Partial<Entry>) => anEntry(1, { recordedBy: 'GP', ...changes });

  it('is nothing where no dissent was ever in force, not even what was withdrawn', () => {
    expect(isMasked(written({ withdrawn: true }), { record, choices: none })).toBe(false);
    expect(isMasked(written({}), { record, choices: none })).toBe(false);
  });

  it('is what was withdrawn by who never sent an extract, once a dissent was in force', () => {
    const choices = { ...none, lastDissent: CASE_NOW };
    expect(isMasked(written({ withdrawn: true }), { record, choices })).toBe(true);
    expect(isMasked(written({ withdrawn: true }), { record, choices: none })).toBe(false);
  });

  it('is what was last known at the very moment at which the dissent was last in force', () => {
    const choices = { ...none, lastDissent: CASE_NOW };
    const at = (moment: number) => written({ lastUpdated: new Date(moment).toISOString() });
    const masked = [CASE_NOW - 1, CASE_NOW, CASE_NOW + 1].map((moment) =>
      isMasked(at(moment), { record, choices }),
    );
    expect(masked).toEqual([true, true, false]);
  });
});

describe('sharing in', () => {
  it('is not about patients, who act for no organisation', () => {
    const situation = {
      record: recordOf(SHORT),
      requester: requesterOf('patient'),
      choices: { ...choicesInForce([], CASE_NOW), sharingInRefusedBy: new Set(['']) },
      data: CASE_RULES,
      now: CASE_NOW,
    };
    expect(sharingIn.withholds(anEntry(1), situation)).toBe(false);
    const nobody = requesterOf('clinician UCC');
    const atNone = { ...nobody, caller: { ...nobody.caller, organization: '' } };
    expect(sharingIn.withholds(anEntry(1), { ...situation, requester: atNone })).toBe(true);
  });
});

describe('core only', () => {
  it('withholds a Provenance that does not say what it tells of', () => {
    const situation = {
      record: recordOf(SHORT),
      requester: requesterOf('clinician UCC TREAT launch'),
      choices: { ...choicesInForce([], CASE_NOW), summary: 'core' as const },
      data: CASE_RULES,
      now: CASE_NOW,
    };
    const about = (changes: Partial<Entry>) =>
      additionalInformation.withholds(anEntry(1, { type: 'Provenance', ...changes }), situation);
    expect([about({}), about({ tellsOf: [] }), about({ tellsOf: ['a'] })]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('an explanation', () => {
  const everything = () => true;

  it('gives the reason of the rule that it names', () => {
    const record = recordOf(SHORT);
    const viewer = requesterOf('clinician UCC TREAT launch');
    const { rules, entries } = explain(record, viewer, CASE_RULES, CASE_NOW, everything);
    const named = [...rules, ...entries.flatMap(({ rule }) => rule ?? [])];
    expect(named.map(({ id }) => id)).toContain('private-entry');
    for (const { id, reason } of named) {
      expect([id, reason]).toEqual([id, RULES.find((rule) => rule.id === id)?.reason]);
    }
  });

  it('names the rule that refuses, be it about no entry at all', () => {
    const viewer = requesterOf('clinician UCC TREAT');
    const explained = explain(recordOf(SHORT), viewer, CASE_RULES, CASE_NOW, () => false);
    expect(explained).toMatchObject({ decision: 'refused', alert: null, entries: [] });
    expect(explained.rules.map(({ id, withheld }) => [id, withheld])).toEqual([
      ['relationship', 0],
    ]);
  });

  it('is drawn from what was let through, and from all of that', () => {
    const record = recordOf(SHORT);
    const viewer = requesterOf('clinician UCC TREAT launch');
    const decision = disclose(record, viewer, CASE_RULES, CASE_NOW);
    if (decision.outcome === 'refused' || decision.view === null) throw new Error('this is open');
    const drawn = asSeenIn(record, decision.view);
    const ids = drawn.entries.map(({ id }) => id);
    expect(namesOf(SHORT, ids)).toEqual(['allergy', 'patient']);
    expect(drawn).toEqual({ ...record, entries: drawn.entries });
  });
});
