/**
 * FHIR's search parameter types, as far as R4 uses them here
 * (http://hl7.org/fhir/R4/search.html#ptypes).
 */
export type ParameterType =
  | 'token'
  | 'reference'
  | 'date'
  | 'string'
  | 'quantity'
  | 'number'
  | 'uri'
  | 'composite';

/** Keeps some of the elements at a step: those of a system, of a URL, or that refer to a type. */
export interface Filter {
  readonly kind: 'system' | 'url' | 'is';
  readonly value: string;
}

/** One element name on the way to a value. */
export interface Step {
  readonly name: string;
  readonly filter: Filter | null;
}

/** Where values of a parameter stand: lists on the way are walked through. */
export interface Path {
  /** Empty for the resource or element itself. */
  readonly steps: readonly Step[];
  /**
   * The FHIR data type of what stands there, or one of ours: `mime`, a code that is a media type;
   * `exists`, whether one of several elements is there and not false; `counted`, a number that says
   * yes; `age`, a birth date that is asked for years.
   */
  readonly dataType: string;
  /** The code system that the value set of a `code` element implies, where it is but one. */
  readonly system: string | null;
}

/** One part of a composite parameter; its paths start at the element that the composite names. */
export interface Component {
  readonly type: ParameterType;
  readonly paths: readonly Path[];
}

/** One search parameter of one resource type. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** The canonical URL of the SearchParameter that it implements. */
  readonly definition: string;
  readonly paths: readonly Path[];
  /** The types that a reference may lead to; `*` is any type. Empty for what is no reference. */
  readonly targets: readonly string[];
  /** The parts of a composite, in their order; else empty. */
  readonly components: readonly Component[];
}

/** The generated rows of one resource type; `readRow` says how a parameter's row is written. */
export interface TypeRows {
  readonly parameters: readonly string[];
  /** The elements at the root; `!` marks what is mandatory. */
  readonly elements: readonly string[];
  /** The paths that `_summary=true` keeps. */
  readonly summary: readonly string[];
}

const DEFINITIONS = 'http://hl7.org/fhir/SearchParameter/';

/**
 * Reads a generated row: name, type, last part of the definition's URL, paths, and for a reference
 * its targets, for a composite its components; blanks between them. Throws on a row that is wrong.
 */
export function readRow(row: string): Parameter {
  const [name = '', type = '', definition = '', paths = '', more = ''] = row.split(' ');
  const parameterType = typeNamed(type);
  return {
    name,
    type: parameterType,
    definition: `${DEFINITIONS}${definition}`,
    paths: readPaths(paths),
    targets: parameterType === 'reference' ? more.split(',') : [],
    components: parameterType === 'composite' ? more.split(';').map(readComponent) : [],
  };
}

const TYPES: readonly ParameterType[] = [
  'token',
  'reference',
  'date',
  'string',
  'quantity',
  'number',
  'uri',
  'composite',
];

function typeNamed(name: string): ParameterType {
  const type = TYPES.find((each) => each === name);
  if (type === undefined) throw new Error(`INVARIANT: ${name} is a type of search parameter`);
  return type;
}

function readComponent(text: string): Component {
  const equals = text.indexOf('=');
  return { type: typeNamed(text.slice(0, equals)), paths: readPaths(text.slice(equals + 1)) };
}

function readPaths(text: string): readonly Path[] {
  return text.split(',').map(readPath);
}

/** `a.b[system=x].c:Type@code-system`; `$this` stands for no step at all. */
function readPath(text: string): Path {
  const [walk = '', system = null] = text.split('@');
  const colon = walk.lastIndexOf(':');
  const steps = walk.slice(0, colon);
  return {
    steps: steps === '$this' ? [] : [...steps.matchAll(STEP)].map(readStep),
    dataType: walk.slice(colon + 1),
    system,
  };
}

const STEP = /([^.[\]]+)(?:\[(system|url|is)=([^\]]*)\])?\.?/g;

function readStep([, name = '', kind, value = '']: RegExpExecArray): Step {
  const filter = kind === undefined ? null : { kind: kind as Filter['kind'], value };
  return { name, filter };
}
