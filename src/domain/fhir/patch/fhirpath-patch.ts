import { PATCH_OPERATIONS_MAX } from '../../limits.ts';
import { type Result, succeed } from '../../result.ts';
import { objectsAt, textAt } from '../elements.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { isChoice, isRepeating } from './element-shapes.ts';
import { malformedPatch, type OperationFault, unfitPatch } from './patch-faults.ts';
import { OperationParts, type PatchValue } from './patch-parameters.ts';
import { changeAt, isList, type Place, valueAt, withElement } from './place.ts';
import { withItemAdded, withItemMoved, withoutItem, withRenamed } from './primitive-lists.ts';
import { placesOf, readPath, SIMPLE_PATHS, type Step, writtenName } from './simple-path.ts';

/**
 * Applies a FHIRPath Patch (http://hl7.org/fhir/R4/fhirpatch.html) with simple paths: all
 * operations or none. `malformed` when it is none, `invalid` when an operation does not fit the
 * resource or uses more of FHIRPath than is understood here, each with the number of the operation.
 */
export function applyFhirPathPatch(resource: JsonObject, patch: JsonObject): Result<Json> {
  const operations = objectsAt(patch, 'parameter');
  if (operations.length === 0 || operations.length > PATCH_OPERATIONS_MAX) {
    return malformedPatch(null, `A patch has 1 to ${PATCH_OPERATIONS_MAX} operations.`);
  }
  let patched = resource;
  for (const [index, operation] of operations.entries()) {
    const parts = new OperationParts(operation);
    const at = { number: index + 1, op: parts.text('type') };
    if (textAt(operation, 'name') !== 'operation') {
      return malformedPatch(at, 'The parameter must have the name "operation".');
    }
    const done = new Operation(patched, parts).apply();
    if (!isObject(done.value)) {
      const { kind, words } = done.fault ?? unfit('It would leave no resource.');
      return kind === 'malformed' ? malformedPatch(at, words) : unfitPatch(at, words);
    }
    patched = done.value;
  }
  return succeed(patched);
}

/** The resource after one operation, or why there is none. */
interface Done {
  readonly value: Json | null;
  readonly fault?: OperationFault;
}

class Operation {
  readonly #resource: JsonObject;
  readonly #parts: OperationParts;
  readonly #type: string;

  constructor(resource: JsonObject, parts: OperationParts) {
    this.#resource = resource;
    this.#parts = parts;
    this.#type = textAt(resource, 'resourceType') ?? '';
  }

  apply(): Done {
    const path = this.#parts.text('path');
    if (path === null) return malformed('It has no path.');
    const steps = readPath(path, this.#type);
    if (steps === null) return unfitDone(SIMPLE_PATHS);
    switch (this.#parts.text('type')) {
      case 'add':
        return this.#add(steps);
      case 'insert':
        return this.#insert(steps);
      case 'delete':
        return this.#delete(steps);
      case 'replace':
        return this.#replace(steps);
      case 'move':
        return this.#move(steps);
      default:
        return malformed('Its type must be add, insert, delete, replace or move.');
    }
  }

  #add(steps: readonly Step[]): Done {
    const name = this.#parts.text('name');
    if (name === null || !/^[A-Za-z][A-Za-z0-9]*$/.test(name)) {
      return malformed('It needs the name of one element.');
    }
    const brought = this.#parts.value(name);
    if (brought === null) return malformed(NO_VALUE);
    const [place, ...more] = placesOf(this.#resource, steps);
    if (place === undefined || more.length > 0) return unfitDone(NOT_ONE);
    const parent = valueAt(this.#resource, place);
    if (!isObject(parent)) return unfitDone('Its path leads to no element that has elements.');
    const written = writtenName(parent, name);
    const before = written === null ? undefined : parent[written];
    if (written !== null && before !== undefined && !isList(before)) {
      return unfitDone('The element is there already, and is no list.');
    }
    if (written !== null && isList(before)) {
      return this.#changed(place, (of) => withItemAdded(of, written, before.length, brought.value));
    }
    return this.#changed(place, (of) => withNew(of, this.#parentName(place), name, brought));
  }

  #insert(steps: readonly Step[]): Done {
    const list = this.#listAt(steps);
    const index = this.#parts.index('index');
    const brought = this.#parts.value(list?.name ?? '');
    if (brought === null) return malformed(NO_VALUE);
    if (index === null) return malformed('It needs an index.');
    if (list === null || index > list.length) return unfitDone('The list has no such place.');
    return this.#changed(list.parent, (of) => withItemAdded(of, list.name, index, brought.value));
  }

  #move(steps: readonly Step[]): Done {
    const list = this.#listAt(steps);
    const [from, to] = [this.#parts.index('source'), this.#parts.index('destination')];
    if (from === null || to === null) return malformed('It needs a source and a destination.');
    if (list === null || Math.max(from, to) >= list.length) {
      return unfitDone('The list has no such place.');
    }
    return this.#changed(list.parent, (of) => withItemMoved(of, list.name, from, to));
  }

  #delete(steps: readonly Step[]): Done {
    const [place, ...more] = placesOf(this.#resource, steps);
    // What is not there need not be deleted (R4, FHIRPath Patch, "delete").
    if (place === undefined) return { value: this.#resource };
    if (more.length > 0 || place.length === 0) return unfitDone(NOT_ONE);
    return this.#changed(parentOf(place), (of) => withoutItem(of, nameIn(place), itemIn(place)));
  }

  #replace(steps: readonly Step[]): Done {
    const [place, ...more] = placesOf(this.#resource, steps);
    if (place === undefined || more.length > 0 || place.length === 0) return unfitDone(NOT_ONE);
    const name = nameIn(place);
    const brought = this.#parts.value(name);
    if (brought === null) return malformed(NO_VALUE);
    const item = itemIn(place);
    return this.#changed(parentOf(place), (of) => {
      if (item !== null) {
        const list = of[name] as readonly Json[];
        return withElement(of, name, list.with(item, brought.value));
      }
      return withRenamed(of, name, this.#newName(steps, name, brought), brought.value);
    });
  }

  /** A choice may be replaced by one of another type, which has another name. */
  #newName(steps: readonly Step[], name: string, { type }: PatchValue): string {
    const last = steps.at(-1);
    const asked = last?.kind === 'element' ? last.name : name;
    return asked === name || type === null ? name : asked + type;
  }

  #listAt(steps: readonly Step[]): { parent: Place; name: string; length: number } | null {
    const last = steps.at(-1);
    if (last?.kind !== 'element') return null;
    const [parent, ...more] = placesOf(this.#resource, steps.slice(0, -1));
    if (parent === undefined || more.length > 0) return null;
    const list = valueAt(this.#resource, [...parent, last.name]);
    return isList(list) ? { parent, name: last.name, length: list.length } : null;
  }

  #parentName(place: Place): string {
    return place.length === 0 ? this.#type : nameIn(place);
  }

  #changed(place: Place, change: (parent: JsonObject) => Json): Done {
    return { value: changeAt(this.#resource, place, (parent) => change(parent as JsonObject)) };
  }
}

function withNew(of: JsonObject, parent: string, name: string, brought: PatchValue): JsonObject {
  if (isChoice(parent, name) && brought.type !== null) {
    return withElement(of, name + brought.type, brought.value);
  }
  return withElement(of, name, isRepeating(parent, name) ? [brought.value] : brought.value);
}

/** The place of the object that holds the element that a place is, or is an item of. */
function parentOf(place: Place): Place {
  return place.slice(0, itemIn(place) === null ? -1 : -2);
}

/** The name of the element that a place is, or is an item of. */
function nameIn(place: Place): string {
  const name = place.findLast((step) => typeof step === 'string');
  return typeof name === 'string' ? name : '';
}

function itemIn(place: Place): number | null {
  const last = place.at(-1);
  return typeof last === 'number' ? last : null;
}

const NOT_ONE = 'Its path must lead to exactly one element.';
const NO_VALUE = 'It needs one value.';

function malformed(words: string): Done {
  return { value: null, fault: { kind: 'malformed', words } };
}

function unfitDone(words: string): Done {
  return { value: null, fault: unfit(words) };
}

function unfit(words: string): OperationFault {
  return { kind: 'unfit', words };
}
