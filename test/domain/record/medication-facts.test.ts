import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import {
  LAST_ISSUE_DATE_STU3,
  LAST_ISSUE_DATE_UKCORE,
  PRESCRIPTION_TYPE_STU3,
} from '../../../src/domain/fhir/systems.ts';
import { linkFacts } from '../../../src/domain/record/link-facts.ts';
import {
  isAcute,
  medicationFacts,
  statedPrescription,
} from '../../../src/domain/record/medication-facts.ts';
import { anEntry } from '../../support/records.ts';

const TODAY = '2026-03-02';

function courseOf(code: string): JsonObject {
  return { courseOfTherapyType: { coding: [{ system: 'http://any.test', code }] } };
}

function prescriptionType(code: string): JsonObject {
  return { extension: [{ url: PRESCRIPTION_TYPE_STU3, valueCode: code }] };
}

function codedPrescriptionType(code: string): JsonObject {
  const valueCodeableConcept = { coding: [{ code }] };
  return { extension: [{ url: PRESCRIPTION_TYPE_STU3, valueCodeableConcept }] };
}

/** What a statement counts as, with the plans that it is based on. */
function prescriptionOf(statement: JsonObject, ...plans: readonly JsonObject[]): string {
  const requests = plans.map((plan, index) =>
    anEntry(index + 1, { type: 'MedicationRequest', plan: statedPrescription(plan) }),
  );
  const basedOn = requests.map((each) => each.id);
  const stated = { codes: [], prescription: statedPrescription(statement), basedOn };
  const medication = medicationFacts({ status: 'active', ...statement });
  const entry = anEntry(9, { type: 'MedicationStatement', medication, stated, refs: basedOn });
  return linkFacts([entry, ...requests])[0]?.medication?.prescription ?? 'none';
}

describe('the prescription type', () => {
  it.each([
    ['acute', 'acute'],
    ['repeat', 'repeat'],
    ['repeat-dispensing', 'repeat'],
    ['delayed-prescribing', 'unstated'],
  ])('%s of the extension is %s', (code, expected) => {
    expect(prescriptionOf(prescriptionType(code))).toBe(expected);
    expect(prescriptionOf(codedPrescriptionType(code))).toBe(expected);
  });

  it.each([
    ['acute', 'acute'],
    ['continuous', 'repeat'],
    ['continuous-repeating-dispensing', 'repeat'],
    ['seasonal', 'unstated'],
  ])('%s as course of therapy is %s', (code, expected) => {
    expect(prescriptionOf(courseOf(code))).toBe(expected);
  });

  it('comes from the extension before the course of therapy of the same resource', () => {
    expect(prescriptionOf({ ...prescriptionType('acute'), ...courseOf('continuous') })).toBe(
      'acute',
    );
    expect(prescriptionOf({ ...prescriptionType('none'), ...courseOf('continuous') })).toBe(
      'repeat',
    );
  });

  it('is unstated where nothing readable says it', () => {
    expect(prescriptionOf({})).toBe('unstated');
    expect(prescriptionOf({ extension: [{ url: PRESCRIPTION_TYPE_STU3 }] })).toBe('unstated');
    expect(prescriptionOf({ extension: [{ url: 'https://other.test', valueCode: 'acute' }] })).toBe(
      'unstated',
    );
    expect(prescriptionOf({ courseOfTherapyType: { text: 'acute' } })).toBe('unstated');
  });
});

describe('the dates', () => {
  const lastIssue = (url: string, date: JsonObject) => ({ extension: [{ url, ...date }] });

  it('start and end with the effective period, or start with its dateTime', () => {
    const effectivePeriod = { start: '2025-02', end: '2025' };
    expect(medicationFacts({ effectivePeriod })).toMatchObject({
      start: '2025-02-28',
      end: '2025-12-31',
      issued: '2025-02-28',
    });
    expect(medicationFacts({ effectiveDateTime: '2025-02-03T04:05:06Z' })).toMatchObject({
      start: '2025-02-03',
      end: null,
      issued: '2025-02-03',
    });
  });

  it.each([LAST_ISSUE_DATE_STU3, LAST_ISSUE_DATE_UKCORE])(
    'of issue is the last issue date of %s before all others',
    (url) => {
      const others = { effectiveDateTime: '2024-01-01', dateAsserted: '2024-02-02' };
      for (const date of [{ valueDateTime: '2025-06-07' }, { valueDate: '2025-06-07' }]) {
        expect(medicationFacts({ ...others, ...lastIssue(url, date) }).issued).toBe('2025-06-07');
      }
      expect(medicationFacts({ ...others, ...lastIssue(url, {}) }).issued).toBe('2024-01-01');
    },
  );

  it('of issue is the start, else the day on which it was asserted, else there is none', () => {
    expect(medicationFacts({ dateAsserted: '2024-02' }).issued).toBe('2024-02-29');
    expect(medicationFacts({ effectivePeriod: { end: '2024-02' } }).issued).toBeNull();
    expect(medicationFacts({ effectiveDateTime: 'soon', dateAsserted: '2024-02' })).toMatchObject({
      start: null,
      issued: '2024-02-29',
    });
    expect(medicationFacts({})).toEqual({
      prescription: 'unstated',
      status: 'unknown',
      start: null,
      end: null,
      issued: null,
    });
  });

  it('that the calendar does not have are none', () => {
    const effectivePeriod = { start: '2025-02-30', end: '2025-13' };
    expect(medicationFacts({ effectivePeriod })).toMatchObject({ start: null, end: null });
  });
});

describe('a medication counts as acute', () => {
  const facts = (more: JsonObject) => medicationFacts({ status: 'active', ...more });
  const lasting = (start: string | undefined, end: string) => ({
    effectivePeriod: start === undefined ? { end } : { start, end },
  });

  it('when it says so, whatever its dates', () => {
    expect(isAcute(facts(prescriptionType('acute')), TODAY)).toBe(true);
    const repeat = { ...prescriptionType('repeat'), ...lasting('2020-01-01', '2020-01-02') };
    expect(isAcute(facts(repeat), TODAY)).toBe(false);
  });

  it('when it does not say and has ended, from the day after its last', () => {
    expect(isAcute(facts(lasting('2020-01-01', '2026-03-01')), TODAY)).toBe(true);
    expect(isAcute(facts(lasting('2020-01-01', '2026-03-02')), TODAY)).toBe(false);
    expect(isAcute(facts(lasting(undefined, '2026-03-01')), TODAY)).toBe(true);
    expect(isAcute(facts(lasting(undefined, '2026-03-02')), TODAY)).toBe(false);
  });

  it('when it does not say and lasts under a month', () => {
    expect(isAcute(facts(lasting('2026-03-01', '2026-03-31')), TODAY)).toBe(true);
    expect(isAcute(facts(lasting('2026-03-01', '2026-04-01')), TODAY)).toBe(false);
    expect(isAcute(facts(lasting('2026-02-10', '2026-03-09')), TODAY)).toBe(true);
    expect(isAcute(facts(lasting('2026-02-10', '2026-03-10')), TODAY)).toBe(false);
  });

  it('not when nothing says that it ends', () => {
    expect(isAcute(facts({}), TODAY)).toBe(false);
    expect(isAcute(facts({ effectiveDateTime: '2020-01-01' }), TODAY)).toBe(false);
    expect(isAcute(facts({ effectivePeriod: { start: '2020-01-01' } }), TODAY)).toBe(false);
  });
});

describe('what entries have from those that they refer to', () => {
  const drug = anEntry(1, { type: 'Medication', codes: ['s|drug'] });
  const stated = { codes: ['s|own'], prescription: 'unstated', basedOn: [] } as const;
  const statement = anEntry(2, { codes: ['s|own'], refs: [drug.id, 'elsewhere'], stated });

  it('are the codes of a Medication, each once, also of one that was withdrawn', () => {
    for (const withdrawn of [false, true]) {
      const [linked] = linkFacts([statement, { ...drug, withdrawn }]);
      expect(linked?.codes).toEqual(['s|own', 's|drug']);
    }
    const again = linkFacts(linkFacts([statement, drug]));
    expect(again).toEqual(linkFacts([statement, drug]));
  });

  it('are those of now: what the Medication no longer says is no longer had from it', () => {
    const before = linkFacts([statement, drug]);
    const after = linkFacts(
      before.map((each) => (each.id === drug.id ? { ...each, codes: [] } : each)),
    );
    expect(after[0]?.codes).toEqual(['s|own']);
  });

  it('do not touch entries that refer to none, nor withdrawn ones', () => {
    const others = [anEntry(3, { refs: [drug.id] }), { ...statement, withdrawn: true }];
    expect(linkFacts([...others, drug])).toEqual([...others, drug]);
  });
});
