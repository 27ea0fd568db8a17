import { rangeOf } from './date-range.ts';
import { objectAt, textAt } from './elements.ts';
import type { JsonObject } from './json.ts';

/** The elements that say when what a resource is about took place, the most telling first. */
const DATE_ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  MedicationStatement: ['effectiveDateTime', 'effectivePeriod', 'dateAsserted'],
  AllergyIntolerance: ['onsetDateTime', 'onsetPeriod', 'recordedDate'],
  Condition: ['onsetDateTime', 'onsetPeriod', 'recordedDate'],
  Procedure: ['performedDateTime', 'performedPeriod'],
  Immunization: ['occurrenceDateTime'],
  Observation: ['effectiveDateTime', 'effectivePeriod', 'effectiveInstant'],
  DocumentReference: ['date'],
  Provenance: ['occurredDateTime', 'occurredPeriod', 'recorded'],
};

/**
 * When what a resource is about took place, in epoch milliseconds, both ends inclusive; null where
 * it does not say, or cannot.
 */
export function clinicalDate(resource: JsonObject): { start: number; end: number } | null {
  for (const name of DATE_ELEMENTS[String(resource.resourceType)] ?? []) {
    const text = textAt(resource, name);
    const range = text === null ? periodAt(resource, name) : rangeOf(text);
    if (range !== null) return range;
  }
  return null;
}

function periodAt(resource: JsonObject, name: string): { start: number; end: number } | null {
  const period = objectAt(resource, name);
  if (period === null) return null;
  const start = rangeOf(textAt(period, 'start') ?? '');
  const end = rangeOf(textAt(period, 'end') ?? '');
  if (start === null && end === null) return null;
  return {
    start: start?.start ?? Number.MIN_SAFE_INTEGER,
    end: end?.end ?? Number.MAX_SAFE_INTEGER,
  };
}
