import type { Json, JsonObject } from '../json.ts';
import { isList, withElement, withoutElement } from './place.ts';

/**
 * Changes of lists that keep what stands beside them: the ids and extensions of primitive items are
 * in a list of their own, `_name`, item by item (http://hl7.org/fhir/R4/json.html#primitive).
 */

/** A copy with an item added to a list at an index. */
export function withItemAdded(of: JsonObject, name: string, index: number, item: Json): JsonObject {
  return eachList(of, name, (list, beside) => list.toSpliced(index, 0, beside ? null : item));
}

/** A copy with an item of a list moved to another index. */
export function withItemMoved(of: JsonObject, name: string, from: number, to: number): JsonObject {
  return eachList(of, name, (list) => {
    const item = list[from] as Json;
    return list.toSpliced(from, 1).toSpliced(to, 0, item);
  });
}

/**
 * A copy without an item of a list, or without the element when `index` is null or it was the last.
 */
export function withoutItem(of: JsonObject, name: string, index: number | null): JsonObject {
  const list = of[name];
  if (index === null || (isList(list) && list.length === 1)) {
    return withoutElement(withoutElement(of, name), `_${name}`);
  }
  return eachList(of, name, (each) => each.toSpliced(index, 1));
}

/** A copy with an element of another name and value in its place; what stood beside it goes. */
export function withRenamed(of: JsonObject, name: string, to: string, value: Json): JsonObject {
  const elements = Object.entries(of)
    .filter(([each]) => each !== `_${name}`)
    .map(([each, old]) => (each === name ? [to, value] : [each, old]));
  return Object.fromEntries(elements) as JsonObject;
}

function eachList(
  of: JsonObject,
  name: string,
  change: (list: readonly Json[], isBeside: boolean) => readonly Json[],
): JsonObject {
  const [list, beside] = [of[name], of[`_${name}`]];
  const changed = isList(list) ? withElement(of, name, change(list, false)) : of;
  return isList(beside) ? withElement(changed, `_${name}`, change(beside, true)) : changed;
}
