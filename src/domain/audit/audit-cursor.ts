import { rangeOf } from '../fhir/date-range.ts';
import type { AuditPosition } from './entry.ts';

/** Makes 32 hexadecimal digits of a text (`Names.digest`). */
export type Digest = (text: string) => string;

/**
 * Where the next page begins, as text for a link. It carries a digest of what was searched for, so
 * that it continues that search and no other. It grants nothing: what a caller may see is decided
 * afresh for every page.
 */
export function cursorOf(position: AuditPosition, question: string, digest: Digest): string {
  const { recorded, id } = position;
  const text = JSON.stringify([recorded, id, seal(position, question, digest)]);
  return new TextEncoder().encode(text).toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** The position that a cursor stands for; null when it is not one of ours for this search. */
export function readCursor(cursor: string, question: string, digest: Digest): AuditPosition | null {
  // What base64url can be: of one character too many nothing could be decoded.
  if (!/^[\w-]{2,512}$/.test(cursor) || cursor.length % 4 === 1) return null;
  const parts = /^\["([^"\\]*)","([^"\\]*)","([0-9a-f]+)"\]$/.exec(decoded(cursor));
  const [, recorded = '', id = '', sealed = ''] = parts ?? [];
  // The digest has no key: whoever makes a cursor of their own must at least name a moment.
  if (rangeOf(recorded) === null) return null;
  const position = { recorded, id };
  return sealed === seal(position, question, digest) ? position : null;
}

function seal(position: AuditPosition, question: string, digest: Digest): string {
  return digest(JSON.stringify(['audit-cursor', question, position.recorded, position.id]));
}

function decoded(cursor: string): string {
  const bytes = Uint8Array.fromBase64(cursor, { alphabet: 'base64url' });
  return new TextDecoder().decode(bytes);
}
