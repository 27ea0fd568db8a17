import { isObject, isRawNumber, type Json, type JsonObject } from '../../fhir/json.ts';
import { siblingOf } from '../sibling.ts';

/** An invariant of FHIR or of our profiles, as code. */
export interface Rule {
  /** FHIR's key, such as `ait-1`. */
  readonly key: string;
  /** What must hold, in plain words. */
  readonly words: string;
  /** Whether it holds for a value of its type, whatever else is wrong with that. */
  holds(value: JsonObject): boolean;
}

/** Builds a rule. */
export function rule(key: string, words: string, holds: Rule['holds']): Rule {
  return { key, words, holds };
}

/** Whether an element is there, be it by an extension alone (FHIRPath `exists()`). */
export function has(value: JsonObject, name: string): boolean {
  return value[name] !== undefined || value[siblingOf(name)] !== undefined;
}

/** Whether a choice element is there, of whichever type. */
export function hasChoice(value: JsonObject, name: string): boolean {
  for (const each in value) {
    const start = each.charCodeAt(0) === 0x5f ? 1 : 0;
    const next = each.charCodeAt(start + name.length);
    if (next >= 0x41 && next <= 0x5a && each.startsWith(name, start)) return true;
  }
  return false;
}

/** The objects at a list element, or at one that is no list; none where there is something else. */
export function objects(value: Json | undefined): readonly JsonObject[] {
  if (Array.isArray(value)) return value.filter(isObject);
  return isObject(value) ? [value] : [];
}

/** A number, however it is written; null where there is none. */
export function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return value;
  return isRawNumber(value) ? Number(value.rawJSON) : null;
}

/** Whether a CodeableConcept has a coding of this system with one of these codes. */
export function hasCoding(
  concept: Json | undefined,
  system: string,
  codes: readonly string[],
): boolean {
  return objects(concept).some((each) =>
    objects(each.coding).some(
      (coding) => coding.system === system && codes.includes(coding.code as string),
    ),
  );
}
