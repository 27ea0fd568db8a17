import { objectAt } from '../fhir/elements.ts';
import { isObject, type JsonObject } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import { type Asked, type ElementTest, modifierFault, valueFault } from './kind.ts';
import { targetKey } from './references.ts';
import { rememberedBy } from './remembered-by.ts';
import { keyOf, localKey, type World } from './world.ts';

/** The type whose resources are parts of others of the same type, and by which element. */
const TYPE = 'Organization';
const PARENT = 'partOf';

/**
 * `:above` and `:below` of a reference (http://hl7.org/fhir/R4/search.html#recursive): to an
 * organisation, to those that it is part of, or to those that are part of it. Only what may be seen
 * links one to another.
 */
export function readHierarchy(
  wanted: string,
  asked: Asked,
  direction: 'above' | 'below',
): ElementTest | Issue {
  const { targets } = asked.parameter;
  if (!targets.includes(TYPE) && !targets.includes('*')) {
    return modifierFault(asked, 'is for references to organisations, and for canonical URLs');
  }
  const typed = wanted.includes('/') ? wanted : `${TYPE}/${wanted}`;
  const key = localKey(typed, asked.baseUrl);
  if (!key?.startsWith(`${TYPE}/`)) return valueFault(asked, `is no id of an ${TYPE} here`);
  const related = rememberedBy((world) => relatedTo(key, world, direction));
  return (element, _path, place) => {
    const target = isObject(element) ? targetKey(element, place) : null;
    return target !== null && related(place.world).has(target);
  };
}

/** `Type/id` of a resource and of all that are above or below it; they may stand in circles. */
function relatedTo(key: string, world: World, direction: 'above' | 'below'): ReadonlySet<string> {
  const links = world.all(TYPE).map((each) => [keyOf(each), parentOf(each, world)] as const);
  const parents = new Map(links);
  const children = Map.groupBy(links, ([, parent]) => parent);
  const next = (from: string): readonly (string | null)[] =>
    direction === 'above'
      ? [parents.get(from) ?? null]
      : (children.get(from) ?? []).map(([child]) => child);
  const found = new Set([key]);
  for (const each of found) for (const more of next(each)) if (more !== null) found.add(more);
  return found;
}

function parentOf(resource: JsonObject, world: World): string | null {
  const reference = objectAt(resource, PARENT);
  return reference === null ? null : targetKey(reference, { resource, world });
}
