import { describe, expect, test } from 'vitest';
import { type JsonObject, parseJson } from '../../../src/domain/fhir/json.ts';
import { dosageText, withDosageText } from '../../../src/domain/record/dosage-text.ts';

const daily = (more: object = {}) => ({
  repeat: { frequency: 3, period: 1, periodUnit: 'd', ...more },
});
const dose = (text: string): JsonObject => {
  const read = parseJson(`{"doseQuantity":{"value":${text},"unit":"tablet"}}`);
  return (read.ok ? read.value : {}) as JsonObject;
};

describe('a dosage in words', () => {
  test.each([
    [{ doseAndRate: [dose('1')], timing: daily() }, '1 tablet, 3 times every day'],
    [
      { doseAndRate: [dose('0.50')], timing: daily({ frequency: 1 }) },
      '0.50 tablet, once every day',
    ],
    [{ timing: daily({ period: 2, periodUnit: 'wk' }) }, '3 times every 2 weeks'],
    [{ timing: { code: { text: 'at night' } }, asNeededBoolean: true }, 'at night, as needed'],
    [
      {
        method: { text: 'Inhale' },
        doseAndRate: [dose('2')],
        route: { coding: [{ display: 'By mouth' }] },
      },
      'Inhale, 2 tablet, By mouth',
    ],
  ])('says what is stated: %j', (dosage, text) => {
    expect(dosageText(dosage as JsonObject)).toBe(text);
  });

  test.each([
    {},
    { asNeededBoolean: false },
    { text: 'as directed', timing: daily() },
    { timing: daily(), maxDosePerPeriod: { numerator: { value: 4 } } },
    { timing: daily({ boundsPeriod: { end: '2026-03-01' } }) },
    { timing: daily({ when: ['AC'] }) },
    { timing: { ...daily(), code: { text: 'BID' } } },
    { timing: { event: ['2026-03-01'] } },
    { timing: daily({ periodUnit: 'fortnight' }) },
    { timing: { code: { coding: [{ code: 'BID' }] } } },
    { timing: daily(), asNeededCodeableConcept: { text: 'pain' } },
    {
      timing: daily(),
      extension: [{ url: 'https://example.org/x', valueString: 'not on Sundays' }],
    },
    { doseAndRate: [dose('1'), dose('2')] },
    { doseAndRate: [{ doseRange: { low: { value: 1 } } }] },
    { doseAndRate: [{ doseQuantity: { value: 1, unit: 'tablet', comparator: '<' } }] },
    { doseAndRate: [{ doseQuantity: { value: 1, code: 'mg' } }] },
    { route: { coding: [{ code: '26643006' }] }, timing: daily() },
  ])('is not made where a part would be lost, or there is nothing to say: %j', (dosage) => {
    expect(dosageText(dosage as JsonObject)).toBeNull();
  });

  test('is given to an only dosage, and to none of several', () => {
    const dosage = { timing: daily() };
    expect(withDosageText({ dosage: [dosage] })).toEqual({
      dosage: [{ text: '3 times every day', ...dosage }],
    });
    const several = { dosage: [dosage, dosage] };
    expect(withDosageText(several)).toBe(several);
  });
});
