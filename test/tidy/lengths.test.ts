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

const SOURCES = sourcesBelow('src', 'test', 'scripts', 'bench');

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** What registers tests; a function that calls one of these itself is a chapter of tests. */
const REGISTERS = new Set(['describe', 'test', 'it', 'beforeAll', 'beforeEach']);

/** A chapter of tests is a list, however long: what is in it is measured one by one. */
function isChapter({ body }: Node): boolean {
  const statements = isNode(body) && Array.isArray(body.body) ? (body.body as Node[]) : [];
  return statements.some(({ expression }) => {
    const name = isNode(expression) ? calledName(expression) : null;
    return name !== null && REGISTERS.has(name);
  });
}

/** The `a` of `a()`, `a.b()` and `a.b(…)()`. */
function calledName(node: Node): string | null {
  if (isNode(node.callee)) return calledName(node.callee);
  if (isNode(node.object)) return calledName(node.object);
  return typeof node.name === 'string' ? node.name : null;
}

function longFunctions({ path, text, program }: Source): readonly string[] {
  const offenders: string[] = [];
  walk(program, (node) => {
    if (!FUNCTIONS.has(node.type)) return;
    const lines = text.slice(node.start, node.end).split('\n').length;
    if (lines <= FUNCTION_LINES_MAX || isChapter(node)) return;
    offenders.push(`${path}:${lineAt(text, node.start)} has ${lines} lines`);
  });
  return offenders;
}

/** A line may be longer by one string, regular expression or URL: those cannot be broken. */
function longLines(source: Source): readonly string[] {
  const lines = source.text.split('\n');
  const tooLong = lines.filter((line) => columnsOf(line) > COLUMNS_MAX);
  if (tooLong.length === 0) return [];
  const literals = literalsOf(source);
  return lines.flatMap((line, index) => {
    const columns = columnsOf(line);
    const here = [...(literals.get(index + 1) ?? []), ...(line.match(/https?:\S+/g) ?? [])];
    const longest = Math.max(0, ...here.map(columnsOf));
    const tooMuch = columns > COLUMNS_MAX && (longest === 0 || columns - longest > COLUMNS_MAX);
    return tooMuch ? [`${source.path}:${index + 1} has ${columns} columns`] : [];
  });
}

function literalsOf({ text, program }: Source): ReadonlyMap<number, readonly string[]> {
  const literals = new Map<number, string[]>();
  walk(program, ({ type, start, end }) => {
    if (type !== 'Literal' && type !== 'TemplateElement') return;
    const line = lineAt(text, start);
    literals.set(line, [...(literals.get(line) ?? []), text.slice(start, end)]);
  });
  return literals;
}

function columnsOf(line: string): number {
  return [...line].length;
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
    const chapter = `function cases() { test('t', () => {});\n${body}}`;
    const group = `describe.each([1])('d', () => { test('t', () => {});\n${body}});`;
    for (const list of [chapter, group]) {
      expect(longFunctions(parseSource('x.ts', list))).toEqual([]);
    }
    const long = `test('t', () => {\n${body}});`;
    expect(longFunctions(parseSource('x.ts', long))).toHaveLength(1);
    expect(longFunctions(parseSource('x.ts', 'const f = () => x();'))).toEqual([]);
  });

  test('finds a long line of code, and lets a long string and a long URL be', () => {
    const long = (line: string): number => longLines(parseSource('x.ts', line)).length;
    expect(long(`x(${'a, '.repeat(COLUMNS_MAX)}b);`)).toBe(1);
    expect(long(`x('${'a '.repeat(COLUMNS_MAX)}');`)).toBe(0);
    expect(long(`// https://example.org/${'a'.repeat(COLUMNS_MAX)}`)).toBe(0);
    expect(long(`// it's ${'a '.repeat(COLUMNS_MAX)} others' own`)).toBe(1);
  });
});
