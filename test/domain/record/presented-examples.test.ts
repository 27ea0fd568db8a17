import { describe, expect, test } from 'vitest';
import { objectsAt, textAt } from '../../../src/domain/fhir/elements.ts';
import { isObject, type JsonObject } from '../../../src/domain/fhir/json.ts';
import { MEDICATION_REFERENCE } from '../../../src/domain/fhir/systems.ts';
import { presentAllergy } from '../../../src/domain/record/present-allergy.ts';
import { presentStatement } from '../../../src/domain/record/present-statement.ts';
import { validate } from '../../../src/domain/validation/validate.ts';
import {
  examplesIn,
  gpRecords,
  HAS_EXAMPLES,
  publishedExamples,
} from '../validation/definitions.ts';

const EXAMPLES = ['hl7-r4-examples', 'uk-core/examples']
  .flatMap(publishedExamples)
  .concat(examplesIn('profiles/examples'));

const ofType = (type: string): readonly JsonObject[] =>
  EXAMPLES.map(({ resource }) => resource).filter((each) => each.resourceType === type);

/** Each GP record as its statements and what its references lead to. */
const RECORDS = gpRecords().map(({ resource }) => {
  const resources = objectsAt(resource, 'entry').flatMap((each) =>
    isObject(each.resource) ? [each.resource] : [],
  );
  const named = new Map(resources.map((each) => [`${each.resourceType}/${each.id}`, each]));
  return {
    statements: resources.filter((each) => each.resourceType === 'MedicationStatement'),
    at: (reference: string) => named.get(reference) ?? null,
  };
});

/** What was stated comes first: nothing of it is lost, and no more is added the second time. */
function expectEnough(
  sent: JsonObject,
  present: (statement: JsonObject) => JsonObject,
): JsonObject {
  const made = present(sent);
  expect(validate(made)).toEqual([]);
  expect(present(made)).toEqual(made);
  const { medicationReference, medicationCodeableConcept, dosage, extension = [], ...kept } = sent;
  expect(made).toMatchObject(kept);
  expect(made.extension ?? []).toEqual(expect.arrayContaining([...(extension as JsonObject[])]));
  return made;
}

describe('the presented form', () => {
  test('of every published statement is valid, and loses nothing', () => {
    for (const sent of ofType('MedicationStatement')) {
      const made = expectEnough(sent, (each) =>
        presentStatement(each, { medication: () => null, plan: null }),
      );
      const was = sent.medicationReference;
      if (was !== undefined && made.medicationReference === undefined) {
        expect(made.medicationCodeableConcept).toMatchObject({
          extension: [{ url: MEDICATION_REFERENCE, valueReference: was }],
        });
      }
    }
    if (HAS_EXAMPLES) expect(ofType('MedicationStatement').length).toBeGreaterThan(7);
  });

  test('of every published allergy is valid, and changes no more than texts', () => {
    for (const sent of ofType('AllergyIntolerance')) {
      const made = presentAllergy(sent);
      expect([validate(made), presentAllergy(made)]).toEqual([[], made]);
      expect(made).toMatchObject(sent);
    }
  });

  test('of every statement in a real GP record has a code, a text and its kind', () => {
    for (const { statements, at } of RECORDS) {
      for (const sent of statements) {
        const plans = objectsAt(sent, 'basedOn').map((each) => at(textAt(each, 'reference') ?? ''));
        const plan = plans.find((each) => each?.intent === 'plan') ?? null;
        const made = expectEnough(sent, (each) => presentStatement(each, { medication: at, plan }));
        expect(made.medicationCodeableConcept).toMatchObject({
          coding: expect.any(Array),
          text: expect.any(String),
        });
        expect(made.category).toMatchObject({ text: expect.any(String) });
      }
    }
    if (HAS_EXAMPLES) {
      expect(RECORDS.flatMap(({ statements }) => statements).length).toBeGreaterThan(100);
    }
  });
});
