import type { JsonObject } from '../fhir/json.ts';
import { unversioned } from '../fhir/references.ts';
import type { RecordType } from '../fhir/resource-types.ts';
import type { Entry } from './care-record.ts';
import { presentAllergy } from './present-allergy.ts';
import { presentStatement } from './present-statement.ts';

/** Another entry that a presented form takes from, and what it says. */
export type PresentedSource = readonly [entry: Pick<Entry, 'type' | 'id'>, resource: JsonObject];

/**
 * Gives the path (`Type/id`) that a literal reference leads to here, as far as the reader can tell.
 */
export type PathOf = (reference: string) => string;

type Present = (
  resource: JsonObject,
  sources: readonly PresentedSource[],
  pathOf: PathOf,
) => JsonObject;

const PRESENT: Readonly<Partial<Record<RecordType, Present>>> = {
  AllergyIntolerance: presentAllergy,
  MedicationStatement: (statement, sources, pathOf) =>
    presentStatement(statement, {
      medication: (reference) => {
        const path = pathOf(unversioned(reference));
        const found = sources.find(([{ type, id }]) => `${type}/${id}` === path);
        return found?.[1] ?? null;
      },
      plan: sources.find(([{ type }]) => type === 'MedicationRequest')?.[1] ?? null,
    }),
};

/** Whether people get resources of a type in another form than systems do. */
export function isPresented(type: RecordType): boolean {
  return PRESENT[type] !== undefined;
}

/** A resource as people get it (docs/decisions/0017-presented-form.md); itself where it is so. */
export function present(
  type: RecordType,
  resource: JsonObject,
  sources: readonly PresentedSource[],
  pathOf: PathOf,
): JsonObject {
  return PRESENT[type]?.(resource, sources, pathOf) ?? resource;
}
