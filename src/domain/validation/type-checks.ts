import type { JsonObject } from '../fhir/json.ts';
import { isNhsNumber } from '../fhir/nhs-number.ts';
import { NHS_NUMBER } from '../fhir/systems.ts';
import { checkBundle, checkEntry } from './bundle-scope.ts';
import { type Fault, wrongValue } from './fault.ts';
import type { ElementModel } from './model.ts';
import { applyProfile } from './overlay.ts';
import { checkReference } from './references.ts';
import type { Walk } from './walk.ts';

/** A check of a datatype, a backbone element or a resource that no table can state. */
export type TypeCheck = (value: JsonObject, element: ElementModel | null, walk: Walk) => void;

const NOT_NHS_NUMBER = wrongValue(
  'nhs-number',
  'This is no NHS number: ten digits are expected, the last of which is the check digit.',
);
const UNKNOWN_MODIFIER: Fault = {
  rule: 'modifier-extension',
  code: 'not-supported',
  words: 'This modifier extension is not known, and may change the meaning of all the rest.',
};

/** By the name of the type. */
export const TYPE_CHECKS: ReadonlyMap<string, TypeCheck> = new Map<string, TypeCheck>([
  ['Reference', (value, element, walk) => checkReference(value, element?.targets ?? null, walk)],
  ['Identifier', checkIdentifier],
  ['Extension', checkExtension],
  ['Bundle', (value, _element, walk) => checkBundle(value, walk)],
  ['Bundle.entry', (value, _element, walk) => checkEntry(value, walk)],
]);

function checkIdentifier(value: JsonObject, _element: ElementModel | null, walk: Walk): void {
  if (value.system !== NHS_NUMBER || typeof value.value !== 'string') return;
  if (!isNhsNumber(value.value)) walk.report(NOT_NHS_NUMBER, 'value');
}

/** An extension that we define is held to its definition; a modifier that we do not is refused. */
function checkExtension(value: JsonObject, element: ElementModel | null, walk: Walk): void {
  const definition = walk.profiles.extensions.get(value.url as string);
  if (definition !== undefined) applyProfile(definition, value, walk);
  else if (element?.name === 'modifierExtension') walk.report(UNKNOWN_MODIFIER);
}
