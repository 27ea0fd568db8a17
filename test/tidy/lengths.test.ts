import { describe, expect, test } from 'vitest';
import {
  isNode,
  lineAt,
  type Node,
  parseSource,
  type Source,
  sourcesBelow,
  walk,
} from './sources.ts';

const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 70;
const COLUMNS_MAX = 100;

const SOURCES = sourcesBelow('src', 'test', 'scripts');

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** `describe` groups tests: its callback is a chapter, not a function. */
function isChapter(parent: Node | null): boolean {
  const callee = parent?.type === 'CallExpression' && isNode(parent.callee) ? parent.callee : null;
  const called =
    callee?.type === 'CallExpression' && isNode(callee.callee) ? callee.callee : callee;
  const object = called?.type === 'MemberExpression' ? called.object : called;
  return isNode(object) && object.name === 'describe';
}

function longFunctions({ path, text, program }: Source): readonly string[] {
  const offenders: string[] = [];
  walk(program, (node, parent) => {
    if (!FUNCTIONS.has(node.type) || isChapter(parent)) return;
    const first = lineAt(text, node.start);
    const lines = lineAt(text, node.end) - first + 1;
    if (lines > FUNCTION_LINES_MAX) offenders.push(`${path}:${first} has ${lines} lines`);
  });
  return offenders;
}

/** A line may be longer by one string or URL: those cannot be broken. */
function longLines({ path, text }: Source): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    const unbreakable = line.match(/'[^']*'|`[^`]*`|"[^"]*"|https?:\S+|\/\S+\/[a-z]*/g) ?? [];
    const longest = Math.max(0, ...unbreakable.map((each) => [...each].length));
    const columns = [...line].length;
    return columns - longest > COLUMNS_MAX || (columns > COLUMNS_MAX && longest === 0)
      ? [`${path}:${index + 1} has ${columns} columns`]
      : [];
  });
}

function longFiles({ path, text }: Source): readonly string[] {
  const lines = text.split('\n').length - 1;
  return lines > FILE_LINES_MAX ? [`${path} has ${lines} lines`] : [];
}

test(`no file has more than ${FILE_LINES_MAX} lines`, () => {
  expect(SOURCES.flatMap(longFiles)).toEqual([]);
});

test(`no function has more than ${FUNCTION_LINES_MAX} lines`, () => {
  expect(SOURCES.flatMap(longFunctions)).toEqual([]);
});

test(`no line has more than ${COLUMNS_MAX} columns, a string or URL apart`, () => {
  expect(SOURCES.flatMap(longLines)).toEqual([]);
});

describe('the check itself', () => {
  const body = 'x();\n'.repeat(FUNCTION_LINES_MAX);

  test('finds what is too long in each form of function, and lets a chapter of tests be', () => {
    const forms = [`function f() {\n${body}}`, `const f = () => {\n${body}};`];
    const method = `class C { m() {\n${body}} }`;
    for (const form of [...forms, method]) {
      expect(longFunctions(parseSource('x.ts', form))).toHaveLength(1);
    }
    expect(longFunctions(parseSource('x.ts', `describe('d', () => {\n${body}});`))).toEqual([]);
    expect(longFunctions(parseSource('x.ts', 'const f = () => x();'))).toEqual([]);
  });

  test('finds a long line of code, and lets a long string and a long URL be', () => {
    const long = (line: string): number => longLines(parseSource('x.ts', line)).length;
    expect(long(`x(${'a, '.repeat(COLUMNS_MAX)}b);`)).toBe(1);
    expect(long(`x('${'a '.repeat(COLUMNS_MAX)}');`)).toBe(0);
    expect(long(`// https://example.org/${'a'.repeat(COLUMNS_MAX)}`)).toBe(0);
  });
});
