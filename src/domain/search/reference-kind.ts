import { objectAt, textAt } from '../fhir/elements.ts';
import { isObject, type Json } from '../fhir/json.ts';
import { unversioned } from '../fhir/references.ts';
import type { Issue } from '../problem.ts';
import type { Path } from './definition.ts';
import { isEscapedWell, unescaped } from './escapes.ts';
import { readHierarchy } from './hierarchy-tests.ts';
import { type Asked, type ElementTest, type Kind, modifierFault, valueFault } from './kind.ts';
import { type Place, targetKey } from './references.ts';
import { readIdentifierTest } from './token-kind.ts';
import { uriTest } from './uri-kind.ts';
import { localKey } from './world.ts';

/**
 * Reference parameters (http://hl7.org/fhir/R4/search.html#reference): `[id]`, `[type]/[id]`,
 * absolute and canonical URLs; `:[type]`, `:identifier`, `:above` and `:below`. A version is
 * compared only where the search names one. A logical reference counts as one to whoever bears its
 * identifier.
 */
export const REFERENCE: Kind = { read: readReference, sortValues: sortValuesOf };

function readReference(text: string, asked: Asked): ElementTest | Issue {
  const { modifier, parameter } = asked;
  if (!isEscapedWell(text)) return valueFault(asked, 'has a backslash that escapes nothing');
  if (modifier === 'identifier') return readIdentifier(text, asked);
  const wanted = unescaped(text);
  if (modifier === 'above' || modifier === 'below') {
    return isCanonical(asked)
      ? versionTest(wanted, modifier)
      : readHierarchy(wanted, asked, modifier);
  }
  if (modifier === null) return referenceTest(wanted, asked);
  if (!TYPE.test(modifier) || !leadsTo(parameter.targets, modifier)) return modifierFault(asked);
  const typed = ID.test(wanted) ? `${modifier}/${wanted}` : wanted;
  if (localKey(typed, asked.baseUrl)?.startsWith(`${modifier}/`)) {
    return referenceTest(typed, asked);
  }
  return valueFault(asked, `is no id of a ${modifier} here`);
}

const TYPE = /^[A-Z][A-Za-z]{1,40}$/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:./;

function leadsTo(targets: readonly string[], type: string): boolean {
  return targets.length === 0 || targets.includes('*') || targets.includes(type);
}

function isCanonical({ parameter }: Asked): boolean {
  return parameter.paths.every(({ dataType }) => dataType === 'canonical');
}

function readIdentifier(text: string, asked: Asked): ElementTest | Issue {
  if (isCanonical(asked)) return modifierFault(asked, 'is for references, which a URL is not');
  const test = readIdentifierTest(text, asked);
  if (typeof test !== 'function') return test;
  return (element) => {
    const identifier = isObject(element) ? objectAt(element, 'identifier') : null;
    return identifier !== null && test(identifier);
  };
}

function referenceTest(wanted: string, asked: Asked): ElementTest | Issue {
  const isUri = uriTest(wanted);
  const isReference = literalTest(wanted, asked.baseUrl);
  if (isReference === null) return valueFault(asked, 'is no id, no [type]/[id] and no URL');
  return (element, path, place) =>
    isObject(element) ? isReference(element, path, place) : isUri(element, path, place);
}

/** Null for what cannot be a reference. */
function literalTest(wanted: string, baseUrl: string): ElementTest | null {
  const key = localKey(wanted, baseUrl);
  const isVersioned = unversioned(wanted) !== wanted;
  if (key !== null && !isVersioned) return (element, _path, place) => keyAt(element, place) === key;
  if (key !== null) return (element, _path, place) => isVersion(element, wanted, place);
  if (ID.test(wanted)) {
    return (element, _path, place) => keyAt(element, place)?.endsWith(`/${wanted}`) === true;
  }
  if (!ABSOLUTE.test(wanted)) return null;
  return (element) => {
    const literal = isObject(element) ? textAt(element, 'reference') : null;
    return literal !== null && (isVersioned ? literal : unversioned(literal)) === wanted;
  };
}

function keyAt(element: Json, place: Place): string | null {
  return isObject(element) ? targetKey(element, place) : null;
}

function isVersion(element: Json, wanted: string, { world }: Place): boolean {
  const literal = isObject(element) ? textAt(element, 'reference') : null;
  return literal !== null && relative(literal, world.baseUrl) === relative(wanted, world.baseUrl);
}

function relative(reference: string, baseUrl: string): string {
  return reference.startsWith(`${baseUrl}/`) ? reference.slice(baseUrl.length + 1) : reference;
}

/** `url|1` is above `url|1.0`, and `url` above every version of it. */
function versionTest(wanted: string, direction: 'above' | 'below'): ElementTest {
  return (element) =>
    typeof element === 'string' &&
    (direction === 'below' ? isVersionBelow(element, wanted) : isVersionBelow(wanted, element));
}

function isVersionBelow(version: string, general: string): boolean {
  const start = general.includes('|') ? `${general}.` : `${general}|`;
  return version === general || version.startsWith(start);
}

function sortValuesOf(element: Json, _path: Path, place: Place): readonly string[] {
  if (typeof element === 'string') return [element];
  if (!isObject(element)) return [];
  const key = targetKey(element, place) ?? textAt(element, 'reference');
  return key === null ? [] : [key];
}
