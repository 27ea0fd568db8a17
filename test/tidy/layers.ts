/**
 * The layers of `src`, lowest first: a file imports its own layer or an earlier one. A layer is a
 * folder, or a file by itself; `docs/architecture.md` draws them.
 */
export const LAYERS: readonly string[] = [
  'src/domain/*',
  'src/domain/fhir/',
  'src/domain/search/',
  'src/domain/validation/',
  'src/domain/summary/',
  'src/domain/record/',
  'src/domain/gp/',
  'src/domain/access/',
  'src/domain/consent/',
  'src/domain/audit/',
  'src/ports/',
  'src/interactions/',
  'src/adapters/',
  'src/http/',
  'src/config.ts',
  'src/open-store.ts',
  'src/app.ts',
  'src/*',
  'src/cli/',
  'src/main.ts',
];

/** The place of a file in the order; -1 for a file that belongs to no layer. */
export function layerOf(path: string): number {
  const exact = LAYERS.indexOf(path);
  if (exact !== -1) return exact;
  const folder = LAYERS.findIndex((layer) => layer.endsWith('/') && path.startsWith(layer));
  if (folder !== -1) return folder;
  // `folder/*` stands for the files right inside a folder.
  return LAYERS.indexOf(`${path.slice(0, path.lastIndexOf('/'))}/*`);
}

/** What the order alone would allow, and what may not be all the same. */
const FORBIDDEN: readonly (readonly [from: RegExp, to: RegExp, why: string])[] = [
  [/^src\/adapters\//, /^src\/interactions\//, 'an adapter knows ports and domain alone'],
  [/^src\/http\//, /^src\/adapters\//, 'HTTP knows no adapter: app.ts puts them together'],
];

/** Why one file of `src` may not import another; null when it may. */
export function refusalOf(from: string, to: string): string | null {
  if (!to.startsWith('src/')) return to === 'package.json' ? null : 'it is outside src';
  if (layerOf(from) === -1 || layerOf(to) === -1) return 'it is in no layer';
  if (layerOf(to) > layerOf(from)) return 'it is in a later layer';
  const adapters = [from, to].map((path) => /^src\/adapters\/[^/]+/.exec(path)?.[0]);
  if (adapters.every((each) => each !== undefined) && adapters[0] !== adapters[1]) {
    return 'an adapter does not know another';
  }
  return FORBIDDEN.find((each) => each[0].test(from) && each[1].test(to))?.[2] ?? null;
}
