import { objectsAt, textAt } from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';
import { containedId } from './world.ts';

/** Which resources a search looks at (http://hl7.org/fhir/R4/search.html#contained). */
export type Contained = 'false' | 'true' | 'both';

/** The values of `_contained`. */
export const CONTAINED: readonly Contained[] = ['false', 'true', 'both'];

/** What a search looks at: a resource of the world, or one that travels inside it. */
export interface Candidate {
  /** What conditions and order are held against. */
  readonly resource: JsonObject;
  /** The resource of the world that it is, or that it travels in. */
  readonly container: JsonObject;
  /** Its id inside the container; null for what is in none. */
  readonly fragment: string | null;
}

/** A resource of the world by itself. */
export function candidateOf(resource: JsonObject): Candidate {
  return { resource, container: resource, fragment: null };
}

/**
 * The resources that one contains. Each has an id that no other resource of the world has, and what
 * is contained beside it, so that its references lead where they lead from the container.
 */
export function containedIn(container: JsonObject): readonly Candidate[] {
  const { contained } = container;
  if (contained === undefined) return [];
  return objectsAt(container, 'contained').flatMap((each): readonly Candidate[] => {
    const fragment = textAt(each, 'id');
    if (fragment === null) return [];
    const resource = { ...each, id: containedId(container, fragment), contained };
    return [{ resource, container, fragment }];
  });
}
