import { isObject, type Json } from '../fhir/json.ts';
import type { Filter, Path } from './definition.ts';
import { type Place, targetType } from './references.ts';

/** The values at a path, from a resource or an element of it on, in their order. */
export function elementsAt(path: Path, from: Json, place: Place): readonly Json[] {
  const found: Json[] = [];
  collect(path, 0, from, place, found);
  return found;
}

function collect(path: Path, at: number, value: Json | undefined, place: Place, into: Json[]) {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const each of value) collect(path, at, each, place, into);
    return;
  }
  const filter = path.steps[at - 1]?.filter ?? null;
  if (filter !== null && !passes(value, filter, place)) return;
  const step = path.steps[at];
  if (step === undefined) into.push(value);
  else if (isObject(value)) collect(path, at + 1, value[step.name], place, into);
}

function passes(value: Json, { kind, value: wanted }: Filter, place: Place): boolean {
  if (!isObject(value)) return false;
  return kind === 'is' ? targetType(value, place) === wanted : value[kind] === wanted;
}
