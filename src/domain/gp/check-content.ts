import type { JsonObject } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import { validate } from '../validation/validate.ts';

/**
 * What is wrong with the content of one resource, whatever record it is for: against FHIR R4 and
 * the profile that this server asks of its type. Every resource that is written passes through
 * here: those of a submission, of a create, an update, a patch, a transaction and a Consent.
 */
export function contentIssues(resource: JsonObject, at: string): readonly Issue[] {
  return validate(resource, { at });
}
