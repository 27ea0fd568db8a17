import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vitest/node';

/** The project's root, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What a clone does not hold, or holds for the machine alone. */
const NOT_OURS = new Set(['node_modules', '.git', '.cache', 'data', 'coverage']);

/** A node of the syntax tree (ESTree with TypeScript's own nodes); offsets are in characters. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [name: string]: unknown;
}

/** A source file, parsed. */
export interface Source {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly program: Node;
}

/** Every file below a folder, relative to the root and in order; `''` for all of the project. */
export function filesBelow(folder: string): readonly string[] {
  if (!existsSync(ROOT + folder)) return [];
  const entries = readdirSync(ROOT + folder, { withFileTypes: true });
  return entries
    .filter(({ name }) => !NOT_OURS.has(name) && !name.endsWith('.log'))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
}

/** The text of a file of the project. */
export function textOf(path: string): string {
  return readFileSync(ROOT + path, 'utf8');
}

/** Every source file of some folders, parsed once for each file of tests. */
export function sourcesBelow(...folders: readonly string[]): readonly Source[] {
  return folders
    .flatMap(filesBelow)
    .filter((path) => /\.m?[jt]s$/.test(path))
    .map((path) => parseSource(path, textOf(path)));
}

/** Parses a text as TypeScript; throws when it cannot be parsed. */
export function parseSource(path: string, text: string): Source {
  const lang = /\.d\.m?ts$/.test(path) ? 'dts' : 'ts';
  return { path, text, program: parseAst(text, { lang }) as unknown as Node };
}

/** Calls `visit` for every node below and including this one, each with its parent. */
export function walk(
  node: Node,
  visit: (node: Node, parent: Node | null) => void,
  parent: Node | null = null,
): void {
  visit(node, parent);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit, node);
    }
  }
}

/** Whether a value is a node of the syntax tree. */
export function isNode(value: unknown): value is Node {
  return typeof (value as Node | null)?.type === 'string';
}

/** The line, counted from 1, of an offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Where a node is, for a list of offenders. */
export function placeOf({ path, text }: Source, { start }: Node): string {
  return `${path}:${lineAt(text, start)}`;
}
