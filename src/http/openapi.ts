import { isOperation } from './capability-statement.ts';
import { editStatuses, isConditional } from './openapi-edits.ts';
import { parametersOf } from './openapi-parameters.ts';
import { PROBLEM_KINDS, statusOf } from './outcome.ts';
import type { PublicRoute } from './public-routes.ts';
import { type BodyKind, bodyOf, FHIR_PATH, type FhirRoute, isEdit } from './route.ts';

const FHIR_TYPE = 'application/fhir+json';
const JSON_PATCH_TYPE = 'application/json-patch+json';
const RESPONSE = '#/components/responses/';
const SCHEMA = '#/components/schemas/';

/** Interactions that answer 201 with what they made. */
const CREATING: ReadonlySet<string> = new Set(['claim-relationship', 'resolve-alert']);

/** Problems that any route with a token may answer with. */
const COMMON_PROBLEMS = [400, 401, 403, 406, 500, 503];

/**
 * The OpenAPI 3.1 document, generated from the same tables as the server's routes. It does not
 * depend on the deployment, so that one file describes every one.
 */
export function openApi(
  routes: readonly FhirRoute[],
  publicRoutes: readonly PublicRoute[],
  version: string,
): object {
  const paths = { ...fhirPaths(routes), ...publicPaths(publicRoutes) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Summary Care Record',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: 'HL7 FHIR R4. Every error is an OperationOutcome.',
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      responses: problemResponses(JSON.stringify(paths)),
      schemas: schemas(),
    },
  };
}

/** A route's path as OpenAPI writes it. */
export function openApiPath(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

function fhirPaths(routes: readonly FhirRoute[]): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = openApiPath(FHIR_PATH + route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describe(route) };
  }
  return paths;
}

function describe(route: FhirRoute): object {
  const body = bodyOf(route);
  return {
    operationId: operationId(route),
    tags: [route.type],
    summary: route.summary,
    externalDocs: { url: route.spec },
    parameters: parametersOf(route),
    ...(body === 'none' ? {} : { requestBody: requestBody(body, !takesStored(route)) }),
    responses: responses(route),
  };
}

function operationId({ method, type, interaction, path }: FhirRoute): string {
  if (isOperation({ path })) {
    if (type === 'System') return interaction;
    if (takesStored({ interaction, path })) {
      return `${interaction}-${type}-${method === 'GET' ? 'stored' : 'instance'}`;
    }
    const byQuery = method === 'GET' && !path.includes('/:id') ? '-by-query' : '';
    return `${interaction}-${type}${byQuery}`;
  }
  if (isConditional({ interaction, path })) return `${interaction}-${type}-conditional`;
  return `${interaction}-${type}${method === 'POST' && path.endsWith('_search') ? '-form' : ''}`;
}

/** Whether a route takes what is stored where no resource is sent. */
function takesStored({ interaction, path }: Pick<FhirRoute, 'interaction' | 'path'>): boolean {
  return interaction === 'validate' && path.includes('/:id');
}

function requestBody(kind: Exclude<BodyKind, 'none'>, required: boolean): object {
  const resource = { [FHIR_TYPE]: { schema: { $ref: `${SCHEMA}Resource` } } };
  if (kind === 'resource') return { required, content: resource };
  if (kind === 'patch') {
    const operations = { schema: { type: 'array', items: { type: 'object' } } };
    return { required: true, content: { [JSON_PATCH_TYPE]: operations, ...resource } };
  }
  const schema = { type: 'object', additionalProperties: { type: 'string' } };
  return { content: { 'application/x-www-form-urlencoded': { schema } } };
}

function responses(route: FhirRoute): object {
  const schema = { $ref: `${SCHEMA}${answerOf(route)}` };
  const answer = { description: route.summary, content: { [FHIR_TYPE]: { schema } } };
  const nothing = { description: route.summary };
  const done = statusesOf(route).map(([status, hasBody]) => [status, hasBody ? answer : nothing]);
  const statuses = [...COMMON_PROBLEMS, ...ownProblems(route)].sort((a, b) => a - b);
  const problems = statuses.map((status) => [status, { $ref: `${RESPONSE}${status}` }]);
  return Object.fromEntries([...done, ...problems]);
}

function statusesOf(route: FhirRoute): readonly [number, boolean][] {
  if (isEdit(route)) return editStatuses(route);
  return [[CREATING.has(route.interaction) ? 201 : 200, true]];
}

function answerOf({ interaction }: FhirRoute): string {
  if (interaction === 'search-type' || interaction === 'batch') return 'Bundle';
  return ['submit-record', 'explain-access'].includes(interaction) ? 'Parameters' : 'Resource';
}

function ownProblems(route: FhirRoute): readonly number[] {
  const body = bodyOf(route) === 'none' ? [] : [413, 415];
  const writes = body.length > 0 && bodyOf(route) !== 'form' ? [409, 422] : [];
  const named = route.path.includes('/:id') && route.method !== 'DELETE' ? [404, 410] : [];
  const conditional = isEdit(route) || route.interaction === 'batch' ? [412] : [];
  return [...named, ...writes, ...body, ...conditional];
}

function publicPaths(routes: readonly PublicRoute[]): Record<string, object> {
  const told = routes.filter(({ summary }) => summary !== null);
  return Object.fromEntries(told.map((route) => [route.path, { get: describePublic(route) }]));
}

function describePublic({ path, summary, mediaType }: PublicRoute): object {
  return {
    operationId: `get-${path.replaceAll(/[^A-Za-z]+/g, '-').replace(/^-/, '')}`,
    tags: ['Public'],
    summary,
    security: [],
    responses: {
      200: { description: summary, content: { [mediaType]: {} } },
      // A target that is too long; and of a FHIR answer, a format that there is not.
      400: { $ref: `${RESPONSE}400` },
      ...(mediaType === FHIR_TYPE ? { 406: { $ref: `${RESPONSE}406` } } : {}),
    },
  };
}

/** The problems that the paths refer to. A method that a path lacks (405) is no operation of it. */
function problemResponses(paths: string): object {
  const schema = { $ref: `${SCHEMA}OperationOutcome` };
  const entries = PROBLEM_KINDS.map((kind): [number, object] => [
    statusOf(kind),
    { description: kind, content: { [FHIR_TYPE]: { schema } } },
  ]);
  return Object.fromEntries(entries.filter(([status]) => paths.includes(`"${RESPONSE}${status}"`)));
}

function schemas(): object {
  return {
    Resource: resourceSchema('Any FHIR R4 resource.'),
    Bundle: resourceSchema('A Bundle.', 'Bundle'),
    Parameters: resourceSchema('A Parameters resource.', 'Parameters'),
    OperationOutcome: resourceSchema('What went wrong, all faults at once.', 'OperationOutcome'),
  };
}

function resourceSchema(description: string, name?: string): object {
  return {
    type: 'object',
    description,
    required: ['resourceType'],
    properties: {
      resourceType: { type: 'string', ...(name === undefined ? {} : { const: name }) },
    },
  };
}
