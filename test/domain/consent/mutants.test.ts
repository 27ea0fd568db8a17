import { describe, expect, it } from 'vitest';
import { parseScopes } from '../../../src/domain/access/scope.ts';
import { choiceRefusal } from '../../../src/domain/consent/choice-authority.ts';
import { choicesInForce } from '../../../src/domain/consent/choices-in-force.ts';
import { disclose, discloseDemographics } from '../../../src/domain/consent/disclose.ts';
import { RULES } from '../../../src/domain/consent/explain.ts';
import { type Requester, RULE_IDS, type Situation } from '../../../src/domain/consent/rule.ts';
import { consentVisibility } from '../../../src/domain/consent/rules/consent-visibility.ts';
import { isMasked, markDissent } from '../../../src/domain/consent/rules/dissent.ts';
import { privateEntry } from '../../../src/domain/consent/rules/private-entry.ts';
import { sensitiveEntry } from '../../../src/domain/consent/rules/sensitive-entry.ts';
import type { CareRecord, Entry } from '../../../src/domain/record/care-record.ts';
import type { Choice } from '../../../src/domain/record/choice.ts';
import { aRecord } from '../../support/records.ts';
import { CASE_NOW, CASE_RULES, type CaseRecord, recordOf, requesterOf } from './case-record.ts';

/**
 * What mutation testing (`npm run test:mutation`) found that no other test noticed: each test here
 * ends a mutant. Those that are left change nothing but speed; `docs/mutants.md` says why.
 */
const SHORT: CaseRecord = {
  entries: {
    patient: 'Patient GP',
    allergy: 'AllergyIntolerance GP',
    medicine: 'MedicationStatement GP acute start=2025-03-03',
    secret: 'Condition GP label=R',
    marked: 'Observation GP code=sensitive',
  },
};

function situationOf(short: CaseRecord, requester: Requester, now = CASE_NOW): Situation {
  const record = recordOf(short);
  const choices = choicesInForce(record.entries, now);
  return { record, requester, choices, data: CASE_RULES, now };
}

function entryOf({ record }: Situation, type: string): Entry {
  const found = record.entries.find((entry) => entry.type === type);
  if (found === undefined) throw new Error(`the record has no ${type}`);
  return found;
}

function idsSeen(record: CareRecord, requester: Requester, now = CASE_NOW): readonly string[] {
  const decision = disclose(record, requester, CASE_RULES, now);
  if (decision.outcome === 'refused' || decision.view === null) return [];
  return decision.view.entries.map(({ id }) => id);
}

describe('what rules say of themselves', () => {
  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    '%s has a reason and a source',
    (_, rule) => {
      expect(rule.reason).toMatch(/^[A-Z].{20,}\.$/);
      expect(rule.source).toMatch(/Contract, section \d/);
    },
  );

  it('is said once for each rule', () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual([...RULE_IDS].toSorted());
  });
});

describe('a refusal', () => {
  it.each([
    ['clinician UCC TREAT', /relationship.*\$claim-relationship/],
    ['clinician UCC launch', /purpose of use is missing/],
    ['clinician UCC HLEGAL launch', /basis.*"legal"/],
  ])('tells %s what is missing', (caller, words) => {
    const decision = disclose(recordOf(SHORT), requesterOf(caller), CASE_RULES, CASE_NOW);
    if (decision.outcome !== 'refused') throw new Error('this is refused');
    const { kind, issues } = decision.problem;
    expect([kind, issues.length, issues[0].code]).toEqual(['forbidden', 1, 'forbidden']);
    expect(issues[0].diagnostics).toMatch(words);
  });

  it('for a recorded No names what outweighs it', () => {
    const refused = { ...SHORT, choices: ['view deny GP 2026-01-01'] };
    const viewer = requesterOf('clinician UCC TREAT launch');
    const decision = disclose(recordOf(refused), viewer, CASE_RULES, CASE_NOW);
    if (decision.outcome !== 'refused') throw new Error('this is refused');
    const { kind, issues } = decision.problem;
    expect([kind, issues[0].code]).toEqual(['forbidden', 'forbidden']);
    expect(issues[0].diagnostics).toContain('ETREAT or HLEGAL');
  });

  it('to record a choice says whose it is, and where it says so', () => {
    const record = recordOf(SHORT);
    const choice = situationOf(
      { ...SHORT, choices: ['view deny GP 2026-01-01'] },
      STAFF,
    ).record.entries.find(({ choice }) => choice !== undefined)?.choice as Choice;
    const others = { ...choice, policy: 'sharing-out' as const, organization: 'UCC' };
    const refusals = [
      choiceRefusal(record, requesterOf('clinician GP'), choice),
      choiceRefusal(record, STAFF, others),
      choiceRefusal(record, requesterOf('patient'), { ...choice, organization: 'UCC' }),
      choiceRefusal(record, requesterOf('patient'), {
        ...others,
        policy: 'private-entry',
        names: [entryOf(situationOf(SHORT, STAFF), 'AllergyIntolerance').id],
      }),
    ];
    const words = refusals.map((refusal) => refusal?.issues[0]);
    expect(new Set(words.map((issue) => issue?.diagnostics)).size).toBe(refusals.length);
    for (const issue of words) {
      expect(issue?.diagnostics.length).toBeGreaterThan(20);
      expect([issue?.code, issue?.expression]).toEqual(['forbidden', 'Consent.organization']);
    }
    expect(refusals.map((refusal) => refusal?.kind)).toEqual(refusals.map(() => 'forbidden'));
    expect(choiceRefusal(record, STAFF, choice)).toBeNull();
  });
});

const STAFF = requesterOf('practice-staff GP');

describe('access that was agreed to', () => {
  it('alerts nobody, and an emergency does', () => {
    const alertOf = (caller: string) => {
      const decision = disclose(recordOf(SHORT), requesterOf(caller), CASE_RULES, CASE_NOW);
      return decision.outcome === 'refused' ? 'refused' : decision.alert;
    };
    expect(alertOf('clinician UCC TREAT launch')).toBeNull();
    expect(alertOf('clinician UCC ETREAT launch')).toEqual({
      organization: 'UCC',
      kind: 'emergency-access',
    });
  });

  it('by tracing is told to be that, and withholds all but the Patient', () => {
    const record = recordOf(SHORT);
    const viewer = requesterOf('clinician UCC TREAT');
    const decision = discloseDemographics(record, viewer, CASE_RULES, CASE_NOW);
    const rules = [{ rule: 'relationship', withheld: record.entries.length - 1 }];
    expect(decision).toMatchObject({ outcome: 'disclosed', rules, alert: null });
    const alone = aRecord({ ...record, entries: record.entries.slice(0, 1) });
    expect(discloseDemographics(alone, viewer, CASE_RULES, CASE_NOW)).toMatchObject({
      rules: [{ rule: 'relationship', withheld: 0 }],
    });
  });
});

describe('the order of what is disclosed', () => {
  it('is that of the last change, then of the id, however the record holds it', () => {
    const record = recordOf(SHORT);
    const [patient, allergy, medicine, secret, marked] = record.entries as [
      Entry,
      Entry,
      Entry,
      Entry,
      Entry,
    ];
    const late = { ...patient, lastUpdated: '2026-02-03T00:00:00.000Z' };
    const early = { ...marked, lastUpdated: '2025-12-01T00:00:00.000Z' };
    const expected = [early.id, allergy.id, medicine.id, secret.id, late.id];
    const viewer = requesterOf('patient');
    for (const entries of [
      [late, allergy, medicine, secret, early],
      [early, secret, medicine, allergy, late],
      [medicine, early, allergy, late, secret],
    ]) {
      expect(idsSeen({ ...record, entries }, viewer)).toEqual(expected);
    }
  });
});

describe('the scopes of a token', () => {
  const withScopes = (text: string): Requester => {
    const { caller, claims } = requesterOf('clinician GP');
    return { caller: { ...caller, scopes: parseScopes(text) }, claims };
  };

  it.each([
    ['user/*.rs', 5],
    ['user/AllergyIntolerance.r user/Patient.r', 2],
    ['user/AllergyIntolerance.s user/Patient.s', 2],
    ['user/AllergyIntolerance.c user/Patient.r', 1],
    ['', 0],
  ])('%s reach what they name, whether to read or to search', (scopes, count) => {
    expect(idsSeen(recordOf(SHORT), withScopes(scopes))).toHaveLength(count);
  });

  it('are named as what withholds', () => {
    const limited = withScopes('user/Patient.r');
    const decision = disclose(recordOf(SHORT), limited, CASE_RULES, CASE_NOW);
    expect(decision).toMatchObject({
      rules: expect.arrayContaining([{ rule: 'scope', withheld: 4 }]),
    });
  });
});

describe('rules by themselves, whatever was decided before them', () => {
  const stranger = requesterOf('patient nhs=9000000017');

  it('keep what is private or sensitive from another patient', () => {
    const situation = situationOf(SHORT, stranger);
    expect(privateEntry.withholds(entryOf(situation, 'Condition'), situation)).toBe(true);
    expect(sensitiveEntry.withholds(entryOf(situation, 'Observation'), situation)).toBe(true);
    const own = situationOf(SHORT, requesterOf('patient'));
    expect(privateEntry.withholds(entryOf(own, 'Condition'), own)).toBe(false);
    expect(sensitiveEntry.withholds(entryOf(own, 'Observation'), own)).toBe(false);
  });

  it('keep Consents from staff of practices that the patient is not registered with', () => {
    const short = { ...SHORT, choices: ['sharing-out permit GP 2026-01-01'] };
    const withheldFrom = (caller: string) => {
      const situation = situationOf(short, requesterOf(caller));
      return consentVisibility.withholds(entryOf(situation, 'Consent'), situation);
    };
    expect(withheldFrom('practice-staff OTHER')).toBe(true);
    expect(withheldFrom('practice-staff GP')).toBe(false);
  });
});

describe('the summary windows', () => {
  it('are those of the day that is asked about, whichever was asked about before', () => {
    const record = recordOf(SHORT);
    const viewer = requesterOf('clinician UCC TREAT launch');
    const medicine = entryOf(situationOf(SHORT, viewer), 'MedicationStatement').id;
    const days = 86_400_000;
    const seen = [0, 2, 0, 2, -30].map((later) =>
      idsSeen(record, viewer, CASE_NOW + later * days).includes(medicine),
    );
    expect(seen).toEqual([true, false, true, false, true]);
    const wider = { ...CASE_RULES, acuteMonths: 13 };
    const byBoth = [CASE_RULES, wider, CASE_RULES].map((rules) =>
      JSON.stringify(disclose(record, viewer, rules, CASE_NOW + 2 * days)).includes(medicine),
    );
    expect(byBoth).toEqual([false, true, false]);
  });
});

describe('the last dissent', () => {
  const lastOf = (...choices: string[]) =>
    choicesInForce(recordOf({ ...SHORT, choices }).entries, CASE_NOW).lastDissent;

  it('is a matter of the family of the summary alone, and of what is active', () => {
    expect(lastOf()).toBeNull();
    expect(lastOf('sharing-out deny GP 2026-01-01')).toBeNull();
    expect(lastOf('scr-dissent deny GP 2026-01-01 status=inactive')).toBeNull();
    expect(lastOf('scr-core permit GP 2026-01-01')).toBeNull();
    expect(lastOf('scr-dissent deny GP 2026-01-01')).toBe(CASE_NOW);
    // A later choice about something else does not end it, nor does one that is not active.
    const ended = ['scr-dissent deny GP 2026-01-01 until=2026-02-01'];
    const end = Date.parse('2026-02-02T00:00:00.000Z') - 1;
    expect(lastOf(...ended)).toBe(end);
    expect(lastOf(...ended, 'view deny GP 2026-01-15')).toBe(end);
    expect(lastOf(...ended, 'scr-core permit GP 2026-01-15 status=inactive')).toBe(end);
  });

  it('is the moment before another choice was made', () => {
    const made = Date.parse('2026-01-15T00:00:00.000Z');
    const both = ['scr-dissent deny GP 2026-01-01', 'scr-core permit GP 2026-01-15'];
    expect(lastOf(...both)).toBe(made - 1);
  });

  it('is a moment that is just over, and not one to come', () => {
    const now = new Date(CASE_NOW).toISOString();
    const before = new Date(CASE_NOW - 1).toISOString();
    expect(lastOf('scr-dissent deny GP 2026-01-01', `scr-core permit GP ${now}`)).toBe(
      CASE_NOW - 1,
    );
    expect(lastOf(`scr-dissent deny GP 2026-01-01 until=${before}`)).toBe(CASE_NOW - 1);
    expect(lastOf('scr-dissent deny GP 2026-01-01 from=2026-06-01')).toBeNull();
  });
});

describe('marking a dissent', () => {
  it('leaves a record that knew none as it is, and masks nothing in it', () => {
    const current = recordOf(SHORT);
    const next = { ...current, version: 2 };
    expect(markDissent(current, next, CASE_NOW)).toEqual(next);
    expect(markDissent(null, next, CASE_NOW)).toEqual(next);
  });

  it('does not mask what services without an extract here recorded', () => {
    const record = aRecord({ dissentSeenAt: '2026-02-20T00:00:00.000Z', sources: {} });
    const choices = choicesInForce([], CASE_NOW);
    const entry = entryOf(situationOf(SHORT, STAFF), 'AllergyIntolerance');
    expect(isMasked(entry, { record, choices })).toBe(false);
    const known = { ...record, sources: recordOf(SHORT).sources };
    expect(isMasked(entry, { record: known, choices })).toBe(true);
  });
});
