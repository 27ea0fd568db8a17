import type { ParameterType } from '../domain/search/definition.ts';

/** An element of a StructureDefinition, as far as search tables need it. */
export interface ElementDefinition {
  readonly path: string;
  readonly min: number;
  readonly isSummary?: boolean;
  readonly contentReference?: string;
  readonly type?: readonly { readonly code: string }[];
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
}

/** What a compilation looks things up in. */
export interface Model {
  /** Elements by path, such as `Observation.value[x]`. */
  readonly elements: ReadonlyMap<string, ElementDefinition>;
  /** The one code system that a value set draws on; null where there are several or none. */
  systemOf(valueSet: string): string | null;
}

/** The data types that each type of parameter can be asked of (R4, search, section 3.1.1.9). */
const USABLE: Readonly<Record<Exclude<ParameterType, 'composite'>, readonly string[]>> = {
  token: 'code Coding CodeableConcept Identifier ContactPoint boolean string uri id'.split(' '),
  string: ['string', 'HumanName', 'Address', 'markdown'],
  date: ['date', 'dateTime', 'instant', 'Period', 'Timing'],
  reference: ['Reference', 'canonical', 'uri'],
  quantity: ['Quantity', 'Age', 'Range', 'SampledData'],
  uri: ['uri', 'url', 'canonical'],
  number: ['integer', 'decimal', 'positiveInt', 'unsignedInt'],
};

const PRIMITIVE_ID = 'http://hl7.org/fhirpath/System.String';
const MIME_TYPES = 'http://hl7.org/fhir/ValueSet/mimetypes';

/** `x.exists() and x != false`, the one expression of R4 that makes a value of its own. */
const EXISTS = /^(\w+)\.(\w+)\.exists\(\) and \1\.\2 != false$/;

/** Where a compilation stands: the JSON names so far, and what may stand there. */
interface Position {
  readonly names: readonly string[];
  readonly at: readonly { readonly name: string; readonly path: string; readonly type: string }[];
}

/**
 * Compiles the FHIRPath of a SearchParameter, as far as it is about one type, to the paths of a
 * generated row. Both spellings of a type, `(x as T)` and `x.ofType(T)`, are read. Throws on
 * anything that R4's parameters of our types do not use: a new construct must not be passed over.
 */
export function compileExpression(
  expression: string,
  type: string,
  search: ParameterType,
  model: Model,
): readonly string[] {
  const unions = splitOutside(normalised(expression), '|').map((each) => each.trim());
  const ours = unions.filter((each) => rootOf(each) === type);
  return [...new Set(ours.flatMap((each) => compileUnion(each, search, model)))];
}

/** The paths of one part of a composite, from the element that the composite names. */
export function compileComponent(
  expression: string,
  base: string,
  search: ParameterType,
  model: Model,
): readonly string[] {
  const start = { names: [], at: [{ name: '', path: base, type: base }] };
  return splitOutside(normalised(expression), '|').flatMap((each) =>
    written(walk(splitOutside(each.trim(), '.'), start, model), search, model),
  );
}

function compileUnion(expression: string, search: ParameterType, model: Model): readonly string[] {
  const exists = EXISTS.exec(expression);
  if (exists !== null) return [`${exists[2]}Boolean|${exists[2]}DateTime:exists`];
  const [root = '', ...steps] = splitOutside(expression, '.');
  const start = { names: [], at: [{ name: '', path: root, type: root }] };
  const end = walk(steps, start, model);
  if (search === 'composite') {
    const names = [...end.names, end.at[0]?.name ?? ''].join('.');
    return [`${names || '$this'}:${end.at[0]?.type}`];
  }
  return written(end, search, model);
}

function rootOf(expression: string): string {
  return /^\w+/.exec(expression)?.[0] ?? '';
}

/** Without the brackets around a cast, and with every cast written as `ofType`. */
function normalised(expression: string): string {
  return expression
    .replace(/\(([\w.]+) as (\w+)\)/g, '$1.ofType($2)')
    .replace(/\.as\((\w+)\)/g, '.ofType($1)')
    .replace(/(^|[|\s])\(([\w.]+\.ofType\(\w+\))\)/g, '$1$2');
}

function walk(steps: readonly string[], start: Position, model: Model): Position {
  return steps.reduce((position, step) => take(step, position, model), start);
}

function take(step: string, position: Position, model: Model): Position {
  const cast = /^ofType\((\w+)\)$/.exec(step)?.[1];
  if (cast !== undefined) return castTo(cast, position);
  const system = /^where\(system='([\w-]+)'\)$/.exec(step)?.[1];
  if (system !== undefined) return filtered(position, `[system=${system}]`);
  const target = /^where\(resolve\(\) is (\w+)\)$/.exec(step)?.[1];
  if (target !== undefined) return filtered(position, `[is=${target}]`);
  if (/^\w+$/.test(step)) return child(step, position, model);
  throw new Error(`The step ${step} of a search parameter is not understood.`);
}

function castTo(type: string, { names, at }: Position): Position {
  const found = at.filter((each) => each.type.toLowerCase() === type.toLowerCase());
  if (found.length !== 1) throw new Error(`There is no ${names.join('.')} of type ${type}.`);
  return { names, at: found };
}

function filtered({ names, at }: Position, filter: string): Position {
  return { names, at: at.map((each) => ({ ...each, name: `${each.name}${filter}` })) };
}

function child(name: string, { names, at }: Position, model: Model): Position {
  const [parent, ...others] = at;
  if (parent === undefined || others.length > 0) throw new Error(`${name} follows a choice.`);
  const path = `${below(parent, model)}.${name}`;
  const element = model.elements.get(path) ?? model.elements.get(`${path}[x]`);
  if (element === undefined) throw new Error(`There is no element ${path}.`);
  const isChoice = element.path.endsWith('[x]');
  const passed = parent.name === '' ? names : [...names, parent.name];
  return {
    names: passed,
    at: (element.type ?? []).map(({ code }) => ({
      name: isChoice ? `${name}${code.charAt(0).toUpperCase()}${code.slice(1)}` : name,
      path: element.path,
      type: code === PRIMITIVE_ID ? 'id' : code,
    })),
  };
}

/** Where the children of an element are defined: in its own definition, or in that of its type. */
function below(at: Position['at'][number], model: Model): string {
  const isInline = at.type === 'BackboneElement' || at.type === 'Element' || at.path === at.type;
  if (isInline) return model.elements.get(at.path)?.contentReference?.slice(1) ?? at.path;
  return at.type;
}

function written(end: Position, search: ParameterType, model: Model): readonly string[] {
  if (search === 'composite') throw new Error('A composite is made of simple parameters.');
  const usable = end.at.filter(({ type }) => USABLE[search].includes(type));
  if (usable.length === 0) throw new Error(`Nothing at ${end.names.join('.')} can be searched.`);
  return usable.map((each) => {
    const { strength, valueSet } = model.elements.get(each.path)?.binding ?? {};
    const bound = strength === 'required' && valueSet !== undefined ? valueSet.split('|')[0] : null;
    const isMime = each.type === 'code' && bound === MIME_TYPES;
    const system = each.type === 'code' && bound && !isMime ? model.systemOf(bound) : null;
    const steps = [...end.names, each.name].join('.');
    return `${steps}:${isMime ? 'mime' : each.type}${system === null ? '' : `@${system}`}`;
  });
}

/** Splits at a separator that stands in no brackets and no quotes. */
function splitOutside(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === separator && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
