import type { FastifyReply } from 'fastify';
import { parseJson } from '../domain/fhir/json.ts';
import type { Released } from '../interactions/released.ts';
import { FHIR_JSON } from './outcome.ts';

/** How an answer is written. */
export interface ReplyStyle {
  readonly baseUrl: string;
  /** Whether the caller asked for indented text (`_pretty=true`), for a person to read. */
  readonly pretty: boolean;
  /** Whether the caller has it already: then headers alone are sent (304). */
  readonly notModified: boolean;
}

/**
 * Sends an answer. Takes Released and nothing else: what was not audited has no way out.
 * Headers as http://hl7.org/fhir/R4/http.html#create and #versions say.
 */
export function sendReleased(
  reply: FastifyReply,
  released: Released,
  { baseUrl, pretty, notModified }: ReplyStyle,
): FastifyReply {
  const { versionId, lastUpdated, location } = released;
  if (versionId !== undefined) reply.header('etag', `W/"${versionId}"`);
  if (lastUpdated !== undefined) {
    reply.header('last-modified', new Date(lastUpdated).toUTCString());
  }
  if (location !== undefined) reply.header('location', locationOf(baseUrl, location, versionId));
  if (notModified) return reply.code(304).send();
  return reply
    .code(released.status === 'created' ? 201 : 200)
    .header('content-type', FHIR_JSON)
    .send(pretty ? indented(released.body) : Buffer.concat(released.body));
}

function locationOf(baseUrl: string, location: string, versionId: string | undefined): string {
  const version = versionId === undefined ? '' : `/_history/${versionId}`;
  return `${baseUrl}/${location}${version}`;
}

/** The same JSON over several lines: numbers, order and text are as they were. */
function indented(body: readonly Uint8Array[]): string {
  const parsed = parseJson(Buffer.concat(body).toString());
  if (!parsed.ok) throw new Error('INVARIANT: an answer is JSON');
  return `${JSON.stringify(parsed.value, null, 2)}\n`;
}
