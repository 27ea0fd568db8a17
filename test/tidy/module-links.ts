import { posix } from 'node:path';
import { isNode, type Node, type Source, walk } from './sources.ts';

/** One import, or `export … from`, type-only ones included: those tie files together as well. */
export interface ModuleLink {
  readonly from: string;
  readonly specifier: string;
  /** The file that it leads to, relative to the root; null for packages. */
  readonly to: string | null;
  /** The names taken, as the other file exports them; `*` for all. */
  readonly names: readonly string[];
}

/** Every import of a file: static, `export … from`, dynamic, and `import('…')` as a type. */
export function linksOf({ path, program }: Source): readonly ModuleLink[] {
  const links: ModuleLink[] = [];
  walk(program, (node) => {
    const specifier = isNode(node.source) ? node.source.value : undefined;
    if (typeof specifier !== 'string') return;
    const relative = specifier.startsWith('.');
    const to = relative ? posix.join(posix.dirname(path), specifier) : null;
    links.push({ from: path, specifier, to, names: namesTaken(node) });
  });
  return links;
}

function namesTaken(node: Node): readonly string[] {
  const specifiers = node.specifiers;
  if (!Array.isArray(specifiers)) return ['*'];
  return (specifiers as readonly Node[]).map((each) => {
    if (each.type === 'ImportDefaultSpecifier') return 'default';
    const name = each.type === 'ExportSpecifier' ? each.local : each.imported;
    return isNode(name) ? nameOf(name) : '*';
  });
}

/** A name that a file exports itself. */
export interface Export {
  readonly name: string;
  /** Whether it is a type that another export of the file is written with: part of that one. */
  readonly isPartOfAnother: boolean;
}

/** The names that a file exports itself. */
export function exportsOf({ program }: Source): readonly Export[] {
  const statements = (program.body as readonly Node[]).filter(({ type }) =>
    /^Export(Named|Default)Declaration$/.test(type),
  );
  return statements.flatMap((statement) => {
    const others = statements.filter((each) => each !== statement);
    return namesExported(statement).map((name) => ({
      name,
      isPartOfAnother: isType(statement) && others.some((each) => namesType(each, name)),
    }));
  });
}

function namesExported(statement: Node): readonly string[] {
  if (statement.type === 'ExportDefaultDeclaration') return ['default'];
  const { declaration } = statement;
  if (!isNode(declaration)) {
    return (statement.specifiers as readonly Node[]).map((each) => nameOf(each.exported as Node));
  }
  if (declaration.type !== 'VariableDeclaration') return [nameOf(declaration.id as Node)];
  return (declaration.declarations as readonly Node[]).map(({ id }) => nameOf(id as Node));
}

function isType({ declaration }: Node): boolean {
  return isNode(declaration) && /^TS(Interface|TypeAlias)Declaration$/.test(declaration.type);
}

function namesType(statement: Node, name: string): boolean {
  let found = false;
  walk(statement, (node, parent) => {
    const reference = parent?.type === 'TSTypeReference' || parent?.type === 'TSInterfaceHeritage';
    found ||= (reference || parent?.type === 'TSClassImplements') && node.name === name;
  });
  return found;
}

function nameOf(node: Node): string {
  return String(node.name ?? node.value);
}

/** Every circle of imports as the files on it; circles that share a file count as one. */
export function circlesAmong(links: readonly ModuleLink[]): readonly (readonly string[])[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of links) {
    if (to !== null) next.set(from, (next.get(from) ?? new Set()).add(to));
  }
  const circles = new Map<string, readonly string[]>();
  for (const start of next.keys()) {
    const reached = reachableFrom([...(next.get(start) ?? [])], next);
    if (!reached.has(start)) continue;
    const circle = [...reached].filter((file) =>
      reachableFrom([...(next.get(file) ?? [])], next).has(start),
    );
    circles.set(circle.sort().join(), circle);
  }
  return [...circles.values()];
}

/** Every file that imports lead to from these, themselves included. */
export function reachableFrom(
  files: readonly string[],
  next: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...files];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    waiting.push(...(next.get(file) ?? []));
  }
  return reached;
}
