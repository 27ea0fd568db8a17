import table from './terminology.json' with { type: 'json' };

/** The codes of a value set by their code system. */
export type ValueSet = ReadonlyMap<string, ReadonlySet<string>>;

const VALUE_SETS: Readonly<Record<string, Readonly<Record<string, string>>>> = table.valueSets;
const CODE_SYSTEMS: Readonly<Record<string, string>> = table.codeSystems;

const expanded = new Map<string, ValueSet>();

/** The value set with this canonical URL; null where its codes are not known here. */
export function valueSetAt(url: string): ValueSet | null {
  const known = expanded.get(url);
  if (known !== undefined) return known;
  const codes = Object.hasOwn(VALUE_SETS, url) ? VALUE_SETS[url] : undefined;
  if (codes === undefined) return null;
  const bySystem = Object.entries(codes).map(([system, list]) => {
    return [system, new Set(list.split(' '))] as const;
  });
  const found: ValueSet = new Map(bySystem);
  expanded.set(url, found);
  return found;
}

/** Which codes of a code system are below which. */
export interface Hierarchy {
  /** The code itself, and all that are above it. */
  above(code: string): ReadonlySet<string>;
  /** The code itself, and all that are below it. */
  below(code: string): ReadonlySet<string>;
}

const hierarchies = new Map<string, Hierarchy>();

/** The hierarchy of a code system, which may be flat; null where it is not known here. */
export function hierarchyOf(system: string): Hierarchy | null {
  const known = hierarchies.get(system);
  if (known !== undefined) return known;
  const pairs = Object.hasOwn(CODE_SYSTEMS, system) ? CODE_SYSTEMS[system] : undefined;
  if (pairs === undefined) return null;
  const found = readHierarchy(pairs);
  hierarchies.set(system, found);
  return found;
}

/** Reads `code<parent`, blanks between them. */
function readHierarchy(pairs: string): Hierarchy {
  const links = pairs === '' ? [] : pairs.split(' ').map(readLink);
  const upwards = Map.groupBy(links, ({ code }) => code);
  const downwards = Map.groupBy(links, ({ parent }) => parent);
  return {
    above: (code) => reached(code, (each) => upwards.get(each)?.map(({ parent }) => parent)),
    below: (code) => reached(code, (each) => downwards.get(each)?.map((link) => link.code)),
  };
}

function readLink(text: string): { readonly code: string; readonly parent: string } {
  const [code = '', parent = ''] = text.split('<');
  return { code, parent };
}

/** What can be reached from a code, step by step, with the code itself. */
function reached(
  code: string,
  next: (code: string) => readonly string[] | undefined,
): ReadonlySet<string> {
  const found = new Set([code]);
  // A set can grow while it is walked through: what is added is walked through as well.
  for (const each of found) for (const more of next(each) ?? []) found.add(more);
  return found;
}
