import compress from '@fastify/compress';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Below this many bytes compressing costs more than it saves. */
const COMPRESSED_BYTES_MIN = 1024;

/**
 * Lets `sendBody` compress (RFC 9110, section 12.5.3). Not by hooks on every answer: most callers
 * do not ask for it, and theirs should not pay.
 */
export async function prepareCompression(server: FastifyInstance): Promise<void> {
  await server.register(compress, {
    global: false,
    encodings: ['gzip', 'deflate'],
    threshold: COMPRESSED_BYTES_MIN,
    // Bodies that come compressed are not taken: a small one could unpack to an endless one.
    globalDecompression: false,
  });
}

/** Sends a body, compressed for callers that say they take it. */
export function sendBody(reply: FastifyReply, body: string | Buffer): FastifyReply {
  const asked = reply.request.headers['accept-encoding'] !== undefined;
  // Answers from before a route was found have no such method.
  if (!asked || typeof reply.compress !== 'function') return reply.send(body);
  reply.compress(body);
  return reply;
}
