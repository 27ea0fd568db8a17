import type { JsonObject } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import { keysAt } from './condition.ts';
import type { Parameter } from './definition.ts';
import { valueFault } from './kind.ts';
import { parameterOf, parametersOf } from './parameters.ts';
import { isSearchType, SEARCH_TYPES, type SearchType } from './search-types.ts';
import { keyOf, type World } from './world.ts';

/** One `_include` or `_revinclude`, as it was understood. */
export interface Inclusion {
  /** The type that refers. */
  readonly source: SearchType;
  readonly parameters: readonly Parameter[];
  /** The one type of target that counts; null for any. */
  readonly target: string | null;
  /** Whether it is applied to what was included as well. */
  readonly iterates: boolean;
}

/**
 * Understands `_include` or `_revinclude` (http://hl7.org/fhir/R4/search.html#include):
 * `[source]:[parameter]` with `:[target]` or without, `[source]:*`, and `*` alone.
 */
export function readInclusion(
  type: SearchType,
  name: '_include' | '_revinclude',
  modifier: string | null,
  value: string,
): readonly Inclusion[] | Issue {
  const iterates = modifier === 'iterate';
  if (modifier !== null && !iterates) {
    const diagnostics = `The modifier of ${name} is not supported here; R4 knows :iterate.`;
    return { code: 'not-supported', diagnostics };
  }
  if (value === '*') {
    const sources = name === '_include' && !iterates ? [type] : SEARCH_TYPES;
    return sources.map((source) => ({ source, ...everything(source), iterates }));
  }
  const [source = '', code = '', target = null, ...more] = value.split(':');
  const asked = { name };
  if (!isSearchType(source)) return valueFault(asked, 'names no type that can be searched here');
  if (more.length > 0) return valueFault(asked, 'is not [type]:[parameter]:[target type]');
  if (code === '*') return [{ source, ...everything(source), target, iterates }];
  const parameter = parameterOf(source, code);
  if (parameter?.type !== 'reference') {
    return valueFault(asked, `names no reference parameter of ${source}`);
  }
  const { targets } = parameter;
  if (target !== null && !targets.includes('*') && !targets.includes(target)) {
    return valueFault(asked, 'names a type that its parameter does not lead to');
  }
  return [{ source, parameters: [parameter], target, iterates }];
}

function everything(source: SearchType): Pick<Inclusion, 'parameters' | 'target'> {
  const parameters = parametersOf(source).filter(({ type }) => type === 'reference');
  return { parameters, target: null };
}

/**
 * What the includes of a search add to a page of matches: each resource once, none of the page's
 * own. Only the world is reached. Every resource is followed at most once, so that it ends.
 */
export function includedWith(
  page: readonly JsonObject[],
  includes: readonly Inclusion[],
  revincludes: readonly Inclusion[],
  world: World,
): readonly JsonObject[] {
  if (includes.length === 0 && revincludes.length === 0) return [];
  const seen = new Set(page.map(keyOf));
  const found: JsonObject[] = [];
  const sources = sourcesIn(world);
  let frontier = page;
  let isFirst = true;
  while (frontier.length > 0) {
    const applied = ({ iterates }: Inclusion): boolean => isFirst || iterates;
    const next = [
      ...includes.filter(applied).flatMap((each) => targetsOf(frontier, each, world)),
      ...revincludes.filter(applied).flatMap((each) => sources(frontier, each)),
    ].filter((each) => !seen.has(keyOf(each)) && seen.add(keyOf(each)));
    found.push(...next);
    frontier = next;
    isFirst = false;
  }
  return found;
}

/** What resources refer to by an `_include`. What they contain comes along with them anyway. */
function targetsOf(
  resources: readonly JsonObject[],
  { source, parameters, target }: Inclusion,
  world: World,
): readonly JsonObject[] {
  const from = resources.filter((each) => each.resourceType === source);
  return from
    .flatMap((resource) => parameters.flatMap((each) => keysAt(each, { resource, world })))
    .map((key) => world.byReference(key))
    .filter((each) => each !== null)
    .filter((each) => target === null || each.resourceType === target);
}

type SourcesOf = (targets: readonly JsonObject[], inclusion: Inclusion) => readonly JsonObject[];

/** Who refers to resources by a `_revinclude`: the world is read once for each parameter. */
function sourcesIn(world: World): SourcesOf {
  const known = new Map<Parameter, Referrers>();
  const indexOf = (source: SearchType, parameter: Parameter): Referrers => {
    const index = known.get(parameter) ?? referrers(source, parameter, world);
    known.set(parameter, index);
    return index;
  };
  return (targets, { source, parameters, target }) =>
    targets
      .filter((each) => target === null || each.resourceType === target)
      .flatMap((each) =>
        parameters.flatMap((parameter) => indexOf(source, parameter).get(keyOf(each)) ?? []),
      );
}

/** By `Type/id`, who refers to it. */
type Referrers = ReadonlyMap<string, readonly JsonObject[]>;

function referrers(source: SearchType, parameter: Parameter, world: World): Referrers {
  const index = new Map<string, JsonObject[]>();
  for (const resource of world.all(source)) {
    for (const key of keysAt(parameter, { resource, world })) {
      const others = index.get(key);
      if (others === undefined) index.set(key, [resource]);
      else others.push(resource);
    }
  }
  return index;
}
