import { isNode, type Node, type Source, walk } from './sources.ts';

/** Every use of something that only certain files may use: its name, and where it stands. */
export interface Use {
  readonly what: string;
  readonly node: Node;
}

/** Ways to learn the time, or to make something up. */
const TIME_AND_CHANCE: ReadonlySet<string> = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'crypto.randomUUID',
  'crypto.getRandomValues',
  'randomUUID',
  'randomBytes',
  'randomInt',
  'randomFillSync',
  'randomFill',
]);

/** Where a file asks for the time or for chance. */
export function timeAndChance(source: Source): readonly Use[] {
  return usesIn(source, (node) => {
    if (node.type === 'NewExpression' && nameOf(node.callee) === 'Date') {
      return (node.arguments as readonly Node[]).length === 0 ? 'new Date()' : null;
    }
    const name = node.type === 'CallExpression' ? nameOf(node.callee) : nameOf(node);
    const taken = node.type === 'MemberExpression' || node.type === 'CallExpression';
    return taken && name !== null && TIME_AND_CHANCE.has(name) ? name : null;
  });
}

/** Where a file reads the environment. */
export function environmentReads(source: Source): readonly Use[] {
  return usesIn(source, (node) => (nameOf(node) === 'process.env' ? 'process.env' : null));
}

/** Where a file writes to the console. */
export function consoleWrites(source: Source): readonly Use[] {
  return usesIn(source, (node) => {
    const name = node.type === 'MemberExpression' ? nameOf(node) : null;
    return name?.startsWith('console.') ? name : null;
  });
}

/** Where a file gives up on types: `any`, `!`, and comments that silence the compiler. */
export function untyped(source: Source): readonly Use[] {
  return usesIn(source, (node) => {
    if (node.type === 'TSAnyKeyword') return 'any';
    return node.type === 'TSNonNullExpression' ? 'non-null assertion' : null;
  });
}

/** Where a file names a function of ours other than to declare or import it. */
export function mentionsOf(source: Source, name: string): readonly Use[] {
  return usesIn(source, (node, parent) => {
    const declares = parent?.type.startsWith('Import') || parent?.type === 'FunctionDeclaration';
    return node.type === 'Identifier' && node.name === name && !declares ? name : null;
  });
}

function usesIn(
  { program }: Source,
  read: (node: Node, parent: Node | null) => string | null,
): readonly Use[] {
  const uses = new Map<number, Use>();
  walk(program, (node, parent) => {
    const what = read(node, parent);
    if (what !== null) uses.set(node.start, { what, node });
  });
  return [...uses.values()];
}

/** `a` or `a.b`; null for everything else. */
function nameOf(value: unknown): string | null {
  if (!isNode(value)) return null;
  if (value.type === 'Identifier') return String(value.name);
  if (value.type !== 'MemberExpression' || value.computed === true) return null;
  const [object, property] = [nameOf(value.object), nameOf(value.property)];
  return object === null || property === null ? null : `${object}.${property}`;
}
