/**
 * What callers say of themselves (names, ids, request targets) goes into the log as it came. These
 * make FHIR primitives of it, so that no caller can make the log unreadable. Undefined: nothing is
 * left.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: FHIR strings must not hold them.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

/** A FHIR string: well formed, without control characters, not blank. */
export function asString(text: string | null): string | undefined {
  if (text === null) return undefined;
  const clean = text.toWellFormed().replace(CONTROL, '\ufffd').trim();
  return clean === '' ? undefined : clean;
}

/** A FHIR uri: as a string, with its blanks escaped. */
export function asUri(text: string | null): string | undefined {
  return asString(text)?.replace(/\s/g, encodeURIComponent);
}

/** A FHIR code: as a string, with single blanks. */
export function asCode(text: string | null): string | undefined {
  return asString(text)?.replace(/\s+/g, ' ');
}

/** Base64 of the UTF-8 of a text; undefined for an empty one, which FHIR does not know. */
export function asBase64(text: string | null): string | undefined {
  if (text === null || text === '') return undefined;
  return new TextEncoder().encode(text).toBase64();
}

/** A request target without a token in it (RFC 6750, section 2.3): tokens are never logged. */
export function withoutToken(target: string): string {
  // Most targets have no such character, and need not be searched through.
  if (!target.includes('_')) return target;
  return target.replace(/([?&;]access_token=)[^&;#]*/gi, '$1-');
}
