import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { presentAllergy } from '../../../src/domain/record/present-allergy.ts';

const coded = (display: string): JsonObject => ({ coding: [{ code: '1', display }] });
const worded = (display: string): JsonObject => ({ ...coded(display), text: display });

describe('an allergy', () => {
  test('gets in words what it is to and how it shows', () => {
    const sent = {
      resourceType: 'AllergyIntolerance',
      code: coded('Penicillin'),
      criticality: 'high',
      reaction: [
        { substance: coded('Amoxicillin'), manifestation: [coded('Rash'), { text: 'Hives' }] },
        { manifestation: [{ text: 'Cough' }] },
      ],
    };
    expect(presentAllergy(sent)).toEqual({
      ...sent,
      code: worded('Penicillin'),
      reaction: [
        { substance: worded('Amoxicillin'), manifestation: [worded('Rash'), { text: 'Hives' }] },
        { manifestation: [{ text: 'Cough' }] },
      ],
    });
  });

  test('that has its words is itself, and so is one that has no display to take them from', () => {
    for (const code of [{ text: 'Penicillin' }, { coding: [{ code: '1' }] }]) {
      const sent = { code, reaction: [{ manifestation: [{ text: 'Rash' }] }] };
      expect(presentAllergy(sent)).toBe(sent);
    }
    expect(presentAllergy({ reaction: [] })).toEqual({ reaction: [] });
  });
});
