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
  terminology: ReadonlyMap<string, Terminology>,
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

function expand(url: string, terminology: ReadonlyMap<string, Terminology>): GeneratedValueSet {
  const { compose } = terminology.get(url) ?? {};
  if (compose === undefined || compose.exclude !== undefined) throw cannotExpand(url);
  const codes: Record<string, string> = {};
  for (const { system, concept, filter, valueSet } of compose.include) {
    if (system === undefined || filter !== undefined || valueSet !== undefined) {
      throw cannotExpand(url);
    }
    codes[system] = (concept ?? conceptsOf(system, terminology)).flatMap(codesBelow).join(' ');
  }
  return codes;
}

function conceptsOf(
  system: string,
  terminology: ReadonlyMap<string, Terminology>,
): readonly Concept[] {
  const found = terminology.get(system);
  if (found?.content !== 'complete') throw cannotExpand(system);
  return found.concept ?? [];
}

function codesBelow({ code, concept = [] }: Concept): readonly string[] {
  if (/\s/.test(code)) throw new Error('INVARIANT: codes are separated by blanks');
  return [code, ...concept.flatMap(codesBelow)];
}

function cannotExpand(url: string): Error {
  return new Error(`${url} cannot be expanded offline`);
}
