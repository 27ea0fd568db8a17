import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsIn, linksIn, pages, pathsIn, prose, tableRows, targetOf } from './markdown.ts';
import { filesBelow, ROOT, textOf } from './sources.ts';

const PAGES = pages();
const MANIFEST = JSON.parse(textOf('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

describe('a written document', () => {
  test('links to files and headings that are there', () => {
    const offenders = PAGES.flatMap((page) =>
      linksIn(page)
        .filter((link) => {
          const target = targetOf(page.path, link);
          if (target === null) return false;
          if (!existsSync(ROOT + target.path)) return true;
          return target.anchor !== '' && !anchorsIn(textOf(target.path)).includes(target.anchor);
        })
        .map((link) => `${page.path}: ${link}`),
    );
    expect(offenders).toEqual([]);
  });

  test('names files and folders that are there', () => {
    const offenders = PAGES.flatMap((page) =>
      pathsIn(page)
        .filter((path) => !existsSync(ROOT + path))
        .map((path) => `${page.path}: ${path}`),
    );
    expect(offenders).toEqual([]);
  });

  test('names scripts that package.json has', () => {
    const offenders = PAGES.flatMap(({ path, text }) =>
      [...text.matchAll(/\bnpm run ([a-z][a-z:-]*)|[`\n]npm (?!run |install|ci)([a-z]+)/g)]
        .map((match) => match[1] ?? match[2] ?? '')
        .filter((name) => !Object.hasOwn(MANIFEST.scripts, name))
        .map((name) => `${path}: npm run ${name}`),
    );
    expect(offenders).toEqual([]);
  });

  test('draws its diagrams with files that are there', () => {
    const files = filesBelow('src');
    const offenders = PAGES.flatMap(({ path, text }) =>
      [...text.matchAll(/^```text\n([\s\S]*?)^```/gm)]
        .flatMap((match) => match[1]?.match(/[\w/-]+\.ts\b/g) ?? [])
        .filter((name) => !files.some((file) => file.endsWith(`/${name}`)))
        .map((name) => `${path}: ${name}`),
    );
    expect(offenders).toEqual([]);
  });

  test('has no place left to fill in', () => {
    const unfilled = PAGES.filter(({ text }) => /<!-- output:|\bTODO\b|\bTBD\b/.test(prose(text)));
    expect(unfilled.map(({ path }) => path)).toEqual([]);
  });
});

describe('the decisions', () => {
  const FOLDER = 'docs/decisions';
  const index = textOf(`${FOLDER}/README.md`);
  const files = filesBelow(FOLDER).filter((path) => path !== `${FOLDER}/README.md`);
  const listed = linksIn({ path: `${FOLDER}/README.md`, text: index }).map((link) =>
    posix.join(FOLDER, link),
  );

  test('are all listed, in their order, and no other', () => {
    expect(listed).toEqual(files);
  });

  test('say context, decision and consequences, under the number of their file', () => {
    const offenders = files.filter((path) => {
      const text = textOf(path);
      const number = posix.basename(path).slice(0, 4);
      const parts = ['## Context', '## Decision', '## Consequences'];
      return !text.startsWith(`# ${number}. `) || parts.some((part) => !text.includes(part));
    });
    expect(offenders).toEqual([]);
  });

  test('account for every package that we depend on, and for no other', () => {
    const [path = ''] = files.filter((file) => file.includes('dependencies'));
    const rows = tableRows(textOf(path), ['package', 'licence', 'why']);
    const named = rows.map(([name = '']) => name.replaceAll('`', ''));
    const ours = [MANIFEST.dependencies, MANIFEST.devDependencies].flatMap(Object.keys);
    expect(named.sort()).toEqual(ours.sort());
  });

  test('state the licence that each package states itself', () => {
    const [path = ''] = files.filter((file) => file.includes('dependencies'));
    for (const [name = '', licence] of tableRows(textOf(path), ['package', 'licence', 'why'])) {
      const manifest = textOf(`node_modules/${name.replaceAll('`', '')}/package.json`);
      const { license } = JSON.parse(manifest) as { license: string };
      expect([name, licence]).toEqual([name, license]);
    }
  });
});

describe('the check itself', () => {
  const page = {
    path: 'docs/x.md',
    text: '# A `b`: c\n[l](../README.md#d) `src/main.ts` `src/*`\n```\n[n](no.md) `src/no`\n```\n',
  };

  test('finds links, paths and headings, and none in code blocks', () => {
    expect(linksIn(page)).toEqual(['../README.md#d']);
    expect(targetOf(page.path, '../README.md#d')).toEqual({ path: 'README.md', anchor: 'd' });
    expect(targetOf(page.path, 'https://example.org/')).toBeNull();
    expect(pathsIn(page)).toEqual(['src/main.ts']);
    expect(anchorsIn(page.text)).toEqual(['a-b-c']);
  });

  test('reads a table by its header', () => {
    const text = '| a | b |\n|---|---|\n| 1 | x \\| y |\n| 2 | |\n\n| 3 | 4 |';
    expect(tableRows(text, ['a', 'b'])).toEqual([
      ['1', 'x \\| y'],
      ['2', ''],
    ]);
    expect(tableRows(text, ['b', 'a'])).toEqual([]);
  });
});
