import { type Asked, definitionOf, type Resource, referencesOf, valuesOf } from './naive.ts';
import { text } from './naive-values.ts';

/**
 * What `_include` and `_revinclude` add to the matches of a page, as `Type/id`: looked for again
 * and again, until nothing is added.
 */
export function naivelyIncluded(
  page: readonly Resource[],
  asked: readonly Asked[],
  record: readonly Resource[],
): ReadonlySet<string> {
  const reached = new Set(page);
  for (let before = 0; before < reached.size; ) {
    before = reached.size;
    for (const [name, value] of asked) {
      // Without :iterate it is asked of the matches alone.
      for (const each of name.endsWith(':iterate') ? [...reached] : page) {
        const found = name.startsWith('_include')
          ? record.filter((other) => refers(each, other, value))
          : record.filter((other) => refers(other, each, value));
        for (const other of found) reached.add(other);
      }
    }
  }
  for (const each of page) reached.delete(each);
  return new Set([...reached].map(pathOf));
}

/** `Type/id` of a resource. */
export function pathOf({ resourceType, id }: Resource): string {
  return `${resourceType}/${id}`;
}

/** Whether one resource refers to another as `[type]:[parameter]:[target type]` says, or `*`. */
function refers(from: Resource, to: Resource, value: string): boolean {
  const [type = '', code = '*', target] = value.split(':');
  if (type !== '*' && type !== from.resourceType) return false;
  if (target !== undefined && target !== to.resourceType) return false;
  const definition = definitionOf(from.resourceType, code);
  const definitions = code === '*' ? referencesOf(from.resourceType) : [definition];
  return definitions.some(
    (each) =>
      each !== undefined &&
      valuesOf(from, each).some((one) => text(one, 'reference') === pathOf(to)),
  );
}
