import type { Socket } from 'node:net';
import { problem } from '../domain/problem.ts';
import { FHIR_JSON, operationOutcome } from './outcome.ts';

const HEADERS_TOO_LARGE = '431 Request Header Fields Too Large';
const TIMED_OUT = '408 Request Timeout';
const MALFORMED = '400 Bad Request';

/**
 * Answers what is not even HTTP, or came too slowly, on the bare socket; there is no request yet,
 * so these three statuses stand here and not in `outcome.ts`.
 */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = operationOutcome(
    problem('malformed', 'invalid', 'The request is not HTTP that this server can read.'),
  );
  const head = [
    `HTTP/1.1 ${statusLine(error.code)}`,
    `Content-Type: ${FHIR_JSON}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function statusLine(code: string | undefined): string {
  if (code === 'HPE_HEADER_OVERFLOW') return HEADERS_TOO_LARGE;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? TIMED_OUT : MALFORMED;
}
