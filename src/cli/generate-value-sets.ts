import type { Concept, Terminology } from './generate-definitions.ts';

/** Value sets that are no lists: their codes are checked by form. */
const BY_FORM: Readonly<Record<string, string>> = {
  'http://hl7.org/fhir/ValueSet/all-languages': 'language',
  'http://hl7.org/fhir/ValueSet/mimetypes': 'mimetype',
  'http://hl7.org/fhir/ValueSet/currencies': 'currency',
};

/** A value set in `value-sets.json`: its codes by system, separated by blanks, or its form. */
export type GeneratedValueSet = Readonly<Record<string, string>>;

/**
 * Expands every bound value set offline, by name. Throws for one that cannot be expanded in full:
 * a required binding that is checked by half would accept what it must not.
 */
export function generateValueSets(
  bound: ReadonlyMap<string, string>,
  terminology: Terminologies,
): Readonly<Record<string, GeneratedValueSet>> {
  const names = [...bound.keys()].sort();
  return Object.fromEntries(
    names.map((name) => {
      const url = bound.get(name) ?? '';
      const form = BY_FORM[url];
      return [name, form === undefined ? expand(url, terminology) : { form }];
    }),
  );
}

/** Those of these value sets that are lists, expanded, by URL. */
export function listedValueSets(
  urls: readonly string[],
  terminology: Terminologies,
): Readonly<Record<string, GeneratedValueSet>> {
  const listed = urls.filter((url) => BY_FORM[url] === undefined);
  return Object.fromEntries(listed.map((url) => [url, expand(url, terminology)]));
}

function expand(url: string, terminology: Terminologies): GeneratedValueSet {
  const expansion = expansionOf(url, terminology);
  if (expansion === null) throw new Error(`${url} cannot be expanded offline`);
  return Object.fromEntries(
    [...expansion].map(([system, codes]) => {
      if (codes.some((code) => /\s/.test(code))) {
        throw new Error('INVARIANT: codes are separated by blanks');
      }
      return [system, codes.join(' ')];
    }),
  );
}

/** The value sets of these that can be expanded in full, with at most so many codes. */
export function expandable(
  urls: Iterable<string>,
  terminology: Terminologies,
  codesMax: number,
): ReadonlySet<string> {
  const sizeOf = (url: string): number => {
    const expansion = expansionOf(url, terminology);
    if (expansion === null) return Number.POSITIVE_INFINITY;
    return [...expansion.values()].flat().length;
  };
  return new Set([...urls].filter((url) => sizeOf(url) <= codesMax));
}

type Terminologies = ReadonlyMap<string, Terminology>;
type Expansion = ReadonlyMap<string, readonly string[]>;
type Include = NonNullable<Terminology['compose']>['include'][number];

/** Null where the codes are not at hand, or are chosen in a way that this does not know. */
function expansionOf(url: string, terminology: Terminologies): Expansion | null {
  const { compose } = terminology.get(url) ?? {};
  if (compose === undefined || compose.exclude !== undefined) return null;
  const codes = new Map<string, readonly string[]>();
  for (const include of compose.include) {
    const part = includedBy(include, terminology);
    if (part === null) return null;
    for (const [system, more] of part) {
      codes.set(system, [...new Set([...(codes.get(system) ?? []), ...more])]);
    }
  }
  return codes;
}

function includedBy(include: Include, terminology: Terminologies): Expansion | null {
  const { system, concept, filter = [], valueSet } = include;
  if (system === undefined) {
    const [only, ...others] = valueSet ?? [];
    // Codes that several sets have in common are not needed yet.
    if (only === undefined || others.length > 0) return null;
    return expansionOf(only.split('|')[0] ?? '', terminology);
  }
  if (valueSet !== undefined || filter.length > 1) return null;
  if (concept !== undefined) return new Map([[system, concept.flatMap(codesBelow)]]);
  const found = terminology.get(system);
  if (found?.content !== 'complete') return null;
  const all = found.concept ?? [];
  const [only] = filter;
  if (only === undefined) return new Map([[system, all.flatMap(codesBelow)]]);
  if (only.property !== 'concept' || !/^is-(?:not-)?a$/.test(only.op)) return null;
  const below = subsumedBy(only.value, all);
  const wanted = all.flatMap(codesBelow).filter((code) => below.has(code) === (only.op === 'is-a'));
  return new Map([[system, wanted]]);
}

/** A concept and all that are below it, by nesting or by their own word. */
function subsumedBy(code: string, concepts: readonly Concept[]): ReadonlySet<string> {
  const below = new Set([code]);
  const visit = (concept: Concept, isBelow: boolean): void => {
    const parents = (concept.property ?? []).filter((each) => each.code === 'subsumedBy');
    const found =
      isBelow || below.has(concept.code) || parents.some((each) => below.has(each.valueCode ?? ''));
    if (found) below.add(concept.code);
    for (const child of concept.concept ?? []) visit(child, found);
  };
  // Again until nothing is added: what is above may stand further down.
  for (let before = 0; before !== below.size; ) {
    before = below.size;
    for (const concept of concepts) visit(concept, false);
  }
  return below;
}

function codesBelow({ code, concept = [] }: Concept): readonly string[] {
  return [code, ...concept.flatMap(codesBelow)];
}
