import type { LightMyRequestResponse } from 'fastify';

/**
 * All of an answer that must not differ: status, body, and every header but dates and request ids.
 */
export function comparable({ statusCode, body, headers }: LightMyRequestResponse): object {
  const { date: _, 'x-request-id': __, ...rest } = headers;
  return { statusCode, body, headers: rest };
}
