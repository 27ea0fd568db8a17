import { isObject, type Json, type JsonObject } from '../fhir/json.ts';
import { isBound } from './binding.ts';
import { bundleScopeOf } from './bundle-scope.ts';
import type { ElementModel, TypeModel } from './model.ts';
import { checkChoices, checkPresence, checkRules, notBound } from './presence.ts';
import { checkAllNamed, checkContained, noteLocalReference, scopeOf } from './resource-scope.ts';
import { siblingOf } from './sibling.ts';
import {
  EMPTY,
  EMPTY_LIST,
  IMPLICIT_RULES,
  LIST_EXPECTED,
  NO_SIBLING,
  NULL,
  OBJECT_EXPECTED,
  ONE_EXPECTED,
  TOO_DEEP,
  UNALIGNED,
  UNKNOWN,
  UNKNOWN_TYPE,
} from './structure-faults.ts';
import { TYPE_CHECKS } from './type-checks.ts';
import type { Walk } from './walk.ts';

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
  if (walk.isTooDeep) {
    walk.report(TOO_DEEP);
    return;
  }
  let choices: ElementModel[] | null = null;
  let isEmpty = true;
  for (const name in value) {
    if (walk.isOver) return;
    // What is undefined is not there: it has no JSON.
    if (value[name] === undefined) continue;
    // An element with an id alone says nothing.
    if (name !== 'id') isEmpty = false;
    const found = type.elements.get(name);
    if (found !== undefined) {
      if (found.choice) choices = [...(choices ?? []), found];
      walkElement(value, name, found, walk);
    } else if (name !== 'resourceType' || !type.isResource) {
      const extended = walkSibling(value, name, type, walk);
      if (extended?.choice) choices = [...(choices ?? []), extended];
    }
  }
  if (isEmpty && !type.isResource) {
    walk.report(EMPTY);
    return;
  }
  checkPresence(value, type, walk);
  if (choices !== null || type.requiredChoices.length > 0) checkChoices(choices ?? [], type, walk);
  TYPE_CHECKS.get(type.name)?.(value, element, walk);
  checkRules(value, type.rules, walk);
}

function walkElement(owner: JsonObject, name: string, element: ElementModel, walk: Walk): void {
  const value = owner[name] as Json;
  if (element.list) {
    if (!Array.isArray(value)) {
      walk.report(LIST_EXPECTED, element.name);
      return;
    }
    walkList(value, element.primitive === null ? undefined : owner[siblingOf(name)], element, walk);
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
  if (list.length === 0) {
    walk.report(EMPTY_LIST, element.name);
    return;
  }
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
  if (value === null) {
    walk.report(NULL);
    return;
  }
  if (element.primitive !== null) {
    walkPrimitive(value, element, walk);
    return;
  }
  if (!isObject(value)) {
    walk.report(OBJECT_EXPECTED);
    return;
  }
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
  if (fault !== null) {
    walk.report(fault);
    return;
  }
  if (typeof value !== 'string') return;
  if (element.binding !== null && !element.binding.hasCode(value)) {
    walk.report(notBound(element.binding.name));
    return;
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
  if (!element.list) {
    walkAlone(value, element, -1, walk);
    return;
  }
  if (!Array.isArray(value)) {
    walk.report(LIST_EXPECTED, element.name);
    return;
  }
  if (value.length === 0) {
    walk.report(EMPTY_LIST, element.name);
    return;
  }
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
