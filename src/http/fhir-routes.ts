import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { type Problem, problem } from '../domain/problem.ts';
import type { Context } from '../interactions/context.ts';
import { acceptProblem } from './accept.ts';
import { callOf, type Sender } from './call-of.ts';
import { isNotModified } from './conditional-read.ts';
import { mediaProblem } from './fhir-body.ts';
import { sendReleased } from './fhir-reply.ts';
import { parametersIn, queryTextOf } from './form.ts';
import { sendProblem } from './outcome.ts';
import { returnPreference } from './prefer.ts';
import { bodyOf, FHIR_PATH, type FhirRoute, isEdit } from './route.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on routes that only say which methods their path answers. */
    allow?: readonly string[];
  }
  interface FastifyRequest {
    /** The route's path with its parameters named; null where no route was found. */
    template: string | null;
    /** The methods that the path answers, where this is none of them. */
    allow: readonly string[] | null;
  }
}

const METHODS: readonly HTTPMethods[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
];

/** Registers every route of the table below the FHIR base. */
export function registerFhirRoutes(
  server: FastifyInstance,
  context: Context,
  routes: readonly FhirRoute[],
): void {
  for (const route of routes) {
    server.route({
      method: route.method,
      url: FHIR_PATH + route.path,
      onRequest: (request, reply, done) => refuseFormats(route, request, reply, done),
      handler: (request, reply) => answer(route, context, request, reply),
    });
  }
}

/** For each path, the methods it does not answer: 405, with those it does in Allow. */
export function registerOtherMethods(
  server: FastifyInstance,
  routes: readonly { readonly method: string; readonly url: string }[],
): void {
  for (const url of new Set(routes.map((route) => route.url))) {
    const own = routes.filter((route) => route.url === url).map(({ method }) => method);
    const allow = own.includes('GET') ? [...own, 'HEAD'] : own;
    const method = METHODS.filter((each) => !allow.includes(each));
    const handler = async (_request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, refusedMethod(allow));
    server.route({ method, url, config: { allow }, handler });
  }
}

/** The answer of a path that has no such method. */
export function refusedMethod(allow: readonly string[]): Problem {
  const words = `This path answers ${allow.join(', ')}.`;
  return { ...problem('method-not-allowed', 'not-supported', words), allow };
}

/** Fastify goes on when `done` is called; where an answer was sent instead, it is not. */
function refuseFormats(
  route: FhirRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  done: () => void,
): void {
  const refusal = formatProblem(route, request);
  if (refusal === null) done();
  else sendProblem(reply, refusal);
}

function formatProblem(route: FhirRoute, request: FastifyRequest): Problem | null {
  const body = bodyOf(route);
  return acceptProblem(request) ?? (body === 'none' ? null : mediaProblem(request, body));
}

async function answer(
  route: FhirRoute,
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const pretty = asksPretty(request);
  const result = await route.handle(context, callOf(route, senderOf(request), request), request);
  return result.ok
    ? sendReleased(reply, result.value, {
        baseUrl: context.baseUrl,
        pretty,
        notModified: isNotModified(request, result.value),
        returns: isEdit(route) ? (returnPreference(request) ?? 'representation') : null,
      })
    : sendProblem(reply, result.problem);
}

/** `_pretty=true` (http://hl7.org/fhir/R4/http.html#parameters). */
function asksPretty(request: FastifyRequest): boolean {
  const parameters = parametersIn(queryTextOf(request));
  return parameters.ok && parameters.value.get('_pretty') === 'true';
}

function senderOf({ caller, id }: FastifyRequest): Sender {
  if (caller === null)
    throw new Error('INVARIANT: a route of the table has an authenticated caller');
  return { caller, requestId: id };
}
