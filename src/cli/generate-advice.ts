import type {
  ElementDefinition,
  StructureDefinition,
  Terminology,
} from './generate-definitions.ts';
import type { GeneratedModel } from './generate-model.ts';
import { expandable, type GeneratedValueSet, generateValueSets } from './generate-value-sets.ts';

/** The content of `advice.json`: value sets that codes should be taken from, but need not. */
export interface GeneratedAdvice {
  /** By `Type.element`, `strength value-set`; of R4, and of our profiles by their URLs. */
  readonly elements: Readonly<Record<string, string>>;
  readonly profiles: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly valueSets: Readonly<Record<string, GeneratedValueSet>>;
}

/** Longer sets would make the table large, to say little: types of documents, by LOINC. */
const CODES_MAX = 1_000;

/**
 * The extensible and preferred bindings of R4 and of our profiles whose value sets can be expanded
 * offline: those of SNOMED CT and LOINC cannot. `bound` has the URLs of these value sets.
 */
export function generateAdvice(
  model: GeneratedModel,
  structures: ReadonlyMap<string, StructureDefinition>,
  profiles: readonly StructureDefinition[],
  terminology: ReadonlyMap<string, Terminology>,
): { readonly table: GeneratedAdvice; readonly bound: readonly string[] } {
  const names = Object.keys(model.types);
  const ofR4 = names.flatMap((name) => advisedIn(structures.get(name)?.snapshot?.element ?? []));
  const ofProfiles = profiles.map(({ url, differential }): [string, readonly Advised[]] => [
    url,
    advisedIn(differential.element),
  ]);
  const all = [...ofR4, ...ofProfiles.flatMap(([, advised]) => advised)];
  const known = expandable(new Set(all.map(({ url }) => url)), terminology, CODES_MAX);
  const isKnown = ({ url }: Advised): boolean => known.has(url);
  const bound = new Map([...known].map((url) => [nameOf(url), url]));
  if (bound.size < known.size) throw new Error('Two advised value sets have one name');
  const table = {
    elements: tableOf(ofR4.filter(isKnown)),
    profiles: Object.fromEntries(
      ofProfiles
        .map(([url, advised]) => [url, tableOf(advised.filter(isKnown))] as const)
        .filter(([, each]) => Object.keys(each).length > 0),
    ),
    valueSets: generateValueSets(bound, terminology),
  };
  return { table, bound: [...known] };
}

interface Advised {
  readonly path: string;
  readonly strength: string;
  readonly url: string;
}

function advisedIn(elements: readonly ElementDefinition[]): readonly Advised[] {
  return elements.flatMap(({ id, path, binding, type }) => {
    const strength = binding?.strength ?? '';
    const url = binding?.valueSet?.split('|')[0];
    // A binding of a whole type is one of quantities to units: those are not judged here.
    const isElement = path.includes('.');
    if (!isElement || url === undefined || !/^(?:extensible|preferred)$/.test(strength)) return [];
    if (id.includes(':')) throw new Error(`The slice ${id} has a binding that is not required`);
    // A profile need not repeat the type. Whether a value is coded, the walk knows.
    const isCoded =
      type?.some(({ code }) => /^(?:code|Coding|CodeableConcept)$/.test(code)) ?? true;
    return isCoded ? [{ path: path.replace('[x]', ''), strength, url }] : [];
  });
}

function tableOf(advised: readonly Advised[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    advised.map(({ path, strength, url }) => [path, `${strength} ${nameOf(url)}`]),
  );
}

function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
