import type { JsonObject } from '../fhir/json.ts';
import { includedWith } from './include.ts';
import { isSummary, summarised, withElements } from './project.ts';
import type { Search } from './read-search.ts';
import { comparePositions, type Position, positionOf } from './sort.ts';
import type { World } from './world.ts';

/** One page of what a search found; resources are the very objects that were searched. */
export interface Page {
  readonly matches: readonly JsonObject[];
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
  const found = resources.filter((each) => matches(search, each, world));
  const total = search.saysTotal || search.countsOnly ? found.length : null;
  if (search.countsOnly) return { matches: [], included: [], total, next: null };
  const places = found
    .map((resource) => ({ resource, position: positionOf(resource, search.sort, world) }))
    .sort((one, other) => comparePositions(one.position, other.position, search.sort));
  const rest =
    after === null
      ? places
      : places.filter(({ position }) => comparePositions(after, position, search.sort) < 0);
  const page = rest.slice(0, search.count);
  const resourcesOfPage = page.map(({ resource }) => resource);
  return {
    matches: resourcesOfPage,
    included: includedWith(resourcesOfPage, search.includes, search.revincludes, world),
    total,
    next: rest.length > page.length ? (page.at(-1)?.position ?? null) : null,
  };
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
