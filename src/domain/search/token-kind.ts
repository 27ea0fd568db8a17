import { objectAt, objectsAt, textAt } from '../fhir/elements.ts';
import { isObject, type Json, type JsonObject } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import type { Path } from './definition.ts';
import { isEscapedWell, splitValue, unescaped } from './escapes.ts';
import { fold } from './fold.ts';
import { type Asked, type ElementTest, type Kind, modifierFault, valueFault } from './kind.ts';
import { beginsWith } from './string-kind.ts';
import { readSubsumption, readValueSet } from './terminology-tests.ts';

/**
 * Token parameters (http://hl7.org/fhir/R4/search.html#token): `code`, `system|code`, `|code`,
 * `system|`. Codes are compared without case, as R4 asks where a code system does not forbid it;
 * FHIR's own codes, ids and URIs with it.
 */
export const TOKEN: Kind = { read: readToken, sortValues: sortValuesOf };

function readToken(text: string, asked: Asked): ElementTest | Issue {
  if (!isEscapedWell(text)) return valueFault(asked, 'has a backslash that escapes nothing');
  switch (asked.modifier) {
    case null:
      return readCode(text, asked);
    case 'text':
      return readText(text, asked);
    case 'of-type':
      return readOfType(text, asked);
    case 'above':
    case 'below':
      return isOf(asked, ['mime'])
        ? readMediaType(text, asked.modifier)
        : readSubsumption(text, asked, asked.modifier);
    case 'in':
    case 'not-in':
      // The negation is of the whole parameter (`readCondition`).
      return readValueSet(text, asked);
    default:
      return modifierFault(asked);
  }
}

/** What a token asks for: null is any, an empty system is none. */
interface Token {
  readonly system: string | null;
  readonly code: string | null;
  readonly foldedCode: string | null;
}

const BOOLEANS = ['boolean', 'exists', 'counted'];
const WITHOUT_SYSTEM = [...BOOLEANS, 'ContactPoint', 'string', 'uri', 'id'];

function readCode(text: string, asked: Asked): ElementTest | Issue {
  const parts = splitValue(text, '|').map(unescaped);
  if (parts.length > 2) return valueFault(asked, 'is not [code] or [system]|[code]');
  if (parts.length === 2 && isOf(asked, WITHOUT_SYSTEM)) {
    return valueFault(asked, 'is one of an element that has no system: it takes no |');
  }
  if (parts.every((part) => part === '')) return valueFault(asked, 'names no system and no code');
  if (isOf(asked, BOOLEANS) && text !== 'true' && text !== 'false') {
    return valueFault(asked, 'is neither true nor false');
  }
  const code = parts.at(-1) || null;
  const system = parts.length === 2 ? (parts[0] ?? '') : null;
  const token = { system, code, foldedCode: code?.toUpperCase() ?? null };
  return (element, path) => matches(element, path, token);
}

/** Whether a token, as text, is that of an Identifier: what `:identifier` of a reference asks. */
export function readIdentifierTest(
  text: string,
  asked: Asked,
): ((identifier: JsonObject) => boolean) | Issue {
  const parameter = { ...asked.parameter, paths: [IDENTIFIER] };
  const test = readToken(text, { ...asked, parameter, modifier: null });
  if (typeof test !== 'function') return test;
  return (identifier) => matchesIdentifier(test, identifier);
}

const IDENTIFIER: Path = { steps: [], dataType: 'Identifier', system: null };

function matchesIdentifier(test: ElementTest, identifier: JsonObject): boolean {
  // An Identifier is compared by itself: neither its resource nor its world is looked at.
  return test(identifier, IDENTIFIER, { resource: identifier, world: NO_WORLD });
}

const NO_WORLD = {
  baseUrl: '',
  byReference: () => null,
  byIdentifier: () => null,
  all: () => [],
};

function isOf({ parameter }: Asked, dataTypes: readonly string[]): boolean {
  return parameter.paths.every(({ dataType }) => dataTypes.includes(dataType));
}

function matches(element: Json, path: Path, token: Token): boolean {
  const { system, code, foldedCode } = token;
  switch (path.dataType) {
    case 'CodeableConcept':
      return (
        isObject(element) && objectsAt(element, 'coding').some((each) => isCoding(each, token))
      );
    case 'Coding':
      return isObject(element) && isCoding(element, token);
    case 'Identifier':
      return isObject(element) && isPair(element, 'value', token);
    case 'ContactPoint':
      return isObject(element) && textAt(element, 'value')?.toUpperCase() === foldedCode;
    case 'string':
      return typeof element === 'string' && element.toUpperCase() === foldedCode;
    case 'counted':
      return code === 'true';
    default:
      return (
        (code === null || String(element) === code) &&
        // `|code` asks for no system, and the element has none beside the one it implies.
        (system === null || system === '' || system === path.system)
      );
  }
}

function isCoding(coding: JsonObject, token: Token): boolean {
  return isPair(coding, 'code', token);
}

function isPair(pair: JsonObject, name: 'code' | 'value', { system, foldedCode }: Token): boolean {
  if (system !== null && (textAt(pair, 'system') ?? '') !== system) return false;
  return foldedCode === null || textAt(pair, name)?.toUpperCase() === foldedCode;
}

function readText(text: string, asked: Asked): ElementTest | Issue {
  const isCoded = asked.parameter.paths.some(({ dataType }) => TEXTUAL.includes(dataType));
  if (!isCoded) return modifierFault(asked, 'needs an element that has a text beside its code');
  const folded = fold(unescaped(text));
  if (folded === '') return valueFault(asked, 'has no letter or digit to look for');
  return (element) => isObject(element) && textsOf(element).some((it) => beginsWith(it, folded));
}

const TEXTUAL = ['CodeableConcept', 'Coding', 'Identifier'];

/** The texts of a CodeableConcept, a Coding or an Identifier. */
function textsOf(element: JsonObject): readonly string[] {
  const type = objectAt(element, 'type');
  return [
    textAt(element, 'text'),
    textAt(element, 'display'),
    ...objectsAt(element, 'coding').map((each) => textAt(each, 'display')),
    type === null ? null : textAt(type, 'text'),
  ].filter((each) => each !== null);
}

function readOfType(text: string, asked: Asked): ElementTest | Issue {
  if (!isOf(asked, ['Identifier'])) return modifierFault(asked, 'is for identifiers alone');
  const parts = splitValue(text, '|').map(unescaped);
  const [system = '', code = '', value = ''] = parts;
  if (parts.length !== 3 || parts.some((part) => part === '')) {
    return valueFault(asked, 'is not [system]|[code]|[value] of an identifier’s type');
  }
  const type = { system, code, foldedCode: code.toUpperCase() };
  const wanted = value.toUpperCase();
  return (element) => {
    if (!isObject(element) || textAt(element, 'value')?.toUpperCase() !== wanted) return false;
    const codings = objectsAt(objectAt(element, 'type') ?? {}, 'coding');
    return codings.some((each) => isCoding(each, type));
  };
}

/** `text/xml` is above `text/xml; charset=UTF-8` (http://hl7.org/fhir/R4/search.html#mimetype). */
function readMediaType(text: string, direction: 'above' | 'below'): ElementTest {
  const wanted = unescaped(text);
  return (element) =>
    typeof element === 'string' &&
    (direction === 'below' ? isMediaType(element, wanted) : isMediaType(wanted, element));
}

function isMediaType(type: string, general: string): boolean {
  return type === general || type.startsWith(`${general};`);
}

function sortValuesOf(element: Json, { dataType }: Path): readonly string[] {
  if (dataType === 'counted') return ['true'];
  if (!isObject(element)) return [String(element)];
  const name = dataType === 'Identifier' || dataType === 'ContactPoint' ? 'value' : 'code';
  const pairs = dataType === 'CodeableConcept' ? objectsAt(element, 'coding') : [element];
  const codes = pairs.map((each) => textAt(each, name)?.toUpperCase() ?? null);
  return codes.filter((code) => code !== null);
}
