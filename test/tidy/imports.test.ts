import { describe, expect, test } from 'vitest';
import { layerOf, refusalOf } from './layers.ts';
import { circlesAmong, linksOf, type ModuleLink } from './module-links.ts';
import { filesBelow, parseSource, sourcesBelow } from './sources.ts';

const SOURCES = sourcesBelow('src');
const LINKS = SOURCES.flatMap(linksOf);

/** Layers that must run anywhere, and be tested without anything: no package, no node: module. */
const ALONE = /^src\/(domain|ports|interactions)\//;

const link = (from: string, to: string): ModuleLink => ({ from, specifier: to, to, names: ['*'] });

describe('an import in src', () => {
  test('leads to its own layer or an earlier one', () => {
    const offenders = LINKS.filter(({ to }) => to !== null)
      .map(({ from, to }) => ({ from, to: to ?? '', why: refusalOf(from, to ?? '') }))
      .filter(({ why }) => why !== null)
      .map(({ from, to, why }) => `${from} -> ${to}: ${why}`);
    expect(offenders).toEqual([]);
  });

  test('leads to a file that is there, by its whole name', () => {
    const tables = filesBelow('src').filter((path) => path.endsWith('.json'));
    const files = new Set([...SOURCES.map(({ path }) => path), ...tables, 'package.json']);
    const offenders = LINKS.filter(({ to }) => to !== null && !files.has(to));
    expect(offenders.map(({ from, specifier }) => `${from} -> ${specifier}`)).toEqual([]);
  });

  test('is on no circle', () => {
    expect(circlesAmong(LINKS).map((circle) => circle.join(' <-> '))).toEqual([]);
  });

  test('names no package and no node: module in domain, ports and interactions', () => {
    const offenders = LINKS.filter(({ from, to }) => to === null && ALONE.test(from));
    expect(offenders.map(({ from, specifier }) => `${from} -> ${specifier}`)).toEqual([]);
  });
});

describe('every file in src', () => {
  test('belongs to a layer', () => {
    const offenders = SOURCES.map(({ path }) => path).filter((path) => layerOf(path) === -1);
    expect(offenders).toEqual([]);
  });
});

describe('the check itself', () => {
  test('finds imports of every form', () => {
    const text = [
      "import a from './a.ts';",
      "import { b as c } from './b.ts';",
      "import type { D } from '../d.ts';",
      "export { e } from './e.ts';",
      "const f = await import('./f.ts');",
      "type G = import('./g.ts').G;",
      "import 'h';",
      "// import './not.ts';",
    ].join('\n');
    const links = linksOf(parseSource('src/http/x.ts', text));
    expect(links.map(({ to, specifier }) => to ?? specifier)).toEqual([
      'src/http/a.ts',
      'src/http/b.ts',
      'src/d.ts',
      'src/http/e.ts',
      'src/http/f.ts',
      'src/http/g.ts',
      'h',
    ]);
    expect(links[1]?.names).toEqual(['b']);
  });

  test('refuses what runs back up, and allows what runs down', () => {
    expect(refusalOf('src/domain/fhir/a.ts', 'src/domain/record/b.ts')).not.toBeNull();
    expect(refusalOf('src/domain/record/b.ts', 'src/domain/fhir/a.ts')).toBeNull();
    expect(refusalOf('src/domain/problem.ts', 'src/domain/fhir/a.ts')).not.toBeNull();
    expect(refusalOf('src/adapters/sqlite/a.ts', 'src/interactions/b.ts')).not.toBeNull();
    expect(refusalOf('src/adapters/sqlite/a.ts', 'src/ports/store.ts')).toBeNull();
    expect(refusalOf('src/adapters/sqlite/a.ts', 'src/adapters/system/b.ts')).not.toBeNull();
    expect(refusalOf('src/adapters/sqlite/a.ts', 'src/adapters/sqlite/b.ts')).toBeNull();
    expect(refusalOf('src/adapters/sqlite/a.ts', 'src/config.ts')).not.toBeNull();
    expect(refusalOf('src/http/a.ts', 'src/adapters/sqlite/b.ts')).not.toBeNull();
    expect(refusalOf('src/http/routes/a.ts', 'src/interactions/b.ts')).toBeNull();
    expect(refusalOf('src/app.ts', 'src/adapters/sqlite/store.ts')).toBeNull();
    expect(refusalOf('src/app.ts', 'test/support/app.ts')).not.toBeNull();
  });

  test('sees a circle of three, and none in a chain', () => {
    const chain = [link('a', 'b'), link('b', 'c')];
    expect(circlesAmong(chain)).toEqual([]);
    expect(circlesAmong([...chain, link('c', 'a'), link('d', 'a')])).toEqual([['a', 'b', 'c']]);
  });
});
