import { TARGET_BYTES_MAX } from '../domain/limits.ts';
import { problem } from '../domain/problem.ts';
import { type Failure, fail, type Result, succeed } from '../domain/result.ts';
import type { FhirRequest } from './route.ts';

/** The last text parsed: what looks at one request's parameters in turn has them parsed once. */
let last: { readonly text: string; readonly result: Result<URLSearchParams> } | null = null;

/**
 * The parameters of a text, as `parse` has them; nobody may change them, since others get the same.
 */
export function parametersIn(text: string): Result<URLSearchParams> {
  if (last?.text === text) return last.result;
  const result = parse(text);
  if (text.length <= TARGET_BYTES_MAX) last = { text, result };
  return result;
}

/**
 * Parses a query string or a form body (application/x-www-form-urlencoded) strictly: a bad
 * percent-encoding is `malformed`, where the platform's parser would guess.
 */
function parse(text: string): Result<URLSearchParams> {
  const parameters = new URLSearchParams();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    const value = decode(equals === -1 ? '' : pair.slice(equals + 1));
    if (name === null || value === null) return badEncoding();
    parameters.append(name, value);
  }
  return succeed(parameters);
}

/** The query of a request, as sent, without its question mark. */
export function queryTextOf(request: Pick<FhirRequest, 'url'>): string {
  const mark = request.url.indexOf('?');
  return mark === -1 ? '' : request.url.slice(mark + 1);
}

function decode(text: string): string | null {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

function badEncoding(): Failure {
  return fail(problem('malformed', 'invalid', 'A search parameter has a bad percent-encoding.'));
}
