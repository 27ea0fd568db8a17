import type { Json } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import type { Path } from './definition.ts';
import { isEscapedWell, unescaped } from './escapes.ts';
import { type Asked, type ElementTest, type Kind, modifierFault, valueFault } from './kind.ts';

/**
 * URI parameters (http://hl7.org/fhir/R4/search.html#uri): the whole URI, its case included; for
 * URLs `:below` and `:above` along the path.
 */
export const URI: Kind = {
  read: readUri,
  sortValues: (element) => (typeof element === 'string' ? [element] : []),
};

function readUri(text: string, asked: Asked): ElementTest | Issue {
  if (!isEscapedWell(text)) return valueFault(asked, 'has a backslash that escapes nothing');
  const wanted = unescaped(text);
  if (asked.modifier === null) return uriTest(wanted);
  if (asked.modifier !== 'below' && asked.modifier !== 'above') return modifierFault(asked);
  if (!URL.test(wanted)) return modifierFault(asked, 'is for URLs alone, not for other URIs');
  const isBelow = asked.modifier === 'below';
  return (element) =>
    typeof element === 'string' &&
    (isBelow ? startsWithPath(element, wanted) : startsWithPath(wanted, element));
}

const URL = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;

/**
 * Whether a URI element is the one that is wanted; a canonical one also where the version that it
 * states is not asked for.
 */
export function uriTest(wanted: string): ElementTest {
  return (element, path) => element === wanted || isVersionOf(element, path, wanted);
}

function isVersionOf(element: Json, { dataType }: Path, wanted: string): boolean {
  if (dataType !== 'canonical' || typeof element !== 'string') return false;
  return element.startsWith(`${wanted}|`);
}

function startsWithPath(url: string, start: string): boolean {
  if (!url.startsWith(start) || start === '') return false;
  return url.length === start.length || start.endsWith('/') || url[start.length] === '/';
}
