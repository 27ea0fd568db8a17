import type { FastifyInstance } from 'fastify';
import { acceptProblem } from './accept.ts';
import { capabilityStatement } from './capability-statement.ts';
import { serveDocs } from './docs-page.ts';
import { live, ready } from './health.ts';
import { openApi } from './openapi.ts';
import { FHIR_JSON, sendProblem } from './outcome.ts';
import { DEV_KEYS_PATH, METADATA_PATH, PUBLIC_ROUTES, SMART_PATH } from './public-routes.ts';
import type { PublicHandler } from './route.ts';
import { FHIR_ROUTES } from './route-table.ts';
import type { ServerParts } from './server-parts.ts';
import { smartConfiguration } from './smart-configuration.ts';
import { staticReply } from './static-reply.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Registers every route that needs no token, and the documentation page. */
export async function registerPublicRoutes(
  server: FastifyInstance,
  parts: ServerParts,
): Promise<void> {
  const document = openApi(FHIR_ROUTES, PUBLIC_ROUTES, parts.version);
  server.get(METADATA_PATH, metadata(parts));
  server.get(SMART_PATH, asJson(smartConfiguration(parts.issuers), parts));
  server.get('/openapi.json', asJson(document, parts));
  server.get('/health/live', live);
  server.get('/health/ready', ready(parts.context.store));
  server.get('/metrics', measurements(parts));
  if (parts.devKeys !== null) server.get(DEV_KEYS_PATH, asJson(parts.devKeys, parts));
  await serveDocs(server, document);
}

function metadata({ context, version, corsOrigins }: ServerParts): PublicHandler {
  const statement = capabilityStatement(FHIR_ROUTES, {
    baseUrl: context.baseUrl,
    version,
    startedAt: new Date(context.clock.now()).toISOString(),
    cors: corsOrigins.length > 0,
  });
  const send = staticReply(JSON.stringify(statement), FHIR_JSON, (text) =>
    context.names.digest(text),
  );
  return async (request, reply) => {
    const refusal = acceptProblem(request);
    return refusal === null ? send(request, reply) : sendProblem(reply, refusal);
  };
}

function asJson(value: object, { context }: ServerParts): PublicHandler {
  return staticReply(JSON.stringify(value), JSON_TYPE, (text) => context.names.digest(text));
}

function measurements({ metrics }: ServerParts): PublicHandler {
  return async (_request, reply) =>
    reply.header('content-type', metrics.registry.contentType).send(await metrics.collect());
}
