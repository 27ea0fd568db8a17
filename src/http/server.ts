import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { BODY_BYTES_MAX, TARGET_BYTES_MAX } from '../domain/limits.ts';
import { problem } from '../domain/problem.ts';
import { authentication } from './authenticate.ts';
import { answerClientError } from './client-error.ts';
import { prepareCompression } from './compression.ts';
import { letBrowsersCall } from './cross-origin.ts';
import { answerFailure } from './failure.ts';
import { keepBodiesRaw } from './fhir-body.ts';
import { refusedMethod, registerFhirRoutes, registerOtherMethods } from './fhir-routes.ts';
import { measureAnswer } from './metrics.ts';
import { sendProblem } from './outcome.ts';
import { registerPublicRoutes } from './public-replies.ts';
import { PUBLIC_ROUTES } from './public-routes.ts';
import { requestIdOf } from './request-id.ts';
import { frameworkLog, logAnswer } from './request-log.ts';
import { setHeaders } from './response-headers.ts';
import { FHIR_PATH } from './route.ts';
import { FHIR_ROUTES } from './route-table.ts';
import type { ServerParts } from './server-parts.ts';

/** How long a connection may be silent, a request may take to arrive, an idle one is kept. */
const CONNECTION_TIMEOUT_MS = 120_000;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Builds the HTTP server: limits, then hooks, then routes, in the order written here. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const server = bareServer(parts);
  server.decorateRequest('caller', null);
  server.decorateRequest('template', null);
  server.decorateRequest('allow', null);
  keepBodiesRaw(server);
  server.addHook('onResponse', (request, reply, done) => {
    noteAnswer(parts, request, reply);
    done();
  });
  endConnectionsWhenClosing(server);
  await letBrowsersCall(server, parts.corsOrigins);
  await prepareCompression(server);
  server.addHook('onRequest', begin);
  server.addHook('onRequest', refuseEarly);
  server.addHook('onRequest', authentication(parts.context, parts.verifier));
  server.setErrorHandler(answerFailure);
  server.setNotFoundHandler(notFound);
  registerFhirRoutes(server, parts.context, FHIR_ROUTES);
  await registerPublicRoutes(server, parts);
  registerOtherMethods(server, [
    ...FHIR_ROUTES.map(({ method, path }) => ({ method, url: FHIR_PATH + path })),
    ...PUBLIC_ROUTES.filter(({ summary }) => summary !== null).map(publicMethod),
  ]);
  return server;
}

function bareServer(parts: ServerParts): FastifyInstance {
  const { context, logger } = parts;
  return fastify({
    loggerInstance: logger,
    logController: frameworkLog(),
    // One logger for all requests: a line names its request itself (`request-log.ts`).
    childLoggerFactory: (shared) => shared,
    genReqId: (request) => requestIdOf(request, context.ids),
    bodyLimit: BODY_BYTES_MAX,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // Search parameters are read in their order, repeated ones too (`form.ts`), not as an object.
    routerOptions: { querystringParser: () => NO_QUERY },
    rewriteUrl: ({ url }) => inOneForm(url ?? '/'),
    // Requests that arrive while closing are still answered, then their connection is closed.
    return503OnClosing: false,
    // Refused before any route was found: no hook runs, so what hooks do is done here.
    frameworkErrors: (error, request, reply) => {
      setHeaders(reply, request.id);
      reply.raw.once('finish', () => noteAnswer(parts, request, reply));
      answerFailure(error, request, reply);
    },
    clientErrorHandler: answerClientError,
  }) as unknown as FastifyInstance;
}

const NO_QUERY = {};

/** Looks the route up once for all that ask for it, and sets the headers of every answer. */
function begin(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  // Fastify puts this together anew each time that it is asked.
  const { url, config } = request.routeOptions;
  request.template = url ?? null;
  request.allow = config?.allow ?? null;
  setHeaders(reply, request.id);
  done();
}

function noteAnswer({ metrics }: ServerParts, request: FastifyRequest, reply: FastifyReply): void {
  logAnswer(request, reply);
  measureAnswer(metrics, request, reply);
}

/** Some clients escape the `$` of an operation's name, which means the same (RFC 3986, 6.2.2.2). */
function inOneForm(url: string): string {
  // Nearly every URL is in that form: those are not taken apart.
  if (!url.includes('%24') && !url.startsWith(ROOT_QUERY) && url !== ROOT) return url;
  const [path = '', ...query] = url.split('?');
  const base = path === ROOT ? FHIR_PATH : path;
  return [base.startsWith(FHIR_PATH) ? base.replace(/\/%24/g, '/$') : base, ...query].join('?');
}

const ROOT = `${FHIR_PATH}/`;
const ROOT_QUERY = `${ROOT}?`;

/** An answer given while the server closes ends its connection, which would hold the process up. */
function endConnectionsWhenClosing(server: FastifyInstance): void {
  let closing = false;
  server.addHook('preClose', async () => {
    closing = true;
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
}

/**
 * What is refused whoever asks: targets that are too long, methods that a path does not have.
 * Fastify goes on when `done` is called; where an answer was sent instead, it is not.
 */
function refuseEarly(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  // No character takes more than three bytes of UTF-8: short ones need not be counted.
  const { url } = request;
  if (url.length * 3 > TARGET_BYTES_MAX && Buffer.byteLength(url) > TARGET_BYTES_MAX) {
    const words = `The URL is longer than ${TARGET_BYTES_MAX} bytes.`;
    sendProblem(reply, problem('malformed', 'too-long', words));
  } else if (request.allow !== null) sendProblem(reply, refusedMethod(request.allow));
  else done();
}

async function notFound(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return sendProblem(reply, problem('not-found', 'not-found', 'There is nothing at this path.'));
}

function publicMethod({ path }: { readonly path: string }): { method: string; url: string } {
  return { method: 'GET', url: path };
}
