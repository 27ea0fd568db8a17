import { isObject, type JsonObject } from '../fhir/json.ts';
import { unversioned } from '../fhir/references.ts';
import { wrongValue } from './fault.ts';
import { readLiteral } from './literal-reference.ts';
import { objects } from './rules/rule.ts';
import type { BundleScope } from './scopes.ts';
import type { Walk } from './walk.ts';

/** Bundles that are parts of something greater: what they refer to may be elsewhere. */
const PARTIAL: readonly unknown[] = [
  'searchset',
  'history',
  'batch-response',
  'transaction-response',
];
const REQUESTING: readonly unknown[] = ['transaction', 'batch'];

const RELATIVE = wrongValue('bundle-full-url', 'A fullUrl must be absolute.');
const OTHER = wrongValue('bundle-full-url', 'The fullUrl is not that of the resource.');
const TWICE = wrongValue('bundle-link', 'A Bundle has one link of each relation at most.');

const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const PAGING: readonly unknown[] = ['self', 'first', 'prev', 'previous', 'next', 'last'];

/** The scope of a Bundle's entries. */
export function bundleScopeOf(bundle: JsonObject): BundleScope {
  const types = new Map<string, string>();
  for (const { fullUrl, resource } of objects(bundle.entry)) {
    if (typeof fullUrl === 'string' && isObject(resource)) {
      types.set(fullUrl, String(resource.resourceType));
    }
  }
  return { type: bundle.type, types, base: '' };
}

/** What a Bundle must say of itself beyond R4's invariants: each link once, fullUrls that fit. */
export function checkBundle(bundle: JsonObject, walk: Walk): void {
  const relations = objects(bundle.link).map(({ relation }) => relation);
  const paging = relations.filter((each) => PAGING.includes(each as string));
  if (new Set(paging).size !== paging.length) walk.report(TWICE, 'link');
}

/** What the fullUrl of an entry must be (http://hl7.org/fhir/R4/bundle.html#bundle-unique). */
export function checkEntry({ fullUrl, resource }: JsonObject, walk: Walk): void {
  const url = typeof fullUrl === 'string' ? fullUrl : null;
  const literal = url === null ? null : readLiteral(url);
  if (walk.bundle !== null) walk.bundle.base = literal?.base ?? '';
  if (url !== null && !ABSOLUTE.test(url)) walk.report(RELATIVE, 'fullUrl');
  if (literal === null || !isObject(resource) || typeof resource.id !== 'string') return;
  if (literal.type !== resource.resourceType || literal.id !== resource.id) {
    walk.report(OTHER, 'fullUrl');
  }
}

/** The type of the entry that a reference leads to; null where it leads to none of the Bundle. */
export function typeInBundle(reference: string, bundle: BundleScope): string | null {
  const plain = unversioned(reference);
  const found = bundle.types.get(plain);
  if (found !== undefined || bundle.base === '') return found ?? null;
  return bundle.types.get(bundle.base + plain) ?? null;
}

/** Whether all that is not on a server must be among the entries. */
export function isWhole(bundle: BundleScope): boolean {
  return !PARTIAL.includes(bundle.type as string);
}

/** Whether references may be searches, to be resolved when it is carried out. */
export function mayBeConditional(bundle: BundleScope): boolean {
  return REQUESTING.includes(bundle.type as string);
}
