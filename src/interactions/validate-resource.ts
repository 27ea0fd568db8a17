import { objectAt, objectsAt, textAt } from '../domain/fhir/elements.ts';
import { isObject, type Json, type JsonObject } from '../domain/fhir/json.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import { type Issue, problem } from '../domain/problem.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import { isKnownProfile, validate } from '../domain/validation/validate.ts';
import type { Interaction } from './perform.ts';
import { release } from './release.ts';

/**
 * `$validate` (http://hl7.org/fhir/R4/resource-operation-validate.html): whether a resource could
 * be written here, and all that keeps it from being so; 200 with an OperationOutcome either way.
 * Nothing is stored, and nothing that is stored is looked at.
 */
export function validateResource(type: RecordType, body: Json): Interaction {
  return async (context, call) => {
    const asked = readRequest(type, body);
    if (!asked.ok) return asked;
    const { resource, profile } = asked.value;
    const issues = validate(resource, profile === null ? {} : { profile });
    const text = new TextEncoder().encode(JSON.stringify(outcomeOf(issues)));
    return release(context, call, { entityNames: [type] }, { status: 'ok', body: [text] });
  };
}

interface Request {
  readonly resource: JsonObject;
  readonly profile: string | null;
}

/** The resource by itself, or in Parameters with `mode` and `profile`. */
function readRequest(type: RecordType, body: Json): Result<Request> {
  if (isObject(body) && body.resourceType === type) {
    return succeed({ resource: body, profile: null });
  }
  const parameters = isObject(body) && body.resourceType === 'Parameters' ? body : {};
  const named = (name: string) =>
    objectsAt(parameters, 'parameter').find((each) => textAt(each, 'name') === name) ?? {};
  const resource = objectAt(named('resource'), 'resource');
  if (resource?.resourceType !== type) {
    const words = `A ${type} is expected, by itself or as the parameter "resource".`;
    return fail(problem('malformed', 'structure', words));
  }
  const mode = textAt(named('mode'), 'valueCode') ?? 'create';
  if (!MODES.includes(mode)) {
    return fail(problem('malformed', 'value', `The mode must be one of ${MODES.join(', ')}.`));
  }
  const profile =
    textAt(named('profile'), 'valueUri') ?? textAt(named('profile'), 'valueCanonical');
  if (profile !== null && !isKnownProfile(profile)) {
    return fail(problem('malformed', 'not-supported', 'This profile is not known here.'));
  }
  return succeed({ resource, profile });
}

/** A deletion depends on what is stored, which `$validate` does not look at. */
const MODES = ['create', 'update', 'profile'];

function outcomeOf(issues: readonly Issue[]): object {
  if (issues.length === 0) {
    const diagnostics = 'The resource is valid.';
    const issue = [{ severity: 'information', code: 'informational', diagnostics }];
    return { resourceType: 'OperationOutcome', issue };
  }
  const issue = issues.map(({ code, diagnostics, expression }) => ({
    severity: 'error',
    code,
    diagnostics,
    ...(expression === undefined ? {} : { expression: [expression] }),
  }));
  return { resourceType: 'OperationOutcome', issue };
}
