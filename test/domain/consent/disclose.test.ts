import { describe, expect, it } from 'vitest';
import { ROLES } from '../../../src/domain/access/caller.ts';
import {
  disclose,
  discloseDemographics,
  discloseVersions,
} from '../../../src/domain/consent/disclose.ts';
import {
  type DisclosedRecord,
  isFamiliar,
  viewWithin,
} from '../../../src/domain/consent/disclosed.ts';
import { relationOf } from '../../../src/domain/consent/relation.ts';
import type { CareRecord, Entry } from '../../../src/domain/record/care-record.ts';
import { aRecord } from '../../support/records.ts';
import {
  CASE_NOW,
  CASE_RULES,
  type CaseRecord,
  outcomeOf,
  recordOf,
  requesterOf,
} from './case-record.ts';

const SHORT: CaseRecord = {
  entries: {
    patient: 'Patient GP',
    allergy: 'AllergyIntolerance GP',
    nursing: 'Observation NURSES',
    secret: 'Condition NURSES label=R',
    result: 'Observation GP label=NOPAT',
  },
  choices: ['scr-core-and-additional permit GP 2026-01-01', 'sharing-out permit NURSES 2026-01-01'],
};

function seenBy(caller: string, short: CaseRecord = SHORT): string {
  const decision = disclose(recordOf(short), requesterOf(caller), CASE_RULES, CASE_NOW);
  const outcome = outcomeOf(short, decision) as Record<string, string>;
  if (decision.outcome === 'refused') return `refused: ${outcome.refused}`;
  if (decision.view === null) return `absent: ${outcome.absent}`;
  return `${outcome.visible} ${outcome.consents}`.trim();
}

function viewOf(record: CareRecord, caller: string): DisclosedRecord {
  const decision = disclose(record, requesterOf(caller), CASE_RULES, CASE_NOW);
  if (decision.outcome === 'refused' || decision.view === null)
    throw new Error('nothing disclosed');
  return decision.view;
}

const BOTH = 'scr-core-and-additional@GP sharing-out@NURSES';
const OPEN = 'allergy nursing patient result';

/** What each role sees: as the person, at the registered practice, at a recorder, elsewhere. */
const TABLE: Readonly<Record<(typeof ROLES)[number], readonly [string, string, string, string]>> = {
  patient: [
    `allergy nursing patient secret ${BOTH}`,
    'absent: role',
    'absent: role',
    'absent: role',
  ],
  clinician: [
    'absent: relationship',
    `${OPEN} scr-core-and-additional@GP`,
    `${OPEN} secret sharing-out@NURSES`,
    OPEN,
  ],
  'practice-staff': [
    'absent: relationship',
    `allergy patient result ${BOTH}`,
    'absent: role',
    'absent: role',
  ],
  'gp-system': [
    'absent: relationship',
    'allergy patient result scr-core-and-additional@GP',
    'nursing patient secret sharing-out@NURSES',
    'absent: role',
  ],
  'care-system': [
    'absent: relationship',
    'allergy patient result scr-core-and-additional@GP',
    'nursing patient secret sharing-out@NURSES',
    'absent: role',
  ],
  'privacy-officer': ['absent: relationship', 'absent: role', 'absent: role', 'absent: role'],
  auditor: ['absent: relationship', 'absent: role', 'absent: role', 'absent: role'],
  extractor: ['absent: relationship', 'absent: role', 'absent: role', 'absent: role'],
};

describe.each(ROLES)('the role %s', (role) => {
  const [asPatient, atPractice, atRecorder, elsewhere] = TABLE[role];
  const stranger = role === 'patient' ? ' nhs=9990000018' : '';

  it('sees of its own person’s record, or of a token for another patient, what is due', () => {
    const caller = role === 'patient' ? 'patient' : `${role} GP TREAT launch-other`;
    expect(seenBy(caller)).toBe(asPatient);
  });

  it.each([
    ['at the registered practice', 'GP', atPractice],
    ['at an organisation that recorded entries', 'NURSES', atRecorder],
    ['anywhere else', 'UCC', elsewhere],
  ])('%s sees what is due', (_, organization, expected) => {
    expect(seenBy(`${role} ${organization} TREAT launch${stranger}`)).toBe(expected);
  });

  it('at an organisation with no name sees nothing that another organisation recorded', () => {
    const nobodys = { ...SHORT, practice: null };
    const seen = seenBy(`${role}${stranger}`, nobodys);
    expect(seen).toMatch(/^(absent|refused): (role|relationship)$/);
  });
});

describe('the relation', () => {
  it('of a patient is by NHS number, never by organisation', () => {
    const nameless = aRecord({ practice: '', nhsNumber: '9000000009' });
    expect(relationOf(nameless, requesterOf('patient'))).toBe('patient');
    expect(relationOf(nameless, requesterOf('patient nhs=9990000018'))).toBe('elsewhere');
  });

  it('of others is that of the registered practice, where there is one', () => {
    expect(relationOf(aRecord({ practice: 'GP' }), requesterOf('clinician GP'))).toBe('practice');
    expect(relationOf(aRecord({ practice: 'GP' }), requesterOf('clinician UCC'))).toBe('elsewhere');
    expect(relationOf(aRecord({ practice: null }), requesterOf('clinician'))).toBe('elsewhere');
  });
});

it('says of nobody’s record that there is none, and so of one without a Patient', () => {
  const caller = requesterOf('clinician UCC TREAT launch');
  const absent = { outcome: 'disclosed', view: null, rules: [], alert: null };
  expect(disclose(null, caller, CASE_RULES, CASE_NOW)).toEqual(absent);
  expect(discloseDemographics(null, caller, CASE_RULES, CASE_NOW)).toEqual(absent);
  expect(seenBy('clinician UCC TREAT launch', { entries: { one: 'Condition GP' } })).toBe(
    'absent: dissent',
  );
});

it('gives a refusal the patient and the rule for the audit entry alone', () => {
  const decision = disclose(recordOf(SHORT), requesterOf('clinician UCC'), CASE_RULES, CASE_NOW);
  expect(decision).toMatchObject({
    outcome: 'refused',
    problem: {
      kind: 'forbidden',
      audit: { patient: recordOf(SHORT).id, rules: [{ rule: 'relationship', withheld: 0 }] },
    },
  });
});

describe('tracing by NHS number', () => {
  function traced(caller: string, short: CaseRecord = SHORT): object {
    return outcomeOf(
      short,
      discloseDemographics(recordOf(short), requesterOf(caller), CASE_RULES, CASE_NOW),
    );
  }

  it('shows a clinician without a relationship the Patient and nothing else', () => {
    expect(traced('clinician UCC')).toEqual({
      visible: 'patient',
      consents: '',
      gone: '',
      rules: { relationship: 6 },
      alert: null,
    });
  });

  it('shows nothing of a patient who opted out, or to a token for another patient', () => {
    const out = { ...SHORT, choices: ['scr-dissent deny GP 2026-01-01'] };
    expect(traced('clinician UCC', out)).toEqual({ absent: 'dissent' });
    expect(traced('clinician UCC launch-other')).toEqual({ absent: 'relationship' });
    expect(traced('auditor UCC')).toEqual({ absent: 'role' });
  });

  it('does not show what is private, be it the Patient', () => {
    const hidden = { entries: { patient: 'Patient GP label=R', allergy: 'AllergyIntolerance GP' } };
    expect(traced('clinician UCC', hidden)).toMatchObject({
      visible: '',
      rules: { relationship: 1, 'private-entry': 1 },
    });
    expect(traced('clinician GP', hidden)).toMatchObject({ visible: 'patient' });
  });
});

describe('earlier versions', () => {
  const record = recordOf(SHORT);
  const [, allergy, nursing] = record.entries as readonly [Entry, Entry, Entry];
  const versions = (...list: readonly Entry[]) => {
    const caller = 'clinician UCC TREAT launch';
    const view = viewOf(record, caller);
    const requester = requesterOf(caller);
    return discloseVersions(record, view, list, requester, CASE_RULES, CASE_NOW);
  };

  it('are disclosed where both they and the current version may be', () => {
    const old = { ...allergy, versionId: 'old' };
    expect(versions(old, nursing)).toEqual([old, nursing]);
  });

  it('are withheld where they were private then, or are not of what is disclosed now', () => {
    expect(versions({ ...allergy, labels: ['v3|R'] })).toEqual([]);
    expect(versions({ ...(record.entries[3] as Entry), labels: [] })).toEqual([]);
  });

  it('of a withdrawn entry are for those who might see its last version', () => {
    const gone: CareRecord = {
      ...record,
      entries: record.entries.map((each) =>
        each.id === allergy.id ? { ...each, withdrawn: true } : each,
      ),
    };
    const view = viewOf(gone, 'clinician UCC TREAT launch');
    const requester = requesterOf('clinician UCC TREAT launch');
    expect(view.gone.map((each) => each.id)).toEqual([allergy.id]);
    expect(discloseVersions(gone, view, [allergy], requester, CASE_RULES, CASE_NOW)).toEqual([
      allergy,
    ]);
  });
});

describe('the form in which entries are handed over', () => {
  it.each([
    ['gp-system GP', 'sent'],
    ['care-system NURSES', 'sent'],
    ['practice-staff GP', 'presented'],
    ['clinician UCC TREAT launch', 'presented'],
    ['patient', 'presented'],
  ])('is for a %s as it was %s', (who, form) => {
    const record = recordOf({
      entries: { patient: 'Patient GP', visit: 'Condition NURSES', problem: 'Condition GP' },
    });
    const decision = disclose(record, requesterOf(who), CASE_RULES, CASE_NOW);
    expect(decision).toMatchObject({ outcome: 'disclosed', view: { form } });
  });
});

describe('a record that is shown again, from where it is in memory', () => {
  const someOf = (view: DisclosedRecord) => viewWithin(view, view.entries.slice(1));

  it('is familiar from the second time on, to whoever it is shown, and in part too', () => {
    const record = recordOf(SHORT);
    const first = viewOf(record, 'clinician UCC TREAT launch');
    expect([first, someOf(first)].map(isFamiliar)).toEqual([false, false]);
    const again = viewOf(record, 'clinician UCC TREAT launch');
    expect([again, someOf(again)].map(isFamiliar)).toEqual([true, true]);
    expect(isFamiliar(viewOf(record, 'patient'))).toBe(true);
  });

  it('has in part what was asked for, and nothing else', () => {
    const view = viewOf(recordOf(SHORT), 'patient');
    expect(someOf(view)).toEqual({ ...view, entries: view.entries.slice(1) });
  });
});
