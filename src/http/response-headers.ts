import type { FastifyReply } from 'fastify';

/**
 * Headers of every answer: nothing is cached, sniffed, framed, or told where the reader came from.
 */
export function setHeaders(reply: FastifyReply, requestId: string): void {
  reply.headers({
    'x-request-id': requestId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
  });
}
