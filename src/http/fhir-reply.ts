import type { FastifyReply } from 'fastify';
import { parseJson } from '../domain/fhir/json.ts';
import type { Released } from '../interactions/released.ts';
import { sendBody } from './compression.ts';
import { joinBytes } from './join-bytes.ts';
import { FHIR_JSON, informationalOutcome } from './outcome.ts';
import type { ReturnPreference } from './prefer.ts';
import { ANSWER_STATUS } from './response-bundle.ts';

/** How an answer is written. */
export interface ReplyStyle {
  readonly baseUrl: string;
  /** Whether the caller asked for indented text (`_pretty=true`), for a person to read. */
  readonly pretty: boolean;
  /** Whether the caller has it already: then headers alone are sent (304). */
  readonly notModified: boolean;
  /** What the caller wants back of a change; null for everything that is none. */
  readonly returns: ReturnPreference | null;
}

/**
 * Sends an answer. Takes Released and nothing else: what was not audited has no way out.
 * Headers as http://hl7.org/fhir/R4/http.html#create and #versions say.
 */
export function sendReleased(
  reply: FastifyReply,
  released: Released,
  { baseUrl, pretty, notModified, returns }: ReplyStyle,
): FastifyReply {
  const { versionId, lastUpdated, location } = released;
  if (versionId !== undefined) reply.header('etag', `W/"${versionId}"`);
  if (lastUpdated !== undefined) {
    reply.header('last-modified', new Date(lastUpdated).toUTCString());
  }
  if (location !== undefined) reply.header('location', locationOf(baseUrl, location, versionId));
  if (notModified) return reply.code(304).send();
  const body = returns === null ? released.body : preferredBody(released, returns);
  // A status that promises no content is true only of an answer without any.
  const status = body.length > 0 && released.status === 'no-content' ? 'ok' : released.status;
  reply.code(ANSWER_STATUS[status]);
  if (body.length === 0) return reply.send();
  reply.header('content-type', FHIR_JSON);
  return sendBody(reply, pretty ? indented(body) : joinBytes(body));
}

function preferredBody(
  { status, body }: Released,
  returns: ReturnPreference,
): readonly Uint8Array[] {
  switch (returns) {
    case 'minimal':
      return [];
    case 'representation':
      return body;
    case 'OperationOutcome':
      return [Buffer.from(informationalOutcome(status))];
  }
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
