import type { JsonObject } from '../fhir/json.ts';
import { isWhole, mayBeConditional, typeInBundle } from './bundle-scope.ts';
import { type Fault, wrongValue } from './fault.ts';
import { readLiteral } from './literal-reference.ts';
import { noteLocalReference } from './resource-scope.ts';
import type { Walk } from './walk.ts';

const UNFORMED = wrongValue(
  'reference-form',
  'A reference is Type/id, an absolute URL, a URN, or # and the id of a contained resource.',
);
const UNKNOWN_TYPE = wrongValue(
  'reference-form',
  'A reference names a type that R4 does not have.',
);
const OTHER_TYPE = wrongValue(
  'reference-type',
  'The reference does not lead to the type it gives.',
);
const NOT_CONTAINED: Fault = {
  rule: 'ref-1',
  code: 'invariant',
  words: 'No contained resource has this id.',
};
const NOT_IN_BUNDLE: Fault = {
  rule: 'reference-in-bundle',
  code: 'not-found',
  words: 'No entry of the Bundle has this fullUrl.',
};

const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const URN = /^urn:(?:uuid|oid):/;
const CONDITIONAL = /^[A-Z][A-Za-z]+\?\S+$/;

/** Types that a Reference's `type` may name although what is referred to is of no such type. */
const ANY: ReadonlySet<string> = new Set(['Resource', 'DomainResource']);

/** Checks where a Reference leads, and that the element allows it to (R4, references.html). */
export function checkReference(
  value: JsonObject,
  targets: ReadonlySet<string> | null,
  walk: Walk,
): void {
  const { reference, type } = value;
  const named = typeof type === 'string' && walk.model.resourceTypes.has(type) ? type : null;
  const found = typeof reference === 'string' ? typeAt(reference, walk) : null;
  if (found !== null && named !== null && found !== named && !ANY.has(named)) {
    walk.report(OTHER_TYPE, 'type');
  }
  const leads = found ?? named;
  if (targets !== null && leads !== null && !targets.has(leads)) {
    const words = `A reference to ${[...targets].join(' or ')} is expected.`;
    const element = found === null ? 'type' : 'reference';
    walk.report({ rule: 'reference-target', code: 'value', words }, element);
  }
}

/** The type of what a reference leads to; null where it cannot be known from here. */
function typeAt(reference: string, walk: Walk): string | null {
  if (reference.startsWith('#')) return containedType(reference, walk);
  const inBundle = walk.bundle === null ? null : typeInBundle(reference, walk.bundle);
  if (inBundle !== null) return inBundle;
  if (URN.test(reference)) {
    if (walk.bundle !== null && isWhole(walk.bundle)) walk.report(NOT_IN_BUNDLE, 'reference');
    return null;
  }
  const literal = readLiteral(reference);
  if (literal !== null && walk.model.resourceTypes.has(literal.type)) return literal.type;
  if (ABSOLUTE.test(reference)) return null;
  if (literal !== null) walk.report(UNKNOWN_TYPE, 'reference');
  else if (!isConditional(reference, walk)) walk.report(UNFORMED, 'reference');
  return null;
}

function isConditional(reference: string, walk: Walk): boolean {
  return walk.bundle !== null && mayBeConditional(walk.bundle) && CONDITIONAL.test(reference);
}

function containedType(reference: string, walk: Walk): string | null {
  noteLocalReference(reference, walk.resource);
  if (reference === '#') return null;
  const type = walk.resource?.contained.get(reference.slice(1));
  if (type === undefined) walk.report(NOT_CONTAINED, 'reference');
  return type ?? null;
}
