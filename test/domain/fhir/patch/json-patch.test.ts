import { describe, expect, test } from 'vitest';
import {
  type Json,
  type JsonObject,
  parseJson,
  writeJson,
} from '../../../../src/domain/fhir/json.ts';
import { applyPatch, readPatch } from '../../../../src/domain/fhir/patch/patch.ts';

const json = (text: string): Json => {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};

const RESOURCE =
  '{"resourceType":"Observation","id":"1","valueQuantity":{"value":1.00},"note":[{"text":"a"},{"text":"b"}]}';

/** The resource after a patch as text, or the problem's kind with its words. */
function patched(operations: string, resource = RESOURCE): string {
  const patch = readPatch(json(operations));
  const result = patch.ok ? applyPatch(json(resource) as JsonObject, patch.value) : patch;
  if (result.ok) return writeJson(result.value);
  return `${result.problem.kind}: ${result.problem.issues[0].diagnostics}`;
}

describe('a JSON Patch', () => {
  test.each([
    ['[{"op":"add","path":"/status","value":"final"}]', '"b"}],"status":"final"}'],
    [
      '[{"op":"add","path":"/note/1","value":{"text":"c"}}]',
      '{"text":"a"},{"text":"c"},{"text":"b"}',
    ],
    ['[{"op":"add","path":"/note/-","value":{"text":"c"}}]', '{"text":"b"},{"text":"c"}'],
    ['[{"op":"remove","path":"/note/0"}]', '"note":[{"text":"b"}]'],
    ['[{"op":"replace","path":"/note/0/text","value":"z"}]', '"note":[{"text":"z"},{"text":"b"}]'],
    ['[{"op":"move","from":"/note/1","path":"/note/0"}]', '"note":[{"text":"b"},{"text":"a"}]'],
    ['[{"op":"copy","from":"/note/0","path":"/note/-"}]', '{"text":"b"},{"text":"a"}]'],
    ['[{"op":"test","path":"/valueQuantity","value":{"value":1.0}}]', '"note"'],
    [
      '[{"op":"add","path":"/a~1b","value":{"~":1}},{"op":"replace","path":"/a~1b/~0","value":2}]',
      '"a/b":{"~":2}',
    ],
    ['[]', '"note"'],
  ])('is applied as RFC 6902 says: %s', (operations, part) => {
    expect(patched(operations)).toContain(part);
  });

  test('keeps decimals as they were written, in the resource and in the patch', () => {
    const operations =
      '[{"op":"add","path":"/component","value":[{"valueQuantity":{"value":0.50}}]}]';
    const text = patched(operations);
    expect(text).toContain('"valueQuantity":{"value":1.00}');
    expect(text).toContain('"value":0.50');
  });

  test.each([
    ['[{"op":"test","path":"/note/0/text","value":"z"}]', 'invalid: Operation 1 (test)'],
    [
      '[{"op":"test","path":"/id","value":"1"},{"op":"remove","path":"/none"}]',
      'invalid: Operation 2 (remove)',
    ],
    ['[{"op":"add","path":"/none/x","value":1}]', 'invalid: Operation 1 (add)'],
    ['[{"op":"add","path":"/note/3","value":{}}]', 'invalid'],
    ['[{"op":"add","path":"/note/01","value":{}}]', 'invalid'],
    ['[{"op":"add","path":"/note/-1","value":{}}]', 'invalid'],
    ['[{"op":"replace","path":"/note/-","value":{}}]', 'invalid'],
    ['[{"op":"remove","path":"/constructor"}]', 'invalid'],
    ['[{"op":"add","path":"/__proto__","value":{"a":1}}]', 'invalid'],
    ['[{"op":"move","from":"/note","path":"/note/0/x"}]', 'invalid'],
    ['[{"op":"copy","from":"/none","path":"/x"}]', 'invalid'],
    ['[{"op":"remove","path":""}]', 'invalid'],
    ['[{"op":"replace","path":"","value":3}]', 'invalid'],
    ['[{"op":"replace","path":"/id","value":"2"}]', 'invalid'],
    ['[{"op":"replace","path":"/resourceType","value":"Patient"}]', 'invalid'],
    ['[{"op":"explode","path":"/id"}]', 'malformed: Operation 1 (explode)'],
    ['[{"op":"add","path":"id","value":1}]', 'malformed'],
    ['[{"op":"add","path":"/a~2","value":1}]', 'malformed'],
    ['[{"op":"add","path":"/a"}]', 'malformed'],
    ['[{"op":"move","path":"/a"}]', 'malformed'],
    ['[7]', 'malformed'],
    ['"text"', 'malformed'],
    ['{"resourceType":"Patient"}', 'malformed'],
  ])('that does not fit says which operation: %s', (operations, words) => {
    expect(patched(operations)).toContain(words);
  });

  test('cannot make a resource grow without end by copies of copies, nor nest without end', () => {
    const copy = '{"op":"copy","from":"","path":"/x"}';
    expect(patched(`[${Array(100).fill(copy).join()}]`)).toContain('invalid');
    const double = '{"op":"copy","from":"/note","path":"/note/-"}';
    expect(patched(`[${Array(100).fill(double).join()}]`)).toContain('invalid');
    const deep = `${'['.repeat(60)}${']'.repeat(60)}`;
    expect(patched(`[{"op":"add","path":"/note/0/x","value":${deep}}]`)).toContain('"x":[');
    const add = `{"op":"add","path":"/note/0/x/0/0/0/0/0","value":${deep}}`;
    expect(patched(`[{"op":"add","path":"/note/0/x","value":${deep}},${add}]`)).toContain('deep');
    expect(patched(`[${Array(201).fill(copy).join()}]`)).toContain('malformed');
  });

  test('may come as a Binary, as in entries of a Bundle', () => {
    const operations = '[{"op":"replace","path":"/note/0/text","value":"é"}]';
    const binary = (contentType: string, data: string) =>
      patched(JSON.stringify({ resourceType: 'Binary', contentType, data }));
    const type = 'application/json-patch+json';
    const data = Buffer.from(operations).toString('base64');
    expect(binary(type, data)).toContain('"é"');
    expect(binary('text/plain', data)).toContain('malformed');
    expect(binary(type, '****')).toContain('malformed');
    expect(binary(type, Buffer.from('{').toString('base64'))).toContain('malformed');
    expect(binary(type, Buffer.from([0x5b, 0xff, 0x5d]).toString('base64'))).toContain('malformed');
  });
});
