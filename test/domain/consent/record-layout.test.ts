import { afterEach, describe, expect, it, vi } from 'vitest';
import { disclose } from '../../../src/domain/consent/disclose.ts';
import { layoutOf } from '../../../src/domain/consent/record-layout.ts';
import { consentVisibility } from '../../../src/domain/consent/rules/consent-visibility.ts';
import { summaryWindow } from '../../../src/domain/consent/rules/summary-window.ts';
import { CASE_NOW, CASE_RULES, recordOf, requesterOf } from './case-record.ts';

const RECORD = recordOf({
  entries: {
    patient: 'Patient GP',
    doctor: 'Practitioner GP refs=clinic',
    clinic: 'Organization GP',
    pills: 'MedicationStatement GP repeat refs=doctor,problem',
    problem: 'Condition GP',
  },
  choices: ['view permit GP 2026-01-01', 'sharing-out permit GP 2026-01-01'],
});

describe('the layout of a version of a record', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('is worked out once, and anew for another version', () => {
    const { entries } = RECORD;
    expect(layoutOf(entries)).toBe(layoutOf(entries));
    expect(layoutOf([...entries])).not.toBe(layoutOf(entries));
    expect(layoutOf([...entries])).toEqual(layoutOf(entries));
  });

  it('leaves the entries in their places', () => {
    const before = [...RECORD.entries];
    layoutOf(RECORD.entries);
    expect(RECORD.entries).toEqual(before);
  });

  it.each([
    [false, 'Patient GP', 'Condition GP'],
    [true, 'Patient GP', 'Condition GP label=R'],
    [true, 'Patient GP label=NOPAT', 'Condition GP label=R'],
  ])('is labelled: %s, where the entries are %s and %s', (labelled, patient, problem) => {
    const { entries } = recordOf({ entries: { patient, problem } });
    expect(layoutOf(entries).labelled).toBe(labelled);
  });

  it('links entries to the supporting resources that they refer to, and to nothing else', () => {
    const { supporting, links } = layoutOf(RECORD.entries);
    expect(supporting).toEqual([1, 2]);
    expect(links).toEqual([[], [2], [], [1], [], [], []]);
  });

  it('has entries asked about by the rules that are about their type, and by no others', () => {
    const asked = [consentVisibility, summaryWindow].map((rule) => vi.spyOn(rule, 'withholds'));
    const viewer = requesterOf('clinician UCC TREAT launch');
    disclose(RECORD, viewer, CASE_RULES, CASE_NOW);
    const types = asked.map(({ mock }) => mock.calls.map(([entry]) => entry.type));
    expect(types).toEqual([['Consent', 'Consent'], ['MedicationStatement']]);
  });
});
