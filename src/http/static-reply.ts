import { sendBody } from './compression.ts';
import type { PublicHandler } from './route.ts';

/**
 * Serves a text that stays the same while the process runs, with an ETag to ask again by.
 * `digest` turns the text into the tag.
 */
export function staticReply(
  text: string,
  mediaType: string,
  digest: (text: string) => string,
): PublicHandler {
  const etag = `W/"${digest(text)}"`;
  return async (request, reply) => {
    reply.header('etag', etag).header('cache-control', 'no-cache');
    const known = (request.headers['if-none-match'] ?? '').split(',').map((each) => each.trim());
    if (known.includes(etag) || known.includes('*')) return reply.code(304).send();
    return sendBody(reply.header('content-type', mediaType), text);
  };
}
