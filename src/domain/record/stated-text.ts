import { objectsAt, textAt } from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';

/**
 * A CodeableConcept with a text: its own, else the display of the coding that a person chose, else
 * of the first that has one. Itself where it has a text, or nothing to take one from.
 */
export function withText(concept: JsonObject): JsonObject {
  if (concept.text !== undefined || concept._text !== undefined) return concept;
  const text = displayOf(concept);
  return text === null ? concept : { ...concept, text };
}

/** The words that a CodeableConcept's codings have for it, or null. */
export function displayOf(concept: JsonObject): string | null {
  const codings = objectsAt(concept, 'coding').filter((each) => textAt(each, 'display') !== null);
  const chosen = codings.find((each) => each.userSelected === true) ?? codings[0];
  return chosen === undefined ? null : textAt(chosen, 'display');
}

/** The words of a CodeableConcept: its text, else what its codings say; null where it has none. */
export function wordsOf(concept: JsonObject): string | null {
  return textAt(concept, 'text') ?? displayOf(concept);
}
