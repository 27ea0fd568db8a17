import { problem } from '../problem.ts';
import { fail, type Result, succeed } from '../result.ts';
import type { SearchType } from './search-types.ts';
import type { Position } from './sort.ts';

/** Signs a text with a secret of the server's: letters and digits, always as many. */
export type Sign = (text: string) => string;

/** Where a search goes on: which search it is, and after which resource. */
export interface Continuation {
  /** The parameters as they were sent; they are understood afresh for every page. */
  readonly parameters: readonly (readonly [string, string])[];
  readonly after: Position;
}

/**
 * The next page of a search as opaque text for a link. It holds no list of results: each page is
 * found again among what its caller may see then.
 */
export function cursorOf(
  type: SearchType,
  { parameters, after }: Continuation,
  sign: Sign,
): string {
  const text = JSON.stringify([parameters, after.keys, after.id]);
  const signed = `${signature(type, text, sign)} ${text}`;
  return new TextEncoder().encode(signed).toBase64({ alphabet: 'base64url', omitPadding: true });
}

/**
 * Reads a cursor of ours for a search of this type. Whatever is wrong with one, the fault is the
 * same: it says nothing of what the cursor pointed at.
 */
export function readCursor(cursor: string, type: SearchType, sign: Sign): Result<Continuation> {
  const decoded = decode(cursor);
  const blank = decoded?.indexOf(' ') ?? -1;
  if (decoded === null || blank === -1) return fail(NOT_OURS);
  const text = decoded.slice(blank + 1);
  if (signature(type, text, sign) !== decoded.slice(0, blank)) return fail(NOT_OURS);
  // Signed by us: it has the shape that `cursorOf` gave it.
  const [parameters, keys, id] = JSON.parse(text) as [
    Continuation['parameters'],
    Position['keys'],
    string,
  ];
  return succeed({ parameters, after: { keys, id } });
}

const NOT_OURS = problem('malformed', 'value', 'The page link is not one of this server’s.');

function signature(type: SearchType, text: string, sign: Sign): string {
  return sign(`search-cursor ${type} ${text}`);
}

const BASE64URL = /^[\w-]+$/;

function decode(cursor: string): string | null {
  // Of one character too many nothing could be decoded.
  if (!BASE64URL.test(cursor) || cursor.length % 4 === 1) return null;
  try {
    const bytes = Uint8Array.fromBase64(cursor, { alphabet: 'base64url' });
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (fault) {
    if (fault instanceof SyntaxError || fault instanceof TypeError) return null;
    throw fault;
  }
}
