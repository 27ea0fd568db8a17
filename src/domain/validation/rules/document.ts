import { has, hasChoice, type Rule, rule } from './rule.ts';

/** The invariants of Composition (http://hl7.org/fhir/R4/composition.html#invs). */
export const COMPOSITION_SECTION: readonly Rule[] = [
  rule(
    'cmp-1',
    'A section needs a text, entries or sections of its own.',
    (it) => has(it, 'text') || has(it, 'entry') || has(it, 'section'),
  ),
  rule(
    'cmp-2',
    'Only a section without entries says why it is empty.',
    (it) => !has(it, 'emptyReason') || !has(it, 'entry'),
  ),
];

/** The invariant of Extension (http://hl7.org/fhir/R4/extensibility.html#invs). */
export const EXTENSION: readonly Rule[] = [
  rule(
    'ext-1',
    'An extension has either a value or extensions of its own.',
    (it) => has(it, 'extension') !== hasChoice(it, 'value'),
  ),
];

export const CODE_FILTER: readonly Rule[] = [pathOrSearchParam('drq-1')];
export const DATE_FILTER: readonly Rule[] = [pathOrSearchParam('drq-2')];

export const EXPRESSION: readonly Rule[] = [
  rule(
    'exp-1',
    'An expression or a reference to one is needed.',
    (it) => has(it, 'expression') || has(it, 'reference'),
  ),
];

/** The invariants of TriggerDefinition (http://hl7.org/fhir/R4/metadatatypes.html). */
export const TRIGGER: readonly Rule[] = [
  rule(
    'trd-1',
    'A trigger has data or a timing, not both.',
    (it) => !has(it, 'data') || !hasChoice(it, 'timing'),
  ),
  rule(
    'trd-2',
    'A trigger has a condition only where it has data.',
    (it) => !has(it, 'condition') || has(it, 'data'),
  ),
  rule('trd-3', 'A trigger needs what its type is about: a name, a timing or data.', (it) => {
    if (it.type === 'named-event') return has(it, 'name');
    if (it.type === 'periodic') return hasChoice(it, 'timing');
    return typeof it.type !== 'string' || !it.type.startsWith('data-') || has(it, 'data');
  }),
];

function pathOrSearchParam(key: string): Rule {
  return rule(
    key,
    'A filter has either a path or a search parameter.',
    (it) => has(it, 'path') !== has(it, 'searchParam'),
  );
}
