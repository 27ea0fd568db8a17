import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Node, parseSource, placeOf, type Source, sourcesBelow } from './sources.ts';
import {
  consoleWrites,
  environmentReads,
  mentionsOf,
  timeAndChance,
  type Use,
  untyped,
} from './words.ts';

const SOURCES = sourcesBelow('src');
const EVERYWHERE = [...SOURCES, ...sourcesBelow('test', 'scripts', 'bench')];

/** Files that ask for chance themselves, and why they do not take it from the port. */
const CHANCE_ALLOWED: Readonly<Record<string, string>> = {
  'src/adapters/sqlite/database.ts': 'makes the secret of a new store',
  'src/adapters/mongodb/store.ts': 'makes the secret of a new store',
  'src/adapters/mongodb/nonce.ts': 'tells apart the attempts of processes that share a store',
};

/** Files that measure how long something takes, which says nothing of what time it is. */
const DURATIONS_ALLOWED: Readonly<Record<string, string>> = {
  'src/adapters/sqlite/audit-file.ts': 'how long a write took decides which thread does the next',
};

const FORBIDDEN_NAMES = /^(index|.*(utils?|helpers?|common|manager|service|misc))\.m?[jt]s$/i;

function offenders(
  sources: readonly Source[],
  find: (source: Source) => readonly Use[],
): readonly string[] {
  return sources.flatMap((source) =>
    find(source).map(({ what, node }) => `${placeOf(source, node)} ${what}`),
  );
}

const outside = (...paths: readonly RegExp[]): readonly Source[] =>
  SOURCES.filter(({ path }) => !paths.some((each) => each.test(path)));

describe('in src', () => {
  test('the environment is read by config.ts alone', () => {
    expect(offenders(outside(/^src\/config\.ts$/), environmentReads)).toEqual([]);
  });

  test('time and chance come from adapters/system and cli, and what is listed here', () => {
    const others = outside(/^src\/adapters\/system\//, /^src\/cli\//);
    const listed = { ...CHANCE_ALLOWED, ...DURATIONS_ALLOWED };
    const unlisted = others.filter(({ path }) => !Object.hasOwn(listed, path));
    expect(offenders(unlisted, timeAndChance)).toEqual([]);
  });

  test('who may measure durations does, and asks for nothing else', () => {
    for (const path of Object.keys(DURATIONS_ALLOWED)) {
      const source = SOURCES.find((each) => each.path === path);
      const used = source === undefined ? [] : timeAndChance(source).map(({ what }) => what);
      expect([path, [...new Set(used)]]).toEqual([path, ['performance.now']]);
    }
  });

  test('every exception for chance is still needed, and none asks for the time', () => {
    for (const path of Object.keys(CHANCE_ALLOWED)) {
      const source = SOURCES.find((each) => each.path === path);
      const used = source === undefined ? [] : timeAndChance(source).map(({ what }) => what);
      expect([path, used]).not.toEqual([path, []]);
      expect(used.filter((what) => /Date|performance/.test(what))).toEqual([]);
    }
  });

  test('the console is written to by cli and main.ts alone', () => {
    expect(offenders(outside(/^src\/cli\//, /^src\/main\.ts$/), consoleWrites)).toEqual([]);
  });

  test('nothing is untyped', () => {
    expect(offenders(SOURCES, untyped)).toEqual([]);
  });

  test('disclose.ts alone lets entries through the door', () => {
    const door = /^src\/domain\/consent\/disclose\.ts$/;
    expect(offenders(outside(door), (each) => mentionsOf(each, 'letThrough'))).toEqual([]);
    expect(offenders(SOURCES, (each) => mentionsOf(each, 'letThrough'))).not.toEqual([]);
  });

  test('release.ts alone marks answers as released', () => {
    const exit = /^src\/interactions\/release\.ts$/;
    expect(offenders(outside(exit), (each) => mentionsOf(each, 'markReleased'))).toEqual([]);
    expect(offenders(SOURCES, (each) => mentionsOf(each, 'markReleased'))).not.toEqual([]);
  });

  test('every exported function and class says what it promises', () => {
    const undocumented = SOURCES.flatMap((source) =>
      (source.program.body as readonly Node[])
        .filter(({ type }) => type === 'ExportNamedDeclaration')
        .filter(({ declaration }) => /^(Function|Class)/.test((declaration as Node)?.type))
        .filter(({ start }) => !source.text.slice(0, start).trimEnd().endsWith('*/'))
        .map((node) => placeOf(source, node)),
    );
    expect(undocumented).toEqual([]);
  });
});

describe('in src, test, scripts and bench', () => {
  test('nothing is left for later', () => {
    const notes = EVERYWHERE.filter(({ path }) => !path.startsWith('test/tidy/')).flatMap(
      ({ path, text }) =>
        text
          .split('\n')
          .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
          .filter(({ line }) => /\b(TODO|FIXME|XXX|HACK)\b/.test(line))
          .map(({ place }) => place),
    );
    expect(notes).toEqual([]);
  });

  test('files are named in kebab-case, by what they are about', () => {
    const bad = EVERYWHERE.map(({ path }) => path).filter((path) => {
      const name = posix.basename(path);
      return !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(name) || FORBIDDEN_NAMES.test(name);
    });
    expect(bad).toEqual([]);
  });

  test('no test is skipped, and none keeps the others from running', () => {
    const skipping = /\b(test|it|describe)\.(skip|only|todo|fails)\b/;
    const bad = EVERYWHERE.filter(({ path }) => !path.startsWith('test/tidy/'));
    expect(bad.filter(({ text }) => skipping.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('the check itself', () => {
  const found = (text: string, find: (source: Source) => readonly Use[]): readonly string[] =>
    find(parseSource('src/x.ts', text)).map(({ what }) => what);

  test('sees time and chance, and not what looks like it', () => {
    expect(found('const a = Date.now(); new Date();', timeAndChance)).toHaveLength(2);
    expect(found('const now = Date.now;', timeAndChance)).toEqual(['Date.now']);
    expect(found('randomUUID(); crypto.randomUUID(); Math.random();', timeAndChance)).toHaveLength(
      3,
    );
    expect(found("new Date(0); clock.now(); '// Date.now()';", timeAndChance)).toEqual([]);
  });

  test('sees the environment, the console and what is untyped', () => {
    expect(found('const { A } = process.env;', environmentReads)).toEqual(['process.env']);
    expect(found("'process.env'; // process.env", environmentReads)).toEqual([]);
    expect(found('console.log(1);', consoleWrites)).toEqual(['console.log']);
    expect(found('let a: any; b!.c();', untyped)).toEqual(['any', 'non-null assertion']);
    expect(found("const any = 'any'; !b;", untyped)).toEqual([]);
  });

  test('sees a function called or passed on, and lets it be declared and imported', () => {
    const open = (text: string) => found(text, (each) => mentionsOf(each, 'open'));
    expect(open('open(); pass(open);')).toHaveLength(2);
    expect(open("import { open } from './door.ts'; export function open2() {}")).toEqual([]);
    expect(open('export function open() {}')).toEqual([]);
  });
});
