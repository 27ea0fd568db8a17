import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/**
 * Lets pages of the configured origins call from a browser
 * (https://fetch.spec.whatwg.org/#http-cors-protocol); without any, no answer says that they may.
 */
export async function letBrowsersCall(
  server: FastifyInstance,
  origins: readonly string[],
): Promise<void> {
  if (origins.length === 0) return;
  await server.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'accept',
      'if-match',
      'if-none-match',
      'if-none-exist',
      'if-modified-since',
      'prefer',
      'x-request-id',
    ],
    exposedHeaders: ['etag', 'last-modified', 'location', 'x-request-id'],
  });
}
