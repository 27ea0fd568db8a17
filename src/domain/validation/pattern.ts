import { isObject, isRawNumber, type Json } from '../fhir/json.ts';

/**
 * Whether a value has all that a pattern has
 * (http://hl7.org/fhir/R4/elementdefinition-definitions.html, pattern[x]): each member of an
 * object, and for each item of a list some item of the value's.
 */
export function matches(pattern: Json, value: Json | undefined): boolean {
  if (Array.isArray(pattern)) {
    return (
      Array.isArray(value) &&
      pattern.every((each: Json) => value.some((one: Json) => matches(each, one)))
    );
  }
  if (isObject(pattern)) {
    return (
      isObject(value) &&
      Object.keys(pattern).every((name) => matches(pattern[name] as Json, value[name]))
    );
  }
  if (isRawNumber(pattern)) return isRawNumber(value) && value.rawJSON === pattern.rawJSON;
  return pattern === value;
}
