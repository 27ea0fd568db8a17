import type { IncomingMessage } from 'node:http';
import type { Ids } from '../ports/ids.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TOKEN = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$/;
// Ten digits, grouped or not, could be an NHS number, and request ids are logged.
const TEN_DIGITS = /(?<!\d)\d{3}[._~-]?\d{3}[._~-]?\d{4}(?!\d)/;

/** The caller's X-Request-ID when it is fit to be logged and echoed, else a fresh one. */
export function requestIdOf(request: IncomingMessage, ids: Ids): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && isFit(given) ? given : ids.fresh();
}

function isFit(id: string): boolean {
  return UUID.test(id) || (TOKEN.test(id) && !TEN_DIGITS.test(id));
}
