import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonObject, parseJson, writeJson } from '../../../src/domain/fhir/json.ts';
import { replacementIn } from '../../../src/domain/record/replacement.ts';

function replaced(was: JsonObject, is: JsonObject): string {
  const text = writeJson(was);
  const { from, to, by } = replacementIn(text, was, is);
  return text.slice(0, from) + by + text.slice(to);
}

const VALUES = ['1.00', '"é😀"', '[]', '{"id":"x"}', '"}"', 'null'].map((text) => {
  const read = parseJson(text);
  if (!read.ok) throw new Error('not JSON');
  return read.value;
});

describe('a replacement', () => {
  it('makes the text of one resource that of another, whichever elements differ', () => {
    const name = fc.constantFrom('a', 'b', '_b', 'é', 'c', 'd"');
    const elements = fc.dictionary(name, fc.constantFrom(...VALUES));
    fc.assert(
      fc.property(elements, elements, (one, other) => {
        const was: JsonObject = { resourceType: 'Condition', ...one };
        const is: JsonObject = { resourceType: 'Condition', ...other };
        expect(replaced(was, is)).toBe(writeJson(is));
      }),
    );
  });

  it('finds its place where other elements read the same', () => {
    const concept = { code: { text: 'a' } };
    const was = { resourceType: 'Condition', contained: [{ id: 'x', ...concept }], ...concept };
    for (const [one, other] of [
      [was, { ...was, code: { text: 'b' } }],
      [was, { ...was, contained: [] }],
      [was, { ...was, contained: [], code: [] }],
    ] as const) {
      expect(replaced(one, other)).toBe(writeJson(other));
    }
  });

  it('leaves alone what stands around it', () => {
    const [long, list] = ['x'.repeat(100), ['y']];
    const was = { resourceType: 'Condition', note: long, code: { text: 'a' }, category: list };
    const is = { ...was, code: { text: 'b' } };
    expect(replacementIn(writeJson(was), was, is).by).toBe(',"code":{"text":"b"}');
    expect(replacementIn(writeJson(was), was, was).by).toBe('');
  });
});
