import { objectAt, objectsAt, textAt } from '../domain/fhir/elements.ts';
import { isObject, type Json, type JsonObject } from '../domain/fhir/json.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import { problem } from '../domain/problem.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import { isKnownProfile } from '../domain/validation/validate.ts';

/** What is to be done with a resource (http://hl7.org/fhir/R4/valueset-resource-validation-mode.html). */
export type ValidationMode = (typeof MODES)[number];

/** What `$validate` is asked. */
export interface ValidationRequest {
  /** Null when none was sent. */
  readonly resource: JsonObject | null;
  /** The canonical URL of a profile that is known here; null when none was named. */
  readonly profile: string | null;
  /** Null when none was named. */
  readonly mode: ValidationMode | null;
}

/**
 * The resource by itself, or in Parameters; `mode` and `profile` there, or in the query beside a
 * resource by itself. `malformed` for a resource of another type, a mode that R4 does not have, and
 * a profile that is not known here. `body` null where none was sent.
 */
export function readValidationRequest(
  type: RecordType,
  body: Json | null,
  query: URLSearchParams,
): Result<ValidationRequest> {
  const parameters = isObject(body) && body.resourceType === 'Parameters' ? body : null;
  const named = namedIn(parameters);
  const mode = textAt(named('mode') ?? {}, 'valueCode') ?? query.get('mode');
  if (mode !== null && !isMode(mode)) {
    return fail(problem('malformed', 'value', `The mode must be one of ${MODES.join(', ')}.`));
  }
  const profile =
    textAt(named('profile') ?? {}, 'valueUri') ??
    textAt(named('profile') ?? {}, 'valueCanonical') ??
    query.get('profile');
  if (profile !== null && !isKnownProfile(profile)) return fail(UNKNOWN_PROFILE);
  const sent = named('resource');
  const resource = parameters === null ? body : sent && objectAt(sent, 'resource');
  const isAbsent = parameters === null ? body === null : sent === null;
  if (isAbsent) return succeed({ resource: null, profile, mode });
  if (!isObject(resource) || resource.resourceType !== type) {
    const words = `A ${type} is expected, by itself or as the parameter "resource".`;
    return fail(problem('malformed', 'structure', words));
  }
  return succeed({ resource, profile, mode });
}

function namedIn(parameters: JsonObject | null): (name: string) => JsonObject | null {
  const all = parameters === null ? [] : objectsAt(parameters, 'parameter');
  return (name) => all.find((each) => textAt(each, 'name') === name) ?? null;
}

function isMode(code: string): code is ValidationMode {
  return MODES.some((mode) => mode === code);
}

const MODES = ['create', 'update', 'delete', 'profile'] as const;
const UNKNOWN_PROFILE = problem(
  'malformed',
  'not-supported',
  'This profile is not known here: those of this server are, and R4’s own of each type.',
);
