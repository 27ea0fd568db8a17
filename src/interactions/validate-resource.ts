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
    const asked = readRequest(type, body, query);
    if (!asked.ok) return asked;
    const { resource, profile } = asked.value;
    const faults = validate(resource, profile === null ? {} : { profile });
    const { advise } = await import('../domain/validation/advise.ts');
    const advice = advise(resource, profile ?? undefined);
    const text = new TextEncoder().encode(JSON.stringify(outcomeOf(faults, advice)));
    return release(context, call, { entityNames: [type] }, { status: 'ok', body: [text] });
  };
}

interface Request {
  readonly resource: JsonObject;
  readonly profile: string | null;
}

/**
 * The resource by itself, or in Parameters; `mode` and `profile` there, or in the query beside a
 * resource by itself.
 */
function readRequest(type: RecordType, body: Json, query: URLSearchParams): Result<Request> {
  const isParameters = isObject(body) && body.resourceType === 'Parameters';
  const named = (name: string): JsonObject => {
    const all = isParameters ? objectsAt(body, 'parameter') : [];
    return all.find((each) => textAt(each, 'name') === name) ?? {};
  };
  const mode = textAt(named('mode'), 'valueCode') ?? query.get('mode') ?? 'create';
  if (mode === 'delete') return fail(OF_WHAT_IS_STORED);
  if (!MODES.includes(mode)) {
    return fail(problem('malformed', 'value', `The mode must be one of ${MODES.join(', ')}.`));
  }
  const profile =
    textAt(named('profile'), 'valueUri') ??
    textAt(named('profile'), 'valueCanonical') ??
    query.get('profile');
  if (profile !== null && !isKnownProfile(profile)) return fail(UNKNOWN_PROFILE);
  const resource = isParameters ? objectAt(named('resource'), 'resource') : body;
  if (!isObject(resource) || resource.resourceType !== type) {
    const words = `A ${type} is expected, by itself or as the parameter "resource".`;
    return fail(problem('malformed', 'structure', words));
  }
  return succeed({ resource, profile });
}

const MODES = ['create', 'update', 'profile'];
const OF_WHAT_IS_STORED = problem(
  'malformed',
  'not-supported',
  'Whether something may be deleted depends on what is stored, which $validate does not look at.',
);
const UNKNOWN_PROFILE = problem(
  'malformed',
  'not-supported',
  'This profile is not known here: those of this server are, and R4’s own of each type.',
);

/** Faults are errors; advice is a warning, and what has nothing but that is valid all the same. */
function outcomeOf(faults: readonly Issue[], advice: readonly Issue[]): object {
  const diagnostics = 'The resource is valid.';
  const valid = { severity: 'information', code: 'informational', diagnostics };
  const issue = [
    ...(faults.length === 0 ? [valid] : faults.map(rendered('error'))),
    ...advice.map(rendered('warning')),
  ];
  return { resourceType: 'OperationOutcome', issue };
}

function rendered(severity: string): (issue: Issue) => object {
  return ({ code, diagnostics, expression }) => ({
    severity,
    code,
    diagnostics,
    ...(expression === undefined ? {} : { expression: [expression] }),
  });
}
