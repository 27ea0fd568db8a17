import { isObject, isRawNumber, type Json } from '../json.ts';
import { elementOf, isList } from './place.ts';

/**
 * Whether two values are equal as RFC 6902 (section 4.6) says: numbers by value, objects in any
 * order.
 */
export function sameJson(one: Json, other: Json): boolean {
  if (isNumber(one) && isNumber(other)) return numberOf(one) === numberOf(other);
  if (isList(one)) {
    if (!isList(other) || one.length !== other.length) return false;
    return one.every((each, index) => sameJson(each, other[index] as Json));
  }
  if (!isObject(one) || !isObject(other)) return one === other;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => {
    const [left, right] = [one[name], elementOf(other, name)];
    return left !== undefined && right !== undefined && sameJson(left, right);
  });
}

function isNumber(value: Json): boolean {
  return typeof value === 'number' || isRawNumber(value);
}

function numberOf(value: Json): number {
  return isRawNumber(value) ? Number(value.rawJSON) : Number(value);
}
