import { BODY_BYTES_MAX, JSON_DEPTH_MAX, PATCH_OPERATIONS_MAX } from '../../limits.ts';
import { type Failure, type Result, succeed } from '../../result.ts';
import { textAt } from '../elements.ts';
import { isObject, type Json, type JsonObject, writeJson } from '../json.ts';
import { malformedPatch, type OperationFault, unfitPatch } from './patch-faults.ts';
import {
  changeAt,
  isList,
  isTooDeep,
  type Place,
  valueAt,
  withElement,
  withoutElement,
} from './place.ts';
import { sameJson } from './same-json.ts';

/**
 * Applies a JSON Patch (RFC 6902) to a resource: all operations or none. `malformed` when it is no
 * JSON Patch, `invalid` when an operation does not fit the resource or a test fails, each with the
 * number of the operation.
 */
export function applyJsonPatch(document: JsonObject, patch: Json): Result<Json> {
  if (!isList(patch)) return malformedPatch(null, 'A JSON Patch is a list of operations.');
  if (patch.length > PATCH_OPERATIONS_MAX) return malformedPatch(null, TOO_MANY);
  const patching = new Patching(document);
  for (const [index, operation] of patch.entries()) {
    const fault = patching.apply(operation);
    if (fault !== null) return failed(index, operation, fault);
  }
  return succeed(patching.value);
}

const TOO_MANY = `A patch has ${PATCH_OPERATIONS_MAX} operations at most.`;

function failed(index: number, operation: Json, fault: OperationFault): Failure {
  const op = isObject(operation) ? textAt(operation, 'op') : null;
  const at = { number: index + 1, op };
  return fault.kind === 'malformed' ? malformedPatch(at, fault.words) : unfitPatch(at, fault.words);
}

class Patching {
  value: Json;
  /** Characters that the result can have at most: copies of copies must not grow without end. */
  #size: number;

  constructor(document: JsonObject) {
    this.value = document;
    this.#size = writeJson(document).length;
  }

  apply(operation: Json): OperationFault | null {
    if (!isObject(operation)) return malformed('It must be an object.');
    const place = this.#place(operation, 'path');
    if (place === null) return malformed('Its path is not a JSON Pointer (RFC 6901).');
    switch (operation.op) {
      case 'add':
        return this.#withValue(operation, (value) => this.#add(place, value));
      case 'remove':
        return this.#remove(place);
      case 'replace':
        return this.#withValue(operation, (value) => this.#replace(place, value));
      case 'test':
        return this.#withValue(operation, (value) => this.#test(place, value));
      case 'copy':
      case 'move':
        return this.#bring(operation, place, operation.op);
      default:
        return malformed('Its op must be add, remove, replace, move, copy or test.');
    }
  }

  #withValue(
    operation: JsonObject,
    use: (value: Json) => OperationFault | null,
  ): OperationFault | null {
    const { value } = operation;
    return value === undefined ? malformed('It has no value.') : use(value);
  }

  #place(operation: JsonObject, name: 'path' | 'from'): readonly string[] | null {
    const pointer = textAt(operation, name);
    if (pointer === null || /~(?![01])/.test(pointer)) return null;
    if (pointer === '') return [];
    if (!pointer.startsWith('/')) return null;
    return pointer
      .slice(1)
      .split('/')
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  }

  /** The place that pointer tokens mean in the value as it is now; null when there is none. */
  #resolve(tokens: readonly string[]): Place | null {
    const place: (string | number)[] = [];
    for (const token of tokens) {
      const parent = valueAt(this.value, place);
      if (isList(parent)) {
        const index = itemNumber(token);
        if (index === null || index >= parent.length) return null;
        place.push(index);
      } else {
        place.push(token);
      }
    }
    return valueAt(this.value, place) === undefined ? null : place;
  }

  #add(tokens: readonly string[], value: Json): OperationFault | null {
    this.#size += writeJson(value).length;
    if (this.#size > BODY_BYTES_MAX) return unfit('The resource grows too large.');
    return this.#insert(tokens, value);
  }

  #insert(tokens: readonly string[], value: Json): OperationFault | null {
    // Looked at each time: what nests too deeply cannot even be walked without overflow.
    if (isTooDeep(value, JSON_DEPTH_MAX - tokens.length)) return TOO_DEEP;
    const last = tokens.at(-1);
    if (last === undefined) return this.#set([], () => value);
    const place = this.#resolve(tokens.slice(0, -1));
    const parent = place === null ? undefined : valueAt(this.value, place);
    if (place === null || parent === undefined) return NOTHING_THERE;
    if (last === '__proto__') return unfit('This name is not allowed.');
    if (isObject(parent)) return this.#set(place, () => withElement(parent, last, value));
    if (!isList(parent)) return NOTHING_THERE;
    const index = last === '-' ? parent.length : itemNumber(last);
    if (index === null || index > parent.length) return unfit('The list has no such place.');
    return this.#set(place, () => parent.toSpliced(index, 0, value));
  }

  #set(place: Place, change: (value: Json) => Json): null {
    this.value = changeAt(this.value, place, change);
    return null;
  }

  #remove(tokens: readonly string[]): OperationFault | null {
    const place = this.#resolve(tokens);
    const last = place?.at(-1);
    if (place === null || last === undefined) return NOTHING_THERE;
    return this.#set(place.slice(0, -1), (parent) =>
      typeof last === 'number'
        ? (parent as readonly Json[]).toSpliced(last, 1)
        : withoutElement(parent as JsonObject, last),
    );
  }

  #replace(tokens: readonly string[], value: Json): OperationFault | null {
    const place = this.#resolve(tokens);
    if (place === null) return NOTHING_THERE;
    if (isTooDeep(value, JSON_DEPTH_MAX - tokens.length)) return TOO_DEEP;
    this.#size += writeJson(value).length;
    return this.#set(place, () => value);
  }

  #test(tokens: readonly string[], value: Json): OperationFault | null {
    const place = this.#resolve(tokens);
    const found = place === null ? undefined : valueAt(this.value, place);
    return found !== undefined && sameJson(found, value) ? null : unfit('The test failed.');
  }

  #bring(operation: JsonObject, to: readonly string[], op: 'copy' | 'move'): OperationFault | null {
    const from = this.#place(operation, 'from');
    if (from === null) return malformed('Its from is not a JSON Pointer (RFC 6901).');
    const place = this.#resolve(from);
    const value = place === null ? undefined : valueAt(this.value, place);
    if (value === undefined) return NOTHING_THERE;
    if (op === 'copy') return this.#add(to, value);
    const into = to.length > from.length && from.every((token, index) => token === to[index]);
    if (into) return unfit('A value cannot be moved into itself.');
    return this.#remove(from) ?? this.#insert(to, value);
  }
}

/** A list index of a JSON Pointer (RFC 6901, section 4): no sign, no leading zero. */
function itemNumber(token: string): number | null {
  return /^(?:0|[1-9]\d{0,6})$/.test(token) ? Number(token) : null;
}

function malformed(words: string): OperationFault {
  return { kind: 'malformed', words };
}

function unfit(words: string): OperationFault {
  return { kind: 'unfit', words };
}

const TOO_DEEP = unfit('The resource would nest too deeply.');
const NOTHING_THERE = unfit('There is nothing at its path.');
