import { objectAt } from '../fhir/elements.ts';
import { isObject, type Json, type JsonObject } from '../fhir/json.ts';
import { withText } from './stated-text.ts';

/**
 * An AllergyIntolerance as people get it: what it is to, and how it shows, in words where the
 * codings have them. Itself where nothing is missing.
 */
export function presentAllergy(allergy: JsonObject): JsonObject {
  return worded(worded(allergy, 'code'), 'reaction', (reaction) =>
    worded(worded(reaction, 'substance'), 'manifestation'),
  );
}

/** An object with one element in words: a concept, or a list of them. Itself where it has them. */
function worded(
  of: JsonObject,
  name: string,
  put: (each: JsonObject) => JsonObject = withText,
): JsonObject {
  const value = of[name];
  const changed = Array.isArray(value)
    ? eachOf(value, put)
    : mapped(objectAt(of, name) ?? undefined, put);
  return changed === undefined || changed === value ? of : { ...of, [name]: changed };
}

function eachOf(list: readonly Json[], put: (each: JsonObject) => JsonObject): readonly Json[] {
  const changed = list.map((each) => (isObject(each) ? put(each) : each));
  return changed.every((each, index) => each === list[index]) ? list : changed;
}

function mapped(
  value: JsonObject | undefined,
  put: (each: JsonObject) => JsonObject,
): JsonObject | undefined {
  return value && put(value);
}
