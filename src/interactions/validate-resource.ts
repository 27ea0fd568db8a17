import type { Json } from '../domain/fhir/json.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import { problem } from '../domain/problem.ts';
import { fail } from '../domain/result.ts';
import type { Interaction } from './perform.ts';
import { release } from './release.ts';
import { findingsOf, outcomeText } from './validation-outcome.ts';
import { readValidationRequest } from './validation-request.ts';

/**
 * `$validate` (http://hl7.org/fhir/R4/resource-operation-validate.html): whether a resource could
 * be written here, all that keeps it from being so, and as warnings where another code would be
 * better; 200 with an OperationOutcome either way.
 * Nothing is stored, and nothing that is stored is looked at.
 */
export function validateResource(
  type: RecordType,
  body: Json,
  query: URLSearchParams,
): Interaction {
  return async (context, call) => {
    const asked = readValidationRequest(type, body, query);
    if (!asked.ok) return asked;
    const { resource, profile, mode } = asked.value;
    if (mode === 'delete') return fail(OF_WHAT_IS_STORED);
    if (resource === null) return fail(NO_RESOURCE);
    const text = outcomeText(await findingsOf(resource, profile), 'The resource is valid.');
    return release(context, call, { entityNames: [type] }, { status: 'ok', body: [text] });
  };
}

const OF_WHAT_IS_STORED = problem(
  'malformed',
  'not-supported',
  'Whether something may be deleted depends on what is stored: ask [type]/[id]/$validate.',
);
const NO_RESOURCE = problem(
  'malformed',
  'structure',
  'A resource is needed, by itself or as the parameter "resource".',
);
