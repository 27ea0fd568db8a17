import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import {
  LAST_ISSUE_DATE_STU3,
  LAST_ISSUE_DATE_UKCORE,
  MEDICATION_REFERENCE,
  PRESCRIPTION_TYPE_STU3,
} from '../../../src/domain/fhir/systems.ts';
import { presentStatement } from '../../../src/domain/record/present-statement.ts';
import { validate } from '../../../src/domain/validation/validate.ts';

const CODING = [{ system: 'http://snomed.info/sct', code: '1', display: 'Aspirin 75mg tablets' }];
const MEDICATION = { resourceType: 'Medication', id: 'm', code: { coding: CODING } };
const REFERENCE = { reference: 'Medication/m', display: 'Aspirin as sent' };

const kind = (code: string): JsonObject => ({ coding: [{ code, display: `The ${code}` }] });
const typed = (code: string): JsonObject => ({
  url: PRESCRIPTION_TYPE_STU3,
  valueCodeableConcept: kind(code),
});

const statement = (more: JsonObject): JsonObject => ({
  resourceType: 'MedicationStatement',
  id: 's',
  status: 'active',
  subject: { reference: 'Patient/1' },
  ...more,
});

/** The presented form, beside this Medication and plan; every one of them is valid. */
function presented(
  more: JsonObject,
  beside: { readonly medication?: JsonObject; readonly plan?: JsonObject } = {},
): JsonObject {
  const made = presentStatement(statement(more), {
    medication: (reference) => (reference === 'Medication/m' ? (beside.medication ?? null) : null),
    plan: beside.plan ?? null,
  });
  expect(validate(made)).toEqual([]);
  return made;
}

const named = (reference: JsonObject): JsonObject => ({
  extension: [{ url: MEDICATION_REFERENCE, valueReference: reference }],
});

describe('the medicine', () => {
  test('is the Medication that is referred to, with the reference kept', () => {
    const made = presented({ medicationReference: REFERENCE }, { medication: MEDICATION });
    expect(made.medicationCodeableConcept).toEqual({
      ...named(REFERENCE),
      coding: CODING,
      text: 'Aspirin 75mg tablets',
    });
    expect(made).not.toHaveProperty('medicationReference');
    expect(Object.keys(made)).toEqual([
      'resourceType',
      'id',
      'status',
      'subject',
      'medicationCodeableConcept',
    ]);
  });

  test('has the text of the Medication, which says more than a display', () => {
    const medication = { ...MEDICATION, code: { coding: CODING, text: 'Aspirin, dispersible' } };
    const made = presented({ medicationReference: REFERENCE }, { medication });
    expect(made.medicationCodeableConcept).toMatchObject({ text: 'Aspirin, dispersible' });
  });

  test('is that of a contained Medication, which is still referred to', () => {
    const reference = { reference: '#m' };
    const contained = [{ resourceType: 'Medication', id: 'm', code: { coding: CODING } }];
    const made = presented({ contained, medicationReference: reference });
    expect(made.medicationCodeableConcept).toMatchObject({ ...named(reference), coding: CODING });
    expect(made.contained).toEqual(contained);
  });

  test('is what the reference says where no Medication can be had', () => {
    const concept = { ...named(REFERENCE), text: 'Aspirin as sent' };
    const wrong = { ...MEDICATION, status: 'entered-in-error' };
    const nameless = { resourceType: 'Medication', id: 'm' };
    expect(presented({ medicationReference: REFERENCE }).medicationCodeableConcept).toEqual(
      concept,
    );
    for (const medication of [wrong, nameless]) {
      const made = presented({ medicationReference: REFERENCE }, { medication });
      expect(made.medicationCodeableConcept).toEqual(concept);
    }
  });

  test('stays a reference where nothing says what it is', () => {
    const sent = statement({ medicationReference: { reference: 'Medication/unknown' } });
    expect(presentStatement(sent, { medication: () => null, plan: null })).toBe(sent);
  });

  test('that came as a code gets a text from its display, and keeps one that it has', () => {
    const chosen = { code: '2', display: 'Chosen', userSelected: true };
    const text = (coding: readonly JsonObject[], more: JsonObject = {}) =>
      presented({ medicationCodeableConcept: { coding, ...more } }).medicationCodeableConcept;
    expect(text(CODING)).toEqual({ coding: CODING, text: 'Aspirin 75mg tablets' });
    expect(text([...CODING, chosen])).toMatchObject({ text: 'Chosen' });
    expect(text(CODING, { text: 'Own' })).toEqual({ coding: CODING, text: 'Own' });
    expect(text([{ code: '1' }])).toEqual({ coding: [{ code: '1' }] });
  });
});

describe('the kind of medication', () => {
  const concept = { medicationCodeableConcept: { text: 'x' } };

  test('is that of the plan, as prescription type and category', () => {
    const plan = { resourceType: 'MedicationRequest', extension: [typed('repeat')] };
    const repeat = { ...kind('repeat'), text: 'The repeat' };
    const made = presented(concept, { plan });
    expect(made.category).toEqual(repeat);
    expect(made.extension).toEqual([{ url: PRESCRIPTION_TYPE_STU3, valueCodeableConcept: repeat }]);
  });

  test('may be told by the course of therapy of the plan', () => {
    const plan = { resourceType: 'MedicationRequest', courseOfTherapyType: kind('continuous') };
    expect(presented(concept, { plan }).category).toEqual({
      ...kind('continuous'),
      text: 'The continuous',
    });
  });

  test('is what the statement says itself where it does, and the category is never replaced', () => {
    const plan = { resourceType: 'MedicationRequest', extension: [typed('repeat')] };
    const own = { ...concept, extension: [typed('acute')] };
    const made = presented(own, { plan });
    expect(made.extension).toEqual(own.extension);
    expect(made.category).toMatchObject(kind('acute'));
    expect(presented({ ...own, category: { text: 'Community' } }).category).toEqual({
      text: 'Community',
    });
  });

  test('is left open where nothing says it', () => {
    expect(presented(concept)).toEqual(statement(concept));
  });
});

describe('the date of the last issue', () => {
  const stu3 = { url: LAST_ISSUE_DATE_STU3, valueDateTime: '2026-02-01' };
  const ukCore = { url: LAST_ISSUE_DATE_UKCORE, valueDateTime: '2026-02-03' };
  const extensionsOf = (...extension: readonly JsonObject[]) =>
    presented({ medicationCodeableConcept: { text: 'x' }, extension }).extension;

  test('is given where UK Core has it, once', () => {
    expect(extensionsOf(stu3)).toEqual([stu3, { ...stu3, url: LAST_ISSUE_DATE_UKCORE }]);
    expect(extensionsOf(stu3, ukCore)).toEqual([stu3, ukCore]);
    expect(extensionsOf(ukCore)).toEqual([ukCore]);
  });
});

describe('a statement that lacks nothing', () => {
  test('is itself', () => {
    const sent = statement({ medicationCodeableConcept: { text: 'x' }, dosage: [{ text: 'y' }] });
    expect(presentStatement(sent, { medication: () => null, plan: null })).toBe(sent);
  });
});
