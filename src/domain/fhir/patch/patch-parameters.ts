import { objectsAt, textAt } from '../elements.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { isRepeating } from './element-shapes.ts';

/** A value that a patch brings; `type` is what stands behind `value[x]`, null for one in parts. */
export interface PatchValue {
  readonly type: string | null;
  readonly value: Json;
}

/** The parts of one operation of a FHIRPath Patch (http://hl7.org/fhir/R4/fhirpatch.html). */
export class OperationParts {
  readonly #parts: readonly JsonObject[];

  constructor(operation: JsonObject) {
    this.#parts = objectsAt(operation, 'part');
  }

  /** The text of a part, under any of the types that texts have; null when there is none. */
  text(name: string): string | null {
    const part = this.#part(name);
    if (part === null) return null;
    return textAt(part, 'valueString') ?? textAt(part, 'valueCode');
  }

  /** The whole number of a part; null when there is none, or it is less than 0. */
  index(name: string): number | null {
    const value = this.#part(name)?.valueInteger;
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
  }

  /**
   * What the part `value` brings for an element; null when it brings nothing, or several things.
   */
  value(element: string): PatchValue | null {
    const part = this.#part('value');
    return part === null ? null : brought(part, element);
  }

  #part(name: string): JsonObject | null {
    const found = this.#parts.filter((part) => textAt(part, 'name') === name);
    return found.length === 1 ? (found[0] ?? null) : null;
  }
}

function brought(part: JsonObject, element: string): PatchValue | null {
  const names = Object.keys(part).filter((name) => /^value[A-Z]/.test(name));
  const parts = objectsAt(part, 'part');
  if (names.length + (parts.length > 0 ? 1 : 0) !== 1) return null;
  const [name] = names;
  if (name !== undefined) return { type: name.slice('value'.length), value: part[name] as Json };
  const value = objectOf(parts, element);
  return value === null ? null : { type: null, value };
}

/** An element without a type of its own, spelt out as one part for each of its elements. */
function objectOf(parts: readonly JsonObject[], element: string): JsonObject | null {
  const object: Record<string, Json> = {};
  for (const part of parts) {
    const name = textAt(part, 'name');
    if (name === null || !/^[A-Za-z][A-Za-z0-9]*$/.test(name)) return null;
    const read = brought(part, name);
    if (read === null) return null;
    const before = Object.hasOwn(object, name) ? object[name] : undefined;
    const repeats = before !== undefined || isRepeating(element, name);
    object[name] = repeats ? [...listOf(before), read.value] : read.value;
  }
  return isObject(object) ? object : null;
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
