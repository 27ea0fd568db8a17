import type { JsonObject } from '../fhir/json.ts';
import { type Candidate, candidateOf, containedIn } from './contained.ts';
import { includedWith } from './include.ts';
import { isSummary, summarised, withElements } from './project.ts';
import type { Search } from './read-search.ts';
import { comparePositions, type Position, positionOf } from './sort.ts';
import type { World } from './world.ts';

/** What a search found: a resource, or one that it contains. */
export interface Match {
  /** The very object that was searched. */
  readonly resource: JsonObject;
  /** The id of what is to be shown of it by itself; null for all of it. */
  readonly fragment: string | null;
}

/** One page of what a search found. */
export interface Page {
  readonly matches: readonly Match[];
  /** The very objects that were searched. */
  readonly included: readonly JsonObject[];
  /** Matches on all pages; null where the caller does not want to know. */
  readonly total: number | null;
  /** Where the next page begins; null on the last one. */
  readonly next: Position | null;
}

/** Whether a resource is of the type searched and meets every condition. */
export function matches(search: Search, resource: JsonObject, world: World): boolean {
  if (resource.resourceType !== search.type) return false;
  return search.conditions.every((holds) => holds(resource, world));
}

/**
 * Finds a page among resources: after a position, or from the start. Without `_sort` the order is
 * that of ids, so that pages stay stable while the record changes.
 */
export function runSearch(
  search: Search,
  resources: readonly JsonObject[],
  world: World,
  after: Position | null = null,
): Page {
  const { sort, showsContainer } = search;
  const found = foundIn(search, resources, world);
  const total = search.saysTotal || search.countsOnly ? countOf(found, search) : null;
  if (search.countsOnly) return { matches: [], included: [], total, next: null };
  const places = found
    .map((candidate) => ({ candidate, position: positionOf(candidate.resource, sort, world) }))
    .sort((one, other) => comparePositions(one.position, other.position, sort));
  const shownPlaces = showsContainer ? eachOnce(places) : places;
  const rest =
    after === null
      ? shownPlaces
      : shownPlaces.filter(({ position }) => comparePositions(after, position, sort) < 0);
  const page = rest.slice(0, search.count);
  const candidates = page.map(({ candidate }) => candidate);
  return {
    matches: candidates.map(({ container, fragment }) => ({
      resource: container,
      fragment: showsContainer ? null : fragment,
    })),
    included: includedBeside(candidates, search, world),
    total,
    next: rest.length > page.length ? (page.at(-1)?.position ?? null) : null,
  };
}

/** Everything that is of the type searched and meets every condition, contained or not. */
function foundIn(
  search: Search,
  resources: readonly JsonObject[],
  world: World,
): readonly Candidate[] {
  const { contained, type, containedConditions } = search;
  const plain =
    contained === 'true' ? [] : resources.filter((each) => matches(search, each, world));
  if (contained === 'false') return plain.map(candidateOf);
  const inside = resources.flatMap(containedIn).filter(({ resource }) => {
    if (resource.resourceType !== type) return false;
    return containedConditions.every((holds) => holds(resource, world));
  });
  return [...plain.map(candidateOf), ...inside];
}

function countOf(found: readonly Candidate[], { showsContainer }: Search): number {
  return showsContainer ? new Set(found.map(({ container }) => container)).size : found.length;
}

/** Of each container the place that comes first. */
function eachOnce<T extends { readonly candidate: Candidate }>(places: readonly T[]): readonly T[] {
  const seen = new Set<JsonObject>();
  return places.filter(({ candidate: { container } }) => {
    if (seen.has(container)) return false;
    seen.add(container);
    return true;
  });
}

/** What the includes of a search add to a page: not what is on it already, as a container too. */
function includedBeside(
  page: readonly Candidate[],
  { includes, revincludes, showsContainer }: Search,
  world: World,
): readonly JsonObject[] {
  const found = includedWith(
    page.map(({ resource }) => resource),
    includes,
    revincludes,
    world,
  );
  const containers = new Set(showsContainer ? page.map(({ container }) => container) : []);
  return found.filter((each) => !containers.has(each));
}

/**
 * A resource as a search shows it: `_summary` cuts matches and includes, `_elements` matches alone
 * (http://hl7.org/fhir/R4/search.html#elements). Itself where nothing is cut, so that stored text
 * can be sent as it is.
 */
export function shown(search: Search, resource: JsonObject, mode: 'match' | 'include'): JsonObject {
  if (search.elements !== null && mode === 'match') return withElements(resource, search.elements);
  return summarised(resource, search.summary);
}

/** Whether a search leaves parts out of what it shows. */
export function isCut(search: Search, mode: 'match' | 'include'): boolean {
  return (search.elements !== null && mode === 'match') || isSummary(search.summary);
}
