import { objectAt, objectsAt, textAt } from '../fhir/elements.ts';
import { isObject, type Json, type JsonObject } from '../fhir/json.ts';
import { unversioned } from '../fhir/references.ts';

/**
 * The labels of a resource (`meta.security`), each as `system|code`; a missing system is empty.
 * Those of contained resources, which should have none (dom-5), hold for the whole of it.
 */
export function labelsOf(resource: JsonObject): readonly string[] {
  if (resource.meta === undefined && resource.contained === undefined) return [];
  return [resource, ...objectsAt(resource, 'contained')].flatMap((each) =>
    objectsAt(objectAt(each, 'meta') ?? {}, 'security').map(
      (coding) => `${textAt(coding, 'system') ?? ''}|${textAt(coding, 'code') ?? ''}`,
    ),
  );
}

/** What a resource mentions anywhere in it, each once. */
export interface Mentions {
  /**
   * Every code that says something about the patient, as `system|code`: what exclusion sets are
   * held against. HL7's own vocabularies (statuses, categories) are left out.
   */
  readonly codes: ReadonlySet<string>;
  /** Its literal references, without versions. */
  readonly references: ReadonlySet<string>;
}

/** What a resource mentions, found in one walk through all of it. */
export function mentionsOf(resource: JsonObject): Mentions {
  const mentions = { codes: new Set<string>(), references: new Set<string>() };
  collect(resource, mentions);
  return mentions;
}

interface Collected {
  readonly codes: Set<string>;
  readonly references: Set<string>;
}

function collect(object: JsonObject, into: Collected): void {
  const { coding, reference } = object;
  if (typeof reference === 'string') into.references.add(unversioned(reference));
  if (Array.isArray(coding)) collectCodes(coding, into.codes);
  for (const name in object) collectWithin(object[name], into);
}

function collectWithin(value: Json | undefined, into: Collected): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) collect(value as JsonObject, into);
  else for (const each of value) collectWithin(each, into);
}

function collectCodes(codings: readonly Json[], codes: Set<string>): void {
  for (const each of codings) {
    if (!isObject(each) || typeof each.code !== 'string') continue;
    const system = textAt(each, 'system') ?? '';
    if (!system.startsWith(HL7_TERMINOLOGY)) codes.add(`${system}|${each.code}`);
  }
}

const HL7_TERMINOLOGY = 'http://terminology.hl7.org/';

/**
 * The literal references of a Provenance to what it tells of: to its targets, and to all else but
 * who acted and who signed.
 */
export function referencesTold(provenance: JsonObject): readonly string[] {
  const { agent: _, signature: __, entity: ___, ...told } = provenance;
  const entities = objectsAt(provenance, 'entity').map(({ agent: _, ...entity }) => entity);
  return literalReferencesOf({ ...told, entity: entities } as JsonObject);
}

/** The literal references that a resource holds, without versions, each once. */
export function literalReferencesOf(resource: JsonObject): readonly string[] {
  return [...mentionsOf(resource).references];
}
