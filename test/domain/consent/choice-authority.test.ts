import { describe, expect, it } from 'vitest';
import { choiceRefusal, mayRecordChoices } from '../../../src/domain/consent/choice-authority.ts';
import type { Choice, Policy } from '../../../src/domain/record/choice.ts';
import { POLICIES } from '../../../src/domain/record/choice.ts';
import { recordOf, requesterOf } from './case-record.ts';

const RECORD = recordOf({
  entries: { patient: 'Patient GP', mine: 'Condition GP', theirs: 'Condition NURSES' },
});
const [, MINE, THEIRS] = RECORD.entries;

function choice(policy: Policy, organization: string, names: readonly string[] = []): Choice {
  const times = { madeAt: 0, from: null, until: null };
  return { policy, permits: true, organization, active: true, names, ...times };
}

function may(caller: string, ...made: Parameters<typeof choice>): boolean {
  return choiceRefusal(RECORD, requesterOf(caller), choice(...made)) === null;
}

const PRACTICE: readonly Policy[] = [
  'scr-core-and-additional',
  'scr-core',
  'scr-dissent',
  'view',
  'secondary-use',
];

describe.each(POLICIES)('the choice %s', (policy) => {
  it('is the practice staff’s to record, about their own practice', () => {
    expect(may('practice-staff GP', policy, 'GP')).toBe(true);
    expect(may('practice-staff GP', policy, 'NURSES')).toBe(false);
  });

  it('is a clinician’s to record when it is about their own service’s sharing', () => {
    const sharing = policy === 'sharing-out' || policy === 'sharing-in';
    expect(may('clinician UCC', policy, 'UCC')).toBe(sharing);
    expect(may('clinician UCC', policy, 'GP')).toBe(false);
  });

  it('is the patient’s to record, with the practice where it is the practice’s', () => {
    expect(may('patient', policy, 'GP')).toBe(true);
    expect(may('patient', policy, 'UCC')).toBe(!PRACTICE.includes(policy));
  });
});

it('of a patient who has no practice yet is recorded with a service that holds entries of theirs', () => {
  const unregistered = { ...RECORD, practice: null };
  const refusal = (caller: string, organization: string) =>
    choiceRefusal(unregistered, requesterOf(caller), choice('scr-dissent', organization));
  expect(refusal('patient', 'NURSES')).toBeNull();
  expect(refusal('patient', 'UCC')).not.toBeNull();
  expect(refusal('practice-staff NURSES', 'NURSES')).not.toBeNull();
});

it('about entries is recorded for the organisation that recorded them', () => {
  for (const policy of ['private-entry', 'include-sensitive'] as const) {
    expect(may('practice-staff GP', policy, 'GP', [MINE?.id ?? ''])).toBe(true);
    expect(may('practice-staff GP', policy, 'GP', [THEIRS?.id ?? ''])).toBe(false);
    expect(may('patient', policy, 'NURSES', [THEIRS?.id ?? ''])).toBe(true);
    expect(may('patient', policy, 'GP', [MINE?.id ?? '', THEIRS?.id ?? ''])).toBe(false);
  }
});

it('is recorded by the patient, the practice’s staff and clinicians, and nobody else', () => {
  const recorders = ['patient', 'practice-staff GP', 'clinician GP', 'clinician UCC'];
  const others = [
    'patient nhs=9990000018',
    'practice-staff UCC',
    'gp-system GP',
    'care-system NURSES',
    'privacy-officer GP',
    'auditor GP',
    'extractor GP',
  ];
  expect(recorders.filter((each) => !mayRecordChoices(RECORD, requesterOf(each)))).toEqual([]);
  expect(others.filter((each) => mayRecordChoices(RECORD, requesterOf(each)))).toEqual([]);
});
