import { isObject, type JsonObject } from '../../fhir/json.ts';
import { has, hasChoice, objects, type Rule, rule } from './rule.ts';

const REQUESTING = ['batch', 'transaction', 'history'];
const RESPONDING = ['batch-response', 'transaction-response', 'history'];

const isOf = (it: JsonObject, types: readonly string[]): boolean =>
  types.includes(it.type as string);

/** The invariants of Bundle (http://hl7.org/fhir/R4/bundle.html#invs). */
export const BUNDLE: readonly Rule[] = [
  rule(
    'bdl-1',
    'Only a searchset or a history has a total.',
    (it) => !has(it, 'total') || isOf(it, ['searchset', 'history']),
  ),
  rule(
    'bdl-2',
    'Only an entry of a searchset says how it was found.',
    (it) => isOf(it, ['searchset']) || !objects(it.entry).some((each) => has(each, 'search')),
  ),
  rule(
    'bdl-3',
    'Each entry of a batch, transaction or history has a request, and no other entry has one.',
    (it) => objects(it.entry).every((each) => has(each, 'request') === isOf(it, REQUESTING)),
  ),
  rule(
    'bdl-4',
    'Each entry of a response or history has a response, and no other entry has one.',
    (it) => objects(it.entry).every((each) => has(each, 'response') === isOf(it, RESPONDING)),
  ),
  rule('bdl-7', 'No two entries have the same fullUrl and version.', hasDistinctUrls),
  rule('bdl-9', 'A document has an identifier with a system and a value.', (it) => {
    if (!isOf(it, ['document'])) return true;
    return objects(it.identifier).some((each) => has(each, 'system') && has(each, 'value'));
  }),
  rule(
    'bdl-10',
    'A document has a timestamp.',
    (it) => !isOf(it, ['document']) || it.timestamp !== undefined,
  ),
  rule(
    'bdl-11',
    'The first resource of a document is a Composition.',
    (it) => !isOf(it, ['document']) || firstType(it) === 'Composition',
  ),
  rule(
    'bdl-12',
    'The first resource of a message is a MessageHeader.',
    (it) => !isOf(it, ['message']) || firstType(it) === 'MessageHeader',
  ),
];

export const BUNDLE_ENTRY: readonly Rule[] = [
  rule(
    'bdl-5',
    'An entry needs a resource, a request or a response.',
    (it) => has(it, 'resource') || has(it, 'request') || has(it, 'response'),
  ),
  rule(
    'bdl-8',
    'A fullUrl names no version.',
    ({ fullUrl }) => typeof fullUrl !== 'string' || !fullUrl.includes('/_history/'),
  ),
];

/** The invariant of Parameters (http://hl7.org/fhir/R4/parameters.html#invs). */
export const PARAMETER: readonly Rule[] = [
  rule('inv-1', 'A parameter has exactly one of value, resource and part.', (it) => {
    const parts = [has(it, 'part'), hasChoice(it, 'value'), has(it, 'resource')];
    return parts.filter(Boolean).length === 1;
  }),
];

function hasDistinctUrls(it: JsonObject): boolean {
  if (isOf(it, ['history'])) return true;
  const entries = objects(it.entry).filter(({ fullUrl }) => fullUrl !== undefined);
  if (new Set(entries.map(({ fullUrl }) => fullUrl)).size === entries.length) return true;
  const versions = entries.map((each) => `${each.fullUrl} ${versionOf(each)}`);
  return new Set(versions).size === versions.length;
}

function versionOf({ resource }: JsonObject): string {
  const meta = isObject(resource) ? resource.meta : undefined;
  return isObject(meta) ? String(meta.versionId ?? '') : '';
}

function firstType(it: JsonObject): unknown {
  const resource = objects(it.entry)[0]?.resource;
  return isObject(resource) ? resource.resourceType : undefined;
}
