import {
  isObject,
  isRawNumber,
  type Json,
  type JsonObject,
} from '../../../src/domain/fhir/json.ts';
import type { ElementModel, TypeModel } from '../../../src/domain/validation/model.ts';
import { MODEL } from './objects-by-path.ts';

/** A resource broken in one place, and the FHIRPath of the place that must be named for it. */
export interface Broken {
  readonly way: string;
  readonly expression: string;
  readonly resource: JsonObject;
}

/** Puts a value at a place, or takes away what is there (undefined). */
type Put = (value: Json | undefined) => JsonObject;

const EXTENSION: Json = [{ url: 'https://example.org/modifies', valueBoolean: true }];

/** Every way that this file knows to break a valid resource, at each of its places. */
export function* breakings(resource: JsonObject): Generator<Broken> {
  const type = MODEL.types.get(String(resource.resourceType));
  if (type !== undefined)
    yield* inObject(resource, type, type.name, (value) => value as JsonObject);
}

function* inObject(of: JsonObject, type: TypeModel, at: string, put: Put): Generator<Broken> {
  const putAt = (name: string, value: Json | undefined) => {
    const { [name]: _, ...rest } = of;
    return put(value === undefined ? rest : { ...of, [name]: value });
  };
  const broken = (way: string, name: string, value: Json, place = name): Broken => ({
    way,
    expression: `${at}.${place}`,
    resource: putAt(name, value),
  });
  yield broken('an unknown element', 'colour', 'red');
  if (type.elements.has('modifierExtension')) {
    yield broken('an unknown modifier', 'modifierExtension', EXTENSION, 'modifierExtension[0]');
  }
  if (type.isResource) yield broken('rules to obey', 'implicitRules', 'https://example.org/rules');
  for (const [name, value] of Object.entries(of)) {
    const element = type.elements.get(name);
    if (element === undefined || value === undefined) continue;
    const place = `${at}.${element.name}`;
    const putElement: Put = (each) => putAt(name, each);
    // An object without anything left is wrong as a whole.
    const isAlone = Object.keys(of).every((each) => each === name || each === 'id');
    if (element.required && !isAlone && of[`_${name}`] === undefined) {
      yield { way: 'nothing', expression: place, resource: putElement(undefined) };
    }
    if (Array.isArray(value)) yield* inList(value, element, place, putElement);
    else yield* inValue(value, element, place, putElement);
  }
}

function* inList(
  list: readonly Json[],
  element: ElementModel,
  at: string,
  put: Put,
): Generator<Broken> {
  const broken = (way: string, value: Json, place = at): Broken => ({
    way,
    expression: place,
    resource: put(value),
  });
  yield broken('an empty list', []);
  yield broken('one in place of a list', list[0] ?? 'x');
  yield broken('null in a list', [...list, null], `${at}[${list.length}]`);
  yield broken('a list in a list', [...list, list], `${at}[${list.length}]`);
  for (const [index, value] of list.entries()) {
    const putOne: Put = (each) => put(list.with(index, each ?? null));
    yield* inOne(value, element, `${at}[${index}]`, putOne);
  }
}

function* inValue(value: Json, element: ElementModel, at: string, put: Put): Generator<Broken> {
  yield { way: 'a list in place of one', expression: at, resource: put([value]) };
  yield { way: 'null', expression: at, resource: put(null) };
  yield* inOne(value, element, at, put);
}

function* inOne(value: Json, element: ElementModel, at: string, put: Put): Generator<Broken> {
  for (const [way, wrong] of wrongFor(value, element)) {
    yield { way, expression: at, resource: put(wrong) };
  }
  if (!isObject(value)) return;
  const type = element.type ?? MODEL.types.get(String(value.resourceType));
  if (type !== undefined) yield* inObject(value, type, at, put);
}

/** Values that are wrong in the place of this one. */
function* wrongFor(value: Json, element: ElementModel): Generator<readonly [string, Json]> {
  if (isObject(value)) {
    yield ['a word in place of an object', 'x'];
    // What is no resource has no elements that it could do without.
    if (element.type !== null) yield ['an empty object', {}];
    return;
  }
  if (element.primitive === null) return;
  yield ['an object in place of a value', { value: 'x' }];
  yield isNumber(value) || typeof value === 'boolean'
    ? ['a word in place of a number', 'x']
    : ['a number in place of a word', 7];
  if (typeof value !== 'string') return;
  yield ['nothing but quotes', ''];
  yield ['a control character', `${value}\u0000`];
  if (/^(?:date|dateTime|instant)$/.test(element.typeName)) {
    yield ['no day of the calendar', '2026-02-30'];
    yield ['a date as people write it', '3/2/2026'];
  }
  if (element.binding?.listed) yield ['a code of no value set', 'no-such-code'];
  if (element.typeName === 'id') yield ['an id with a slash', 'a/b'];
}

function isNumber(value: Json): boolean {
  return typeof value === 'number' || isRawNumber(value);
}
