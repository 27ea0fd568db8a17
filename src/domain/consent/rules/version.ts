import type { Entry } from '../../record/care-record.ts';
import type { EntryRule, Rule, Situation } from '../rule.ts';

/** Rule 12. An earlier version is disclosed only where both it and the current one may be. */
export const version: Rule = {
  id: 'version',
  reason: 'An earlier version is seen only by those who may see it and the current one.',
  source: 'Contract, section 4, rule 12',
};

/**
 * Whether one version may be disclosed to who may see the entries `current`, by the choices of now.
 */
export function mayShowVersion(
  entry: Entry,
  current: ReadonlySet<string>,
  rules: readonly EntryRule[],
  situation: Situation,
): boolean {
  // What a Provenance told of then must be there to be seen, too.
  const told = [entry.id, ...(entry.tellsOf ?? [])];
  return (
    told.every((id) => current.has(id)) && !rules.some((rule) => rule.withholds(entry, situation))
  );
}
