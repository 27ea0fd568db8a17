import { definitionOf, type Resource, valuesOf } from './naive.ts';
import { momentsOf, numbersOf, part, plain, textsOf, type Value } from './naive-values.ts';

type Key = string | number;

/**
 * Resources in the order that `_sort` asks for: of several values the one that comes first, what
 * has none last, and by ids what is left equal.
 */
export function naivelySorted(resources: readonly Resource[], sort: string): readonly Resource[] {
  const rules = sort.split(',').filter((each) => each !== '');
  return resources.toSorted((one, other) => {
    for (const rule of rules) {
      const isDescending = rule.startsWith('-');
      const code = isDescending ? rule.slice(1) : rule;
      const [a, b] = [one, other].map((each) => keyOf(each, code, isDescending));
      if (a === b) continue;
      if (a === undefined) return 1;
      if (b === undefined) return -1;
      return a < b !== isDescending ? -1 : 1;
    }
    return one.id < other.id ? -1 : 1;
  });
}

function keyOf(resource: Resource, code: string, isDescending: boolean): Key | undefined {
  const definition = definitionOf(resource.resourceType, code);
  if (definition === undefined) return undefined;
  const keys = valuesOf(resource, definition)
    .flatMap((value) => keysOf(value, definition.type, code, isDescending))
    .toSorted((a, b) => (a < b ? -1 : 1));
  return isDescending ? keys.at(-1) : keys[0];
}

function keysOf(value: Value, type: string, code: string, isDescending: boolean): readonly Key[] {
  const end = isDescending ? 1 : 0;
  switch (type) {
    case 'date':
      return momentsOf(value).slice(end, end + 1);
    case 'quantity':
      return numbersOf(value).slice(end, end + 1);
    case 'string':
      return textsOf(value, code).map(plain);
    case 'token':
      return codesOf(value);
    default:
      return [String(typeof value === 'object' ? part(value, 'reference') : value)];
  }
}

/** Codes without their systems, FHIR's own as they stand. */
function codesOf(value: Value): string[] {
  if (typeof value !== 'object') return [String(value)];
  const { coding = [value] } = value;
  return [coding]
    .flat()
    .map((each) => part(each, 'code') ?? part(each, 'value'))
    .filter((each) => each !== undefined)
    .map((each) => String(each).toLowerCase());
}
