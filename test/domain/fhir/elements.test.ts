import { describe, expect, it } from 'vitest';
import {
  bareCodesOf,
  codesOf,
  extensionOf,
  identifierCodeOf,
  identifierValue,
  objectAt,
  objectsAt,
  textAt,
  tokenOf,
  walkObjects,
} from '../../../src/domain/fhir/elements.ts';
import { type JsonObject, parseJson } from '../../../src/domain/fhir/json.ts';

function object(text: string): JsonObject {
  const read = parseJson(text);
  if (!read.ok) throw new Error('not JSON');
  return read.value as JsonObject;
}

const ODD = object('{"a":{"b":1},"list":[{"n":"1"},"x",[{}],null,2.50,{"n":"2"}],"raw":1.50}');

describe('what stands at an element', () => {
  it('is an object or null', () => {
    expect(objectAt(ODD, 'a')).toEqual({ b: 1 });
    for (const name of ['list', 'raw', 'none']) expect(objectAt(ODD, name)).toBeNull();
  });

  it('is a text or null', () => {
    expect(textAt({ a: '' }, 'a')).toBe('');
    for (const name of ['a', 'list', 'raw', 'none']) expect(textAt(ODD, name)).toBeNull();
  });

  it('is the objects of a list, without what else stands there', () => {
    expect(objectsAt(ODD, 'list')).toEqual([{ n: '1' }, { n: '2' }]);
    for (const name of ['a', 'raw', 'none']) expect(objectsAt(ODD, name)).toEqual([]);
  });
});

describe('identifiers and codes', () => {
  const concept = {
    coding: [
      { system: 's', code: 'c' },
      { code: 'bare' },
      { system: 's' },
      { system: '', code: 'e' },
    ],
  };

  it('need a system and a value to be a token', () => {
    expect(tokenOf({ system: 's', value: 'v' }, 'value')).toBe('s|v');
    expect(tokenOf({ system: 's', code: 'c' }, 'code')).toBe('s|c');
    expect(tokenOf({ value: 'v' }, 'value')).toBeNull();
    expect(tokenOf({ system: 's' }, 'value')).toBeNull();
  });

  it('are found by their system', () => {
    const resource = { identifier: [{ value: '0' }, { system: 's', value: '1' }, { system: 't' }] };
    expect(identifierValue(resource, 's')).toBe('1');
    expect(identifierValue(resource, 't')).toBeNull();
    expect(identifierValue(resource, 'u')).toBeNull();
  });

  it('of a reference are read when their system fits', () => {
    const reference = { identifier: { system: 's', value: '1' } };
    expect(identifierCodeOf(reference, 's')).toBe('1');
    expect(identifierCodeOf(reference, 't')).toBeNull();
    expect(identifierCodeOf({}, 's')).toBeNull();
  });

  it('of a concept come with their system, or bare', () => {
    expect(codesOf(concept)).toEqual(['s|c', '|e']);
    expect(bareCodesOf(concept)).toEqual(['c', 'bare', 'e']);
    expect(codesOf(null)).toEqual([]);
    expect(bareCodesOf(null)).toEqual([]);
  });

  it('of an extension are found by its URL', () => {
    const of = {
      extension: [
        { url: 'a', valueCode: '1' },
        { url: 'b', valueCode: '2' },
      ],
    };
    expect(extensionOf(of, 'b')).toEqual({ url: 'b', valueCode: '2' });
    expect(extensionOf(of, 'c')).toBeNull();
  });
});

describe('walkObjects', () => {
  it('visits every object once, the outer before the inner', () => {
    const visited: string[] = [];
    const value = object('{"n":"1","a":[{"n":"2","b":{"n":"3"}},[{"n":"4"}]],"c":1.0,"d":null}');
    walkObjects(value, (each) => visited.push(String(each.n)));
    expect(visited).toEqual(['1', '2', '3', '4']);
  });
});
