import { isObject, type JsonObject } from '../fhir/json.ts';
import type { ResourceScope } from './scopes.ts';
import type { Walk } from './walk.ts';

const EMPTY: ReadonlyMap<string, string> = new Map();

const NO_ID = {
  rule: 'contained-id',
  code: 'required',
  words: 'A contained resource needs an id of its own.',
} as const;
const NESTED = fault('dom-2', 'A contained resource may not contain others.');
const UNNAMED = fault('dom-3', 'Nothing refers to this contained resource.');
const VERSIONED = fault('dom-4', 'A contained resource has no version of its own.');
const LABELLED = fault('dom-5', 'A contained resource has no security label of its own.');

/** The scope of a resource that is not contained. */
export function scopeOf({ contained }: JsonObject): ResourceScope {
  const ids = Array.isArray(contained) ? idsOf(contained) : EMPTY;
  return { contained: ids, named: new Set(), refersBack: new Set(), within: null };
}

function idsOf(contained: readonly unknown[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const each of contained) {
    if (isObject(each as JsonObject)) {
      const { id, resourceType } = each as JsonObject;
      if (typeof id === 'string') ids.set(id, String(resourceType));
    }
  }
  return ids;
}

/** What holds for contained resources alone, dom-3 apart; reported where the resource is. */
export function checkContained(resource: JsonObject, walk: Walk): void {
  if (resource.id === undefined) walk.report(NO_ID, 'id');
  if (resource.contained !== undefined) walk.report(NESTED, 'contained');
  const { meta } = resource;
  if (!isObject(meta)) return;
  if (meta.versionId !== undefined || meta.lastUpdated !== undefined)
    walk.report(VERSIONED, 'meta');
  if (meta.security !== undefined) walk.report(LABELLED, 'meta');
}

/** dom-3, once all of a resource has been walked; ids that are given twice are found here too. */
export function checkAllNamed(resource: JsonObject, walk: Walk): void {
  const { contained } = resource;
  const scope = walk.resource;
  if (scope === null || !Array.isArray(contained)) return;
  const taken = new Set<unknown>();
  contained.forEach((each: unknown, index) => {
    const { id } = isObject(each as JsonObject) ? (each as JsonObject) : {};
    if (typeof id !== 'string') return;
    if (taken.has(id)) walk.report(NO_ID, 'contained', index);
    taken.add(id);
    const named = scope.named.has(id) || scope.refersBack.has(index);
    if (!named) walk.report(UNNAMED, 'contained', index);
  });
}

/** Notes `#id` or `#`, which stands for the resource that contains. */
export function noteLocalReference(reference: string, scope: ResourceScope | null): void {
  if (scope === null) return;
  if (reference !== '#') scope.named.add(reference.slice(1));
  else if (scope.within !== null) scope.refersBack.add(scope.within);
}

function fault(rule: string, words: string) {
  return { rule, code: 'invariant', words } as const;
}
