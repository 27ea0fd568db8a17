import { objectAt, objectsAt, textAt, walkObjects } from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';
import { unversioned } from '../fhir/references.ts';

/**
 * The labels of a resource (`meta.security`), each as `system|code`; a missing system is empty.
 * Those of contained resources, which should have none (dom-5), hold for the whole of it.
 */
export function labelsOf(resource: JsonObject): readonly string[] {
  return [resource, ...objectsAt(resource, 'contained')].flatMap((each) =>
    objectsAt(objectAt(each, 'meta') ?? {}, 'security').map(
      (coding) => `${textAt(coding, 'system') ?? ''}|${textAt(coding, 'code') ?? ''}`,
    ),
  );
}

/**
 * Every code that says something about the patient, as `system|code`: what exclusion sets are held
 * against. HL7's own vocabularies (statuses, categories) are left out.
 */
export function clinicalCodesOf(...resources: readonly JsonObject[]): readonly string[] {
  const codes = new Set<string>();
  for (const resource of resources) {
    walkObjects(resource, (object) => {
      for (const coding of objectsAt(object, 'coding')) {
        const system = textAt(coding, 'system') ?? '';
        const code = textAt(coding, 'code');
        if (code !== null && !system.startsWith(HL7_TERMINOLOGY)) codes.add(`${system}|${code}`);
      }
    });
  }
  return [...codes];
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
  const references = new Set<string>();
  walkObjects(resource, (object) => {
    const reference = textAt(object, 'reference');
    if (reference !== null) references.add(unversioned(reference));
  });
  return [...references];
}
