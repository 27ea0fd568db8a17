import { objectsAt, textAt } from '../fhir/elements.ts';
import { isObject, type Json, type JsonObject } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import type { Path } from './definition.ts';
import { splitValue, unescaped } from './escapes.ts';
import { type Asked, type ElementTest, modifierFault, valueFault } from './kind.ts';
import { hierarchyOf, valueSetAt } from './terminology.ts';

/** A code with its system, as an element has it or as its value set implies it. */
type IsWanted = (system: string, code: string) => boolean;

const CODED = ['CodeableConcept', 'Coding', 'code'];

/**
 * `:in` and `:not-in` (http://hl7.org/fhir/R4/search.html#token): whether an element has a code of
 * a value set, by system and code to the letter. An Issue names a value set whose codes are not
 * known here: what is in it cannot be told.
 */
export function readValueSet(text: string, asked: Asked): ElementTest | Issue {
  if (!isCoded(asked)) return modifierFault(asked, NOT_CODED);
  const url = unescaped(text);
  const valueSet = valueSetAt(url);
  if (valueSet === null) {
    const named = SHOWN.test(url) ? `the value set ${url}` : 'this value set';
    return modifierFault(asked, `cannot be decided: the codes of ${named} are not known here`);
  }
  return hasCode((system, code) => valueSet.get(system)?.has(code) === true);
}

/** What is said back of a value: URLs, not too long. */
const SHOWN = /^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9/._~:?=&%|-]{1,200}$/;

const NOT_CODED = 'needs an element with codes of code systems';

/**
 * `:above` and `:below` of a code (http://hl7.org/fhir/R4/search.html#token), itself included. The
 * code comes with its system, unless the elements imply one; an Issue names a code system whose
 * hierarchy is not known here.
 */
export function readSubsumption(
  text: string,
  asked: Asked,
  direction: 'above' | 'below',
): ElementTest | Issue {
  if (!isCoded(asked)) return modifierFault(asked, NOT_CODED);
  const parts = splitValue(text, '|').map(unescaped);
  const code = parts.at(-1) ?? '';
  const system = parts.length === 1 ? impliedSystem(asked) : (parts[0] ?? '');
  if (parts.length > 2 || code === '' || !system) {
    return valueFault(asked, `with :${direction} is not [system]|[code]`);
  }
  const hierarchy = hierarchyOf(system);
  if (hierarchy === null) {
    const named = SHOWN.test(system) ? `the code system ${system}` : 'this code system';
    return modifierFault(asked, `cannot be decided: the hierarchy of ${named} is not known here`);
  }
  const codes = hierarchy[direction](code);
  return hasCode((ofSystem, each) => ofSystem === system && codes.has(each));
}

function isCoded({ parameter }: Asked): boolean {
  return parameter.paths.every(
    ({ dataType, system }) => CODED.includes(dataType) && (dataType !== 'code' || system !== null),
  );
}

/** The one code system that all elements of a parameter take their codes from; null for none. */
function impliedSystem({ parameter }: Asked): string | null {
  const systems = new Set(parameter.paths.map(({ system }) => system));
  const [only = null] = systems;
  return systems.size === 1 ? only : null;
}

function hasCode(isWanted: IsWanted): ElementTest {
  return (element, path) => codingsOf(element, path).some((each) => isCodingOf(each, isWanted));
}

function codingsOf(element: Json, { dataType, system }: Path): readonly JsonObject[] {
  if (!isObject(element)) return [{ system, code: element }];
  return dataType === 'CodeableConcept' ? objectsAt(element, 'coding') : [element];
}

function isCodingOf(coding: JsonObject, isWanted: IsWanted): boolean {
  const system = textAt(coding, 'system');
  const code = textAt(coding, 'code');
  return system !== null && code !== null && isWanted(system, code);
}
