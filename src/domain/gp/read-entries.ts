import { objectAt, textAt } from '../fhir/elements.ts';
import { isObject, type Json, type JsonObject } from '../fhir/json.ts';
import { isRecordType, RECORD_TYPES, type RecordType, sectionOf } from '../fhir/resource-types.ts';
import type { Issue } from '../problem.ts';
import { contentIssues } from './check-content.ts';
import { sourceIdentifier } from './source-identifier.ts';
import type { SubmittedResource } from './submission.ts';

/** The resources of a record Bundle, and everything that is wrong with them taken one by one. */
export function readEntries(
  bundle: JsonObject,
  at: string,
): { readonly resources: readonly SubmittedResource[]; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const resources: Unkeyed[] = [];
  const entries = Array.isArray(bundle.entry) ? bundle.entry : [];
  entries.forEach((entry, index) => {
    const read = readEntry(entry, `${at}.entry[${index}]`);
    issues.push(...read.issues);
    if (read.resource !== null) resources.push(read.resource);
  });
  const keyed = keyAll(resources);
  return { resources: keyed.resources, issues: [...issues, ...keyed.issues] };
}

type Unkeyed = Omit<SubmittedResource, 'key'>;

function readEntry(
  entry: Json,
  at: string,
): { readonly resource: Unkeyed | null; readonly issues: readonly Issue[] } {
  const resource = isObject(entry) ? objectAt(entry, 'resource') : null;
  const type = resource && textAt(resource, 'resourceType');
  if (!isObject(entry) || resource === null || type === null || !isRecordType(type)) {
    const diagnostics = `A resource of one of the types ${RECORD_TYPES.join(', ')} is expected.`;
    const expression = `${at}.resource`;
    return { resource: null, issues: [{ code: 'not-supported', diagnostics, expression }] };
  }
  const place = `${at}.resource`;
  const references = referencesTo(entry, resource, type);
  return {
    resource: { type, resource, references, at: place },
    issues: contentIssues(resource, place),
  };
}

function referencesTo(
  entry: JsonObject,
  resource: JsonObject,
  type: RecordType,
): readonly string[] {
  const id = textAt(resource, 'id');
  const fullUrl = textAt(entry, 'fullUrl');
  return [...(id === null ? [] : [`${type}/${id}`]), ...(fullUrl === null ? [] : [fullUrl])];
}

/**
 * Gives every resource what identifies it at its source: its first identifier, else its id there.
 * Two clinical entries with one identifier are a fault; supporting resources (a practitioner listed
 * twice) fall back on their ids, which real systems do.
 */
function keyAll(resources: readonly Unkeyed[]): {
  readonly resources: readonly SubmittedResource[];
  readonly issues: readonly Issue[];
} {
  const identifiers = resources.map(identifierKey);
  const uses = new Map<string, number>();
  for (const key of identifiers) if (key !== null) uses.set(key, (uses.get(key) ?? 0) + 1);
  const taken = new Set<string>();
  const issues: Issue[] = [];
  const keyed = resources.map((each, index) => {
    const identifier = identifiers[index] ?? null;
    const isShared = identifier !== null && (uses.get(identifier) ?? 0) > 1;
    const key = chooseKey(each, identifier, isShared);
    if (key === null || taken.has(key)) issues.push(keyFault(each, key));
    taken.add(key ?? '');
    return { ...each, key: key ?? '' };
  });
  return { resources: keyed, issues };
}

function chooseKey(each: Unkeyed, identifier: string | null, isShared: boolean): string | null {
  const isWeak = isShared && sectionOf(each.type) === 'supporting';
  if (identifier !== null && !isWeak) return identifier;
  const reference = each.references[0];
  return reference === undefined ? null : `${each.type}#${reference}`;
}

function identifierKey(each: Unkeyed): string | null {
  const token = sourceIdentifier(each.resource);
  return token === null ? null : `${each.type}|${token}`;
}

function keyFault(each: Unkeyed, key: string | null): Issue {
  const diagnostics =
    key === null
      ? 'An identifier with system and value, or else an id, is needed, to find this again next time.'
      : 'Another entry of this type has the same identifier or id.';
  const code = key === null ? 'required' : 'duplicate';
  return { code, diagnostics, expression: `${each.at}.identifier` };
}
