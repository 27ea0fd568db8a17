import { describe, expect, it } from 'vitest';
import type { Caller, Role } from '../../../src/domain/access/caller.ts';
import { disclose } from '../../../src/domain/consent/disclose.ts';
import { asSeenIn, explain, RULES } from '../../../src/domain/consent/explain.ts';
import { RULE_IDS } from '../../../src/domain/consent/rule.ts';
import type { CareRecord, Entry } from '../../../src/domain/record/care-record.ts';
import { callerOf, RULES as DATA, START } from '../../support/context.ts';
import { aClaim, anEntry, aRecord, recordId } from '../../support/records.ts';

const LABELLED = (code: string) => [`http://terminology.hl7.org/CodeSystem/any|${code}`];
const ENTRIES: readonly Entry[] = [
  anEntry(1, { id: recordId(1), type: 'Patient', codes: [] }),
  anEntry(2),
  anEntry(3, { labels: LABELLED('R') }),
  anEntry(4, { labels: LABELLED('NOPAT') }),
  anEntry(5, { recordedBy: 'RY601' }),
  anEntry(6, { recordedBy: 'RY601', labels: LABELLED('R') }),
  anEntry(7, { type: 'Medication', codes: [] }),
  anEntry(8, { withdrawn: true }),
];
const RECORD = aRecord({ entries: ENTRIES });
const ALL = () => true;

function ask(who: Caller, record: CareRecord | null = RECORD, claims = [aClaim()]) {
  return explain(record, { caller: who, claims }, DATA, START, ALL);
}

function persons(): readonly Caller[] {
  const roles = ['clinician', 'practice-staff', 'gp-system', 'care-system'] as const;
  return [
    ...['A81001', 'RY601', 'RX1'].flatMap((organization) =>
      roles.map((role) => callerOf(role, { organization })),
    ),
    callerOf('patient', { organization: '', nhsNumber: RECORD.nhsNumber }),
    callerOf('patient', { organization: '', nhsNumber: '9000000017' }),
    callerOf('clinician', { purpose: null }),
    callerOf('clinician', { purpose: 'ETREAT' }),
    callerOf('clinician', { launchPatient: recordId(2) }),
  ];
}

describe('an explanation', () => {
  it('says of every entry exactly what the door decides', () => {
    for (const caller of persons()) {
      const explained = ask(caller);
      const disclosure = disclose(RECORD, { caller, claims: [aClaim()] }, DATA, START);
      const view = disclosure.outcome === 'disclosed' ? disclosure.view : null;
      const shown = explained.entries.filter(({ rule }) => rule === null);
      expect(shown.map(({ entry }) => entry.id)).toEqual(view?.entries.map(({ id }) => id) ?? []);
      expect(explained.decision).toBe(
        disclosure.outcome === 'refused'
          ? 'refused'
          : view === null
            ? 'nothing-found'
            : 'permitted',
      );
    }
  });

  it('counts what each rule withholds of the entries that it is about', () => {
    const doctor = callerOf('clinician');
    const counts = ({ rules }: ReturnType<typeof ask>) =>
      rules.map(({ id, withheld }) => [id, withheld]);
    expect(counts(ask(doctor))).toEqual([
      ['relationship', 0],
      ['permission-to-view', 0],
      ['private-entry', 2],
      ['supporting-resource', 1],
    ]);
    const requester = { caller: doctor, claims: [aClaim()] };
    const own = (entry: Entry) => entry.recordedBy === 'RY601';
    expect(counts(explain(RECORD, requester, DATA, START, own))).toEqual([
      ['relationship', 0],
      ['permission-to-view', 0],
      ['private-entry', 1],
    ]);
  });

  it('names the rule that refuses, for every entry', () => {
    const refused = ask(callerOf('clinician'), RECORD, []);
    expect(refused).toMatchObject({ decision: 'refused', alert: null });
    expect(new Set(refused.entries.map(({ rule }) => rule?.id))).toEqual(new Set(['relationship']));
  });

  it('says which alert an override would raise', () => {
    expect(ask(callerOf('clinician', { purpose: 'ETREAT' })).alert).toBe('emergency-access');
    expect(ask(callerOf('clinician')).alert).toBeNull();
  });

  it.each(['auditor', 'privacy-officer', 'extractor'] satisfies Role[])(
    'refuses the role %s, which reads no records',
    (role) => {
      const { decision, rules } = ask(callerOf(role));
      expect([decision, rules.map(({ id }) => id)]).toEqual(['refused', ['role']]);
    },
  );

  it('finds nothing where there is no record', () => {
    const nothing = { decision: 'nothing-found', alert: null, rules: [], entries: [] };
    expect(ask(callerOf('clinician'), null)).toEqual(nothing);
  });
});

it('to staff is drawn from what they see, and does not depend on anything else', () => {
  const caller = callerOf('practice-staff', { organization: 'A81001' });
  const explainTo = (record: CareRecord) => {
    const disclosure = disclose(record, { caller, claims: [] }, DATA, START);
    const view = disclosure.outcome === 'disclosed' ? disclosure.view : null;
    if (view === null) throw new Error('staff see the record of their own patient');
    return ask(callerOf('clinician'), asSeenIn(record, view));
  };
  const without = ENTRIES.filter((entry) => entry.recordedBy === 'A81001');
  expect(explainTo(RECORD)).toEqual(explainTo(aRecord({ entries: without })));
});

it('has words for every rule', () => {
  expect(RULES.map(({ id }) => id).sort()).toEqual([...RULE_IDS].sort());
  for (const { reason, source } of RULES) {
    expect(reason).toMatch(/^[A-Z].{15,}\.$/);
    expect(source.length).toBeGreaterThan(5);
  }
});
