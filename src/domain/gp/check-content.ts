import type { JsonObject } from '../fhir/json.ts';
import type { RecordType } from '../fhir/resource-types.ts';
import type { Issue } from '../problem.ts';
import { missingElements } from './required-elements.ts';

/**
 * What is wrong with the content of one resource, whatever record it is for. Every resource that is
 * written passes through here: those of a submission, of a create, an update, a patch, a transaction
 * and a Consent.
 */
export function contentIssues(
  resource: JsonObject,
  type: RecordType,
  at: string,
): readonly Issue[] {
  return missingElements(resource, type, at);
}
