import { isObject, type Json, type JsonObject } from '../fhir/json.ts';
import { isBound } from './binding.ts';
import { bundleScopeOf } from './bundle-scope.ts';
import { type Fault, wrongShape } from './fault.ts';
import type { ElementModel, TypeModel } from './model.ts';
import { checkAllNamed, checkContained, noteLocalReference, scopeOf } from './resource-scope.ts';
import type { Rule } from './rules/rule.ts';
import { TYPE_CHECKS } from './type-checks.ts';
import type { Walk } from './walk.ts';

const OBJECT_EXPECTED = wrongShape('An object is expected here.');
const LIST_EXPECTED = wrongShape('A list is expected here.');
const ONE_EXPECTED = wrongShape('A single value is expected here, no list.');
const NULL = wrongShape(
  'null is only allowed in a list of values, in place of one with extensions.',
);
const UNALIGNED = wrongShape(
  'The list of values and the list of their extensions differ in length.',
);
const NO_SIBLING = wrongShape('Only an element with a simple value has an underscore before it.');
const EMPTY_LIST: Fault = { rule: 'empty', code: 'structure', words: 'A list may not be empty.' };
const EMPTY: Fault = {
  rule: 'ele-1',
  code: 'invariant',
  words: 'An element must have a value or elements of its own.',
};
const UNKNOWN: Fault = {
  rule: 'unknown-element',
  code: 'structure',
  words: 'R4 has no such element here.',
};
const TOO_DEEP: Fault = { rule: 'depth', code: 'too-costly', words: 'It nests too deeply.' };
const UNKNOWN_TYPE: Fault = {
  rule: 'resource-type',
  code: 'not-supported',
  words: 'A resource of this type is not supported here.',
};
const IMPLICIT_RULES: Fault = {
  rule: 'implicit-rules',
  code: 'not-supported',
  words: 'Implicit rules are not supported: they may change the meaning of all the rest.',
};

/** Checks a resource that is not contained in another, and all that is in it. */
export function walkResource(resource: JsonObject, walk: Walk): void {
  const type = resourceTypeOf(resource, walk);
  if (type === null) return;
  const { resource: outerResource, bundle: outerBundle } = walk;
  walk.resource = scopeOf(resource);
  if (type.name === 'Bundle') walk.bundle = bundleScopeOf(resource);
  walkObject(resource, type, null, walk);
  checkAllNamed(resource, walk);
  walk.resource = outerResource;
  walk.bundle = outerBundle;
}

function walkContained(resource: JsonObject, index: number, walk: Walk): void {
  const type = resourceTypeOf(resource, walk);
  const scope = walk.resource;
  if (type === null || scope === null) return;
  checkContained(resource, walk);
  // In a contained resource that wrongly contains others, the outermost one counts.
  const outermost = scope.within === null;
  if (outermost) scope.within = index;
  walkObject(resource, type, null, walk);
  if (outermost) scope.within = null;
}

function resourceTypeOf(resource: JsonObject, walk: Walk): TypeModel | null {
  const type = walk.model.types.get(resource.resourceType as string);
  if (type?.isResource) {
    if (resource.implicitRules !== undefined) walk.report(IMPLICIT_RULES, 'implicitRules');
    return type;
  }
  walk.report(UNKNOWN_TYPE, 'resourceType');
  return null;
}

/** Checks an object as one of a complex type; `element` is null for a resource. */
function walkObject(
  value: JsonObject,
  type: TypeModel,
  element: ElementModel | null,
  walk: Walk,
): void {
  if (walk.isTooDeep) return walk.report(TOO_DEEP);
  const names = Object.keys(value);
  if (isEmpty(names, type)) return walk.report(EMPTY);
  let choices: ElementModel[] | null = null;
  for (const name of names) {
    if (walk.isOver) return;
    const found = type.elements.get(name);
    if (found !== undefined) {
      if (found.choice) choices = [...(choices ?? []), found];
      walkElement(value, name, found, walk);
    } else if (name !== 'resourceType' || !type.isResource) {
      const extended = walkSibling(value, name, type, walk);
      if (extended?.choice) choices = [...(choices ?? []), extended];
    }
  }
  checkPresence(value, type, walk);
  if (choices !== null || type.requiredChoices.length > 0) checkChoices(choices ?? [], type, walk);
  TYPE_CHECKS.get(type.name)?.(value, element, walk);
  checkRules(value, type.rules, walk);
}

/** A resource may be empty; an element with an id alone says nothing. */
function isEmpty(names: readonly string[], type: TypeModel): boolean {
  return !type.isResource && (names.length === 0 || (names.length === 1 && names[0] === 'id'));
}

function walkElement(owner: JsonObject, name: string, element: ElementModel, walk: Walk): void {
  const value = owner[name] as Json;
  if (element.list) {
    if (!Array.isArray(value)) return walk.report(LIST_EXPECTED, element.name);
    walkList(value, element.primitive === null ? undefined : owner[`_${name}`], element, walk);
  } else if (Array.isArray(value)) {
    walk.report(ONE_EXPECTED, element.name);
  } else {
    walk.enter(element.name);
    walkValue(value, element, 0, walk);
    walk.leave();
  }
}

/** In a list of simple values, null stands where there are only extensions. */
function walkList(
  list: readonly Json[],
  siblings: Json | undefined,
  element: ElementModel,
  walk: Walk,
): void {
  if (list.length === 0) return walk.report(EMPTY_LIST, element.name);
  const extended = Array.isArray(siblings) ? siblings : null;
  if (extended !== null && extended.length !== list.length) walk.report(UNALIGNED, element.name);
  for (let index = 0; index < list.length && !walk.isOver; index += 1) {
    const value = list[index] as Json;
    if (value === null && isObject(extended?.[index])) continue;
    walk.enter(element.name, index);
    walkValue(value, element, index, walk);
    walk.leave();
  }
}

function walkValue(value: Json, element: ElementModel, index: number, walk: Walk): void {
  if (value === null) return walk.report(NULL);
  if (element.primitive !== null) return walkPrimitive(value, element, walk);
  if (!isObject(value)) return walk.report(OBJECT_EXPECTED);
  if (element.type === null) {
    if (element.name === 'contained') walkContained(value, index, walk);
    else walkResource(value, walk);
    return;
  }
  walkObject(value, element.type, element, walk);
  if (element.binding !== null && !isBound(value, element.binding)) {
    walk.report(notBound(element.binding.name));
  }
  if (element.rules.length > 0) checkRules(value, element.rules, walk);
}

function walkPrimitive(value: Json, element: ElementModel, walk: Walk): void {
  const fault = element.primitive?.(value) ?? null;
  if (fault !== null) return walk.report(fault);
  if (typeof value !== 'string') return;
  if (element.binding !== null && !element.binding.hasCode(value)) {
    return walk.report(notBound(element.binding.name));
  }
  // A URI may refer to a contained resource as a Reference does (dom-3).
  if (value.charCodeAt(0) === 0x23 && /^(?:uri|url|canonical)$/.test(element.typeName)) {
    noteLocalReference(value, walk.resource);
  }
}

/** `_name`: the id and extensions of a simple value. Gives the element that they belong to. */
function walkSibling(
  owner: JsonObject,
  name: string,
  type: TypeModel,
  walk: Walk,
): ElementModel | null {
  const plain = name.startsWith('_') ? name.slice(1) : '';
  const element = type.elements.get(plain);
  if (element === undefined) {
    walk.report(UNKNOWN, name);
    return null;
  }
  if (element.primitive === null) walk.report(NO_SIBLING, element.name);
  else walkExtended(owner[name] as Json, owner[plain], element, walk);
  return owner[plain] === undefined ? element : null;
}

function walkExtended(
  value: Json,
  plain: Json | undefined,
  element: ElementModel,
  walk: Walk,
): void {
  if (plain === undefined && element.required && element.binding?.listed) {
    // What the server must understand cannot be said by an extension alone.
    walk.report(notBound(element.binding.name), element.name);
  }
  if (!element.list) return walkAlone(value, element, -1, walk);
  if (!Array.isArray(value)) return walk.report(LIST_EXPECTED, element.name);
  if (value.length === 0) return walk.report(EMPTY_LIST, element.name);
  const values = Array.isArray(plain) ? plain : null;
  for (let index = 0; index < value.length && !walk.isOver; index += 1) {
    const each = value[index] as Json;
    const absent = values === null || values[index] === undefined || values[index] === null;
    if (each !== null || (absent && values === null)) walkAlone(each, element, index, walk);
  }
}

function walkAlone(value: Json, element: ElementModel, index: number, walk: Walk): void {
  const type = walk.model.types.get('Element');
  walk.enter(element.name, index);
  if (value === null) walk.report(NULL);
  else if (!isObject(value)) walk.report(OBJECT_EXPECTED);
  else if (type !== undefined) walkObject(value, type, null, walk);
  walk.leave();
}

function checkPresence(value: JsonObject, type: TypeModel, walk: Walk): void {
  for (const name of type.required) {
    if (value[name] === undefined && value[`_${name}`] === undefined) {
      walk.report(missing(type, name), name);
    }
  }
}

function checkChoices(present: readonly ElementModel[], type: TypeModel, walk: Walk): void {
  for (const name of type.requiredChoices) {
    if (!present.some((each) => each.name === name)) walk.report(missing(type, name), name);
  }
  if (present.length < 2) return;
  const names = present.map((each) => each.name);
  for (const name of new Set(names)) {
    if (names.indexOf(name) !== names.lastIndexOf(name)) {
      const words = `${type.name}.${name} may be given in one type only.`;
      walk.report({ rule: 'choice', code: 'structure', words }, name);
    }
  }
}

function missing(type: TypeModel, name: string): Fault {
  return { rule: 'required', code: 'required', words: `${type.name}.${name} is required.` };
}

function checkRules(value: JsonObject, rules: readonly Rule[], walk: Walk): void {
  for (const { key, words, holds } of rules) {
    if (!holds(value)) walk.report({ rule: key, code: 'invariant', words });
  }
}

function notBound(name: string): Fault {
  const words = `A code of the value set ${name} is expected.`;
  return { rule: 'binding', code: 'code-invalid', words };
}
