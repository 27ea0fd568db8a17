import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What a request's time goes to, by the file that the time was spent for; the first that fits
 * counts.
 */
const PARTS: readonly (readonly [part: string, files: RegExp])[] = [
  ['consent', /src\/domain\/consent\//],
  ['audit', /src\/(adapters\/sqlite\/(audit|group-commit)|domain\/audit\/|interactions\/release)/],
  ['token', /src\/(adapters\/jwt\/|http\/authenticate|domain\/access\/)/],
  ['storage', /src\/(adapters\/(sqlite|mongodb)\/)|node_modules\/(mongodb|bson)\//],
  [
    'serialisation',
    /src\/(domain\/fhir\/bundle|interactions\/(searchset|entry-texts)|http\/fhir-reply)/,
  ],
  ['search', /src\/(domain\/(fhir|search)|interactions)\//],
  ['log and measurements', /(pino|sonic-boom|prom-client)|src\/http\/(request-log|metrics)/],
  ['HTTP', /node:|node_modules\/|src\/http\//],
];

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/**
 * The share of each part in the busy time of the main thread, from a CPU profile in a directory
 * (the largest, when there are several), without its first seconds, which start the process.
 */
export async function sharesIn(
  directory: string,
  secondsSkipped: number,
): Promise<ReadonlyMap<string, number>> {
  const profile = JSON.parse(await largestIn(directory)) as Profile;
  const partOf = partsOf(profile);
  const spent = new Map<string, number>();
  let at = 0;
  let busy = 0;
  for (const [n, id] of profile.samples.entries()) {
    const delta = profile.timeDeltas[n] ?? 0;
    const part = partOf.get(id) ?? 'other';
    at += delta;
    if (at < secondsSkipped * 1e6 || part === 'idle') continue;
    busy += delta;
    spent.set(part, (spent.get(part) ?? 0) + delta);
  }
  return new Map([...spent].map(([part, time]) => [part, time / busy]));
}

/** Native code counts for whoever called it. */
function partsOf({ nodes }: Profile): ReadonlyMap<number, string> {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((c) => [c, id])));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const partOf = (id: number | undefined): string => {
    if (id === undefined) return 'other';
    const { url = '', functionName = '' } = frames.get(id) ?? {};
    if (functionName === '(idle)') return 'idle';
    if (functionName === '(garbage collector)') return 'garbage collection';
    // Writing to a file counts for whoever writes, as native code does.
    const found = url === 'node:fs' ? undefined : PARTS.find(([, files]) => files.test(url));
    return found?.[0] ?? partOf(parents.get(id));
  };
  return new Map(nodes.map(({ id }) => [id, partOf(id)]));
}

async function largestIn(directory: string): Promise<string> {
  const paths = (await readdir(directory)).map((name) => join(directory, name));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const largest = paths[sizes.indexOf(Math.max(...sizes))];
  if (largest === undefined) throw new Error('there is no profile');
  return readFile(largest, 'utf8');
}
