import { expect, test } from 'vitest';
import { exportsOf, linksOf, reachableFrom } from './module-links.ts';
import { parseSource, sourcesBelow, textOf } from './sources.ts';

const SOURCES = sourcesBelow('src');
const LINKS = SOURCES.flatMap(linksOf);
const USER_LINKS = sourcesBelow('test', 'bench', 'scripts').flatMap(linksOf);

const NEXT = new Map<string, Set<string>>();
for (const { from, to } of LINKS) {
  if (to !== null) NEXT.set(from, (NEXT.get(from) ?? new Set()).add(to));
}

/** What is started by hand: the files of src that the scripts of package.json name. */
function entryFiles(): readonly string[] {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  return Object.values(scripts).flatMap((line) => line.match(/\bsrc\/\S+\.ts\b/g) ?? []);
}

test('every file of src is started by a script of package.json, or imported from there', () => {
  const entries = entryFiles();
  expect(entries).toContain('src/main.ts');
  const reached = reachableFrom(entries, NEXT);
  expect(SOURCES.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
});

test('every export of src is imported by another file or a test, or part of one that is', () => {
  const taken = new Set(
    [...LINKS, ...USER_LINKS].flatMap(({ to, names }) => names.map((name) => `${to}#${name}`)),
  );
  const offenders = SOURCES.flatMap((source) => {
    if (taken.has(`${source.path}#*`)) return [];
    return exportsOf(source)
      .filter(({ name, isPartOfAnother }) => {
        return !isPartOfAnother && !taken.has(`${source.path}#${name}`);
      })
      .map(({ name }) => `${source.path}: ${name}`);
  });
  expect(offenders).toEqual([]);
});

test('no file passes on what another file exports', () => {
  const offenders = SOURCES.filter(({ program }) =>
    (program.body as readonly { type: string; source?: unknown }[]).some(
      ({ type, source }) =>
        type === 'ExportAllDeclaration' ||
        (type === 'ExportNamedDeclaration' && source !== null && source !== undefined),
    ),
  );
  expect(offenders.map(({ path }) => path)).toEqual([]);
});

test('the check itself: a type counts as used where another export is written with it', () => {
  const text = [
    'export interface Part { readonly a: string }',
    'export interface Whole { readonly parts: readonly Part[] }',
    'export type Alone = string;',
    'export const one = 1, two = 2;',
    'export function make(): Whole | null { return null; }',
    'interface Inner { readonly b: string }',
  ].join('\n');
  const named = exportsOf(parseSource('src/x.ts', text));
  expect(named.map(({ name }) => name)).toEqual(['Part', 'Whole', 'Alone', 'one', 'two', 'make']);
  const parts = named.filter(({ isPartOfAnother }) => isPartOfAnother);
  expect(parts.map(({ name }) => name)).toEqual(['Part', 'Whole']);
});
