import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCompact } from '../../../src/domain/fhir/compact-json.ts';
import {
  isObject,
  isRawNumber,
  type Json,
  parseJson,
  writeJson,
} from '../../../src/domain/fhir/json.ts';
import { BODY_BYTES_MAX, JSON_DEPTH_MAX } from '../../../src/domain/limits.ts';

function parsed(text: string): Json {
  const result = parseJson(text);
  if (!result.ok) throw new Error(result.problem.issues[0].diagnostics);
  return result.value;
}

/** As JavaScript's own numbers. */
function read(text: string): unknown {
  return JSON.parse(writeJson(parsed(text)));
}

function faultOf(text: string): string | null {
  const result = parseJson(text);
  return result.ok ? null : result.problem.issues[0].diagnostics;
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

/** Pieces of objects, most of them written as `JSON.stringify` writes them. */
const VALUE_TEXTS = [
  ...[
    '1',
    '1.0',
    '-0',
    '"a"',
    '"\\u00e9"',
    '"\\ud800"',
    '"\\/"',
    'null',
    '[]',
    '[1,{}]',
    '{"a":{"b":2}}',
  ],
  ...[
    '{"2":1,"1":2}',
    '{"a":1,"a":2}',
    '{"__proto__":1}',
    '{"\\u005f_proto__":1}',
    ' 1',
    'x',
    '1,',
  ],
  ...['{"toJSON":1}', '{"rawJSON":"1"}', nested(JSON_DEPTH_MAX - 2), nested(JSON_DEPTH_MAX)],
];

describe('an object that is written compactly', () => {
  it('is read, or refused, exactly as the same one with a blank before it', () => {
    const name = fc.constantFrom('a', 'b', '1', '0', '__proto__', 'toJSON');
    const member = fc.tuple(name, fc.constantFrom(...VALUE_TEXTS));
    fc.assert(
      fc.property(fc.array(member, { maxLength: 4 }), (members) => {
        const text = `{${members.map(([key, value]) => `"${key}":${value}`).join(',')}}`;
        const [compact, spaced] = [parseJson(text), parseJson(` ${text}`)];
        expect(compact.ok).toBe(spaced.ok);
        if (!compact.ok || !spaced.ok) return;
        expect(compact.value).toStrictEqual(spaced.value);
        expect(writeJson(compact.value)).toBe(writeJson(spaced.value));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the runtime’s own value where that says the same, and no other', () => {
    const same = VALUE_TEXTS.map((value) => `{"x":${value}}`).filter(
      (text) => parseCompact(text) !== undefined,
    );
    expect(same.map((text) => text.slice(5, -1))).toEqual([
      ...['1', '"a"', '"\\ud800"', 'null', '[]', '[1,{}]', '{"a":{"b":2}}'],
      ...['{"toJSON":1}', '{"rawJSON":"1"}', nested(JSON_DEPTH_MAX - 2)],
    ]);
  });
});

describe('numbers', () => {
  it.each(['1.00', '1.0', '1e2', '1E+2', '-0', '-0.0', '0e0', '12345678901234567890', '1e400'])(
    'keeps %s as it was written',
    (literal) => {
      const value = parsed(`{"value":${literal}}`);
      expect(isObject(value) && isRawNumber(value.value)).toBe(true);
      expect(writeJson(value)).toBe(`{"value":${literal}}`);
    },
  );

  it.each(['0', '1', '-7', '1.5', '0.1', '1e+21', '9007199254740991'])(
    'reads %s as a plain number, which is written back the same',
    (literal) => {
      expect(parsed(literal)).toBe(Number(literal));
      expect(writeJson(parsed(literal))).toBe(literal);
    },
  );

  it('writes back every number literal character for character', () => {
    const literal = fc.stringMatching(/^-?(0|[1-9]\d{0,24})(\.\d{1,24})?([eE][+-]?\d{1,4})?$/);
    fc.assert(fc.property(literal, (text) => writeJson(parsed(`[${text}]`)) === `[${text}]`));
  });

  it('takes an object with the name rawJSON for the object that it is', () => {
    expect(parsed('{"rawJSON":"1"}')).toEqual({ rawJSON: '1' });
    expect(writeJson(parsed('{"rawJSON":"1"}'))).toBe('{"rawJSON":"1"}');
  });
});

describe('names', () => {
  it('refuses a name that is given twice in one object', () => {
    expect(faultOf('{"a":1,"a":1}')).toContain('a name is given twice in one object');
    expect(faultOf('{"a":1,"\\u0061":1}')).toContain('a name is given twice in one object');
    expect(parsed('{"a":1,"b":{"a":1},"A":1}')).toEqual({ a: 1, b: { a: 1 }, A: 1 });
  });

  it('refuses __proto__, however it is written', () => {
    expect(faultOf('{"__proto__":{}}')).toContain('a name is not allowed at character 12');
    expect(faultOf('{"\\u005f_proto__":{}}')).toContain('a name is not allowed');
    expect(parsed('["__proto__"]')).toEqual(['__proto__']);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'toJSON', ''])(
    'takes %j as a name like any other',
    (name) => {
      const text = `{"${name}":"x"}`;
      expect(writeJson(parsed(text))).toBe(text);
    },
  );

  it('keeps elements in the order in which they were written', () => {
    const text = '{"zeta":1,"alpha":{"y":[],"b":null},"_alpha":true,"Beta":false}';
    expect(writeJson(parsed(text))).toBe(text);
  });
});

describe('nesting', () => {
  it(`goes ${JSON_DEPTH_MAX} deep and no deeper, side by side as often as it likes`, () => {
    expect(writeJson(parsed(nested(JSON_DEPTH_MAX)))).toBe(nested(JSON_DEPTH_MAX));
    expect(faultOf(nested(JSON_DEPTH_MAX + 1))).toContain('it nests too deeply');
    expect(parsed(`[${'[],'.repeat(200)}{}]`)).toHaveLength(201);
  });

  it('refuses a text that only opens, without running out of stack', () => {
    expect(faultOf('['.repeat(1_000_000))).toContain('it nests too deeply');
    expect(faultOf('{"a":'.repeat(1_000_000))).toContain('it nests too deeply');
  });
});

describe('strings', () => {
  it('reads every escape, and characters of all planes', () => {
    expect(parsed('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00 é 😀 \u2028\u007f"')).toBe(
      '"\\/\b\f\n\r\té😀 é 😀 \u2028\u007f',
    );
  });

  it('keeps lone surrogates apart from each other', () => {
    expect(parsed('"\\ud83d"')).toBe('\ud83d');
    expect(writeJson(parsed('"\\ud83d"'))).toBe('"\\ud83d"');
    expect(writeJson(parsed('"\\ude00\\ud83d"'))).toBe('"\\ude00\\ud83d"');
  });

  it.each([
    ['no escapes', 'a', 1],
    ['short escapes only', '\\n', 2],
    ['long escapes only', '\\u00e9', 6],
    ['some escapes', 'text\\t', 6],
  ])('reads a string as large as a body may be, with %s', (_, piece, size) => {
    const text = `"${piece.repeat(BODY_BYTES_MAX / size)}"`;
    expect(parsed(text) === JSON.parse(text)).toBe(true);
    expect(faultOf(text.slice(0, -1))).toContain('a string is expected or is not well formed');
  });
});

describe('what is not JSON', () => {
  it.each([
    ['', 'a value is expected at character 0'],
    ['  ', 'a value is expected at character 2'],
    ['\ufeff{}', 'a value is expected at character 0'],
    ['{} x', 'there is more after its end at character 3'],
    ['nullx', 'there is more after its end at character 4'],
    ['1 2', 'there is more after its end at character 2'],
    ['01', 'there is more after its end at character 1'],
    ['1.', 'there is more after its end at character 1'],
    ['1e', 'there is more after its end at character 1'],
    ['.5', 'a value is expected at character 0'],
    ['+1', 'a value is expected at character 0'],
    ['-', 'a value is expected at character 0'],
    ['NaN', 'a value is expected at character 0'],
    ['Infinity', 'a value is expected at character 0'],
    ['0x10', 'there is more after its end at character 1'],
    ['tru', 'a value is expected at character 0'],
    ['False', 'a value is expected at character 0'],
    ['nul', 'a value is expected at character 0'],
    ['undefined', 'a value is expected at character 0'],
    ["'a'", 'a value is expected at character 0'],
    ['// a', 'a value is expected at character 0'],
    ['[1,]', 'a value is expected at character 3'],
    ['[,1]', 'a value is expected at character 1'],
    ['[1 2]', 'a list does not end at character 3'],
    ['[1', 'a list does not end at character 2'],
    ['[', 'a value is expected at character 1'],
    ['{', 'a string is expected or is not well formed at character 1'],
    ['{"a"', 'a colon is missing at character 4'],
    ['{"a" 1}', 'a colon is missing at character 5'],
    ['{"a":}', 'a value is expected at character 5'],
    ['{"a":1', 'an object does not end at character 6'],
    ['{"a":1,}', 'a string is expected or is not well formed at character 7'],
    ['{a:1}', 'a string is expected or is not well formed at character 1'],
    ['{1:1}', 'a string is expected or is not well formed at character 1'],
    ['[1\u00a0]', 'a list does not end at character 2'],
  ])('refuses %j: %s', (text, words) => {
    expect(faultOf(text)).toBe(`The body is not JSON: ${words}.`);
    expect(() => JSON.parse(text)).toThrow();
  });

  it.each(['"', '"a', '"\n"', '"\u0000"', '"\u001f"', '"\\x"', '"\\u12"', '"\\u12G4"', '"\\"'])(
    'refuses the string %j',
    (text) => {
      expect(faultOf(text)).toContain('a string is expected or is not well formed');
      expect(() => JSON.parse(text)).toThrow();
    },
  );

  it('never says back what was sent', () => {
    expect(faultOf('{"nhsNumber":9990000018x}')).not.toContain('9990000018');
  });
});

describe('beside JSON.parse', () => {
  const value = fc.jsonValue({ maxDepth: 8 }).filter((each) => !hasProto(each));

  it('reads every value that JSON.stringify writes as JSON.parse does, whatever the blanks', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(0, 1, '\t', ' \r\n'), (each, blanks) => {
        const text = JSON.stringify(each, null, blanks);
        expect(parsed(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('reads what it has written', () => {
    fc.assert(
      fc.property(value, (each) => {
        const once = parsed(writeJson(each as Json));
        expect(parsed(writeJson(once))).toEqual(once);
      }),
    );
  });

  it('takes a damaged text only where JSON.parse takes it too', () => {
    const piece = fc.constantFrom(...'{}[]:,"\\0-.eE 1tfn\u0001'.split(''), '');
    fc.assert(
      fc.property(value, fc.nat(), piece, fc.nat(2), (each, place, put, cut) => {
        const text = JSON.stringify(each);
        const at = place % (text.length + 1);
        const damaged = text.slice(0, at) + put + text.slice(at + cut);
        const fault = faultOf(damaged);
        if (fault === null) expect(read(damaged)).toEqual(JSON.parse(damaged));
        else if (!fault.includes('twice')) expect(() => JSON.parse(damaged)).toThrow();
      }),
      { numRuns: 1_000 },
    );
  });
});

function hasProto(value: unknown): boolean {
  return JSON.stringify(value).includes('"__proto__"');
}
