import { isObject, type Json, type JsonObject } from './json.ts';

/** The object at an element, or null when there is none or it is something else. */
export function objectAt(of: JsonObject, name: string): JsonObject | null {
  const value = of[name];
  return isObject(value) ? value : null;
}

/** The text at an element, or null when there is none or it is something else. */
export function textAt(of: JsonObject, name: string): string | null {
  const value = of[name];
  return typeof value === 'string' ? value : null;
}

/** The objects of the list at an element; whatever else stands there is left out. */
export function objectsAt(of: JsonObject, name: string): readonly JsonObject[] {
  const value = of[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** An Identifier's or Coding's `system|value` or `system|code`; null when either is missing. */
export function tokenOf(of: JsonObject, name: 'value' | 'code'): string | null {
  const system = textAt(of, 'system');
  const value = textAt(of, name);
  return system === null || value === null ? null : `${system}|${value}`;
}

/** The value of the first identifier of a system among those of a resource, or null. */
export function identifierValue(resource: JsonObject, system: string): string | null {
  const found = objectsAt(resource, 'identifier').find((each) => textAt(each, 'system') === system);
  return found === undefined ? null : textAt(found, 'value');
}

/** The value of a Reference's own `identifier` when it is of this system, or null. */
export function identifierCodeOf(reference: JsonObject, system: string): string | null {
  const identifier = objectAt(reference, 'identifier');
  if (identifier === null || textAt(identifier, 'system') !== system) return null;
  return textAt(identifier, 'value');
}

/** Every coding of a CodeableConcept as `system|code`. */
export function codesOf(concept: JsonObject | null): readonly string[] {
  if (concept === null) return [];
  return objectsAt(concept, 'coding')
    .map((coding) => tokenOf(coding, 'code'))
    .filter((code) => code !== null);
}

/** The bare codes of a CodeableConcept, whatever their systems. */
export function bareCodesOf(concept: JsonObject | null): readonly string[] {
  if (concept === null) return [];
  return objectsAt(concept, 'coding')
    .map((coding) => textAt(coding, 'code'))
    .filter((code) => code !== null);
}

/** The extension of this URL on an element, or null. */
export function extensionOf(of: JsonObject, url: string): JsonObject | null {
  return objectsAt(of, 'extension').find((each) => textAt(each, 'url') === url) ?? null;
}

/** Every value of a resource, each object once, depth first; `visit` gets objects alone. */
export function walkObjects(value: Json | undefined, visit: (object: JsonObject) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const each of value) walkObjects(each, visit);
  } else if (isObject(value)) {
    visit(value);
    for (const name in value) walkObjects(value[name], visit);
  }
}
