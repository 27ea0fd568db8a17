import compress from '@fastify/compress';
import type { FastifyInstance } from 'fastify';

/** Below this many bytes compressing costs more than it saves. */
const COMPRESSED_BYTES_MIN = 1024;

/** Compresses answers for callers that say they take it (RFC 9110, section 12.5.3). */
export async function compressAnswers(server: FastifyInstance): Promise<void> {
  await server.register(compress, {
    encodings: ['gzip', 'deflate'],
    threshold: COMPRESSED_BYTES_MIN,
    // Bodies that come compressed are not taken: a small one could unpack to an endless one.
    globalDecompression: false,
  });
}
