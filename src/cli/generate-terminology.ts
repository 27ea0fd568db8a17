import type { Concept, Terminology } from './generate-definitions.ts';
import { jsonText } from './generate-text.ts';
import { compileDefinitions } from './generate-validation.ts';
import { listedValueSets } from './generate-value-sets.ts';

/**
 * `src/domain/search/terminology.json`: what `:in`, `:above` and `:below` can be decided by. The
 * value sets are those that the definitions have codes taken from; the code systems those that
 * these sets take theirs from, as far as R4 has them in full.
 */
export function searchTerminologyText(): string {
  const { valueSets, terminology } = compileDefinitions();
  const listed = listedValueSets(valueSets, terminology);
  const systems = [...new Set(Object.values(listed).flatMap(Object.keys))].sort();
  const complete = systems
    .map((url) => terminology.get(url))
    .filter((found) => found?.content === 'complete' && found.resourceType === 'CodeSystem')
    .filter((found) => found !== undefined);
  const codeSystems = Object.fromEntries(complete.map((each) => [each.url, parentsIn(each)]));
  return jsonText({ valueSets: listed, codeSystems });
}

/** Every code that is below another one, as `code<parent`, blanks between them. */
function parentsIn({ concept = [] }: Terminology): string {
  const pairs = new Set<string>();
  const visit = (each: Concept, parent: string | null): void => {
    if (parent !== null) pairs.add(`${each.code}<${parent}`);
    for (const { code, valueCode } of each.property ?? []) {
      if (code === 'subsumedBy') pairs.add(`${each.code}<${valueCode}`);
    }
    for (const child of each.concept ?? []) visit(child, each.code);
  };
  for (const each of concept) visit(each, null);
  return [...pairs].join(' ');
}
