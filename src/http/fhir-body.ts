import type { FastifyInstance } from 'fastify';
import { type Json, parseJson } from '../domain/fhir/json.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import type { Interaction } from '../interactions/perform.ts';
import { parseRange, speaksR4 } from './accept.ts';
import { parametersIn, queryTextOf } from './form.ts';
import type { BodyKind, FhirRequest } from './route.ts';

const RESOURCE_TYPES = new Set(['application/fhir+json', 'application/json']);
const TAKEN: Readonly<Record<Exclude<BodyKind, 'none'>, ReadonlySet<string>>> = {
  resource: RESOURCE_TYPES,
  form: new Set(['application/x-www-form-urlencoded']),
  patch: new Set(['application/json-patch+json', ...RESOURCE_TYPES]),
};

/** Bodies reach handlers as bytes: they are parsed after the caller is known and allowed. */
export function keepBodiesRaw(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
}

/**
 * Whether a body's media type is one that the route takes; null when it is, or there is no body.
 */
export function mediaProblem(
  request: FhirRequest,
  kind: Exclude<BodyKind, 'none'>,
): Problem | null {
  const { headers } = request;
  if (!hasBody(request)) return null;
  const { type, version, charset } = parseRange(headers['content-type'] ?? '');
  const taken = TAKEN[kind];
  const plain = (headers['content-encoding'] ?? 'identity') === 'identity';
  const utf8 = charset === null || charset === 'utf-8' || charset === 'utf8';
  if (taken.has(type) && speaksR4(version) && utf8 && plain) return null;
  const words = `The body must be ${[...taken].join(' or ')} in UTF-8, FHIR R4, not compressed.`;
  return problem('unsupported-media', 'not-supported', words);
}

/**
 * Parses the body as JSON, then goes on with what `next` makes of it; `malformed` when it is not.
 */
export function withResource(request: FhirRequest, next: (body: Json) => Interaction): Interaction {
  return async (context, call) => {
    const body = resourceIn(request);
    return body.ok ? next(body.value)(context, call) : body;
  };
}

/** As `withResource`, where there need not be a body: then `next` gets null. */
export function withResourceIfAny(
  request: FhirRequest,
  next: (body: Json | null) => Interaction,
): Interaction {
  const { body } = request;
  const isEmpty = body === undefined || body === null;
  if (isEmpty || (body instanceof Uint8Array && body.byteLength === 0)) return next(null);
  return withResource(request, next);
}

/** Parses the query alone, whatever the body is, then goes on with what `next` makes of it. */
export function withQuery(
  request: FhirRequest,
  next: (query: URLSearchParams) => Interaction,
): Interaction {
  return async (context, call) => {
    const query = parametersIn(queryTextOf(request));
    return query.ok ? next(query.value)(context, call) : query;
  };
}

/** Takes the body as text, then goes on with what `next` makes of it; `malformed` without one. */
export function withText(request: FhirRequest, next: (text: string) => Interaction): Interaction {
  return async (context, call) => {
    const text = textOf(request.body);
    return text.ok ? next(text.value)(context, call) : text;
  };
}

/** The body parsed as JSON; `malformed` when it is not, or there is none. */
export function resourceIn(request: FhirRequest): Result<Json> {
  const text = textOf(request.body);
  return text.ok ? parseJson(text.value) : text;
}

/** Parses query and search form, then goes on with what `next` makes of them. */
export function withParameters(
  request: FhirRequest,
  next: (parameters: URLSearchParams) => Interaction,
): Interaction {
  return (context, call) => {
    const parameters = parametersOf(request);
    return parameters.ok ? next(parameters.value)(context, call) : Promise.resolve(parameters);
  };
}

/** The search parameters of a request: those of the query, then those of a search form. */
export function parametersOf(request: FhirRequest): Result<URLSearchParams> {
  const query = queryTextOf(request);
  if (request.body === undefined || request.body === null) return parametersIn(query);
  const form = textOf(request.body);
  return form.ok ? parametersIn(`${query}&${form.value}`) : form;
}

function hasBody({ headers }: FhirRequest): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function textOf(body: unknown): Result<string> {
  if (!(body instanceof Uint8Array) || body.byteLength === 0) {
    return fail(problem('malformed', 'required', 'A body is needed.'));
  }
  try {
    return succeed(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    if (error instanceof TypeError) {
      return fail(problem('malformed', 'structure', 'The body is not UTF-8.'));
    }
    throw error;
  }
}
