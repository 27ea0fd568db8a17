import { type Fault, wrongShape, wrongValue } from './fault.ts';

/** What R4 allows a string: 1 MiB (http://hl7.org/fhir/R4/datatypes.html#string). */
const STRING_CHARACTERS_MAX = 1024 * 1024;

const NOT_TEXT = wrongShape('A text is expected here.');
const BLANK: Fault = { rule: 'empty', code: 'value', words: 'A text may not be empty.' };
const CONTROL = wrongValue(
  'control-character',
  'A text may not hold control characters but tab, line feed and carriage return.',
);
const BROKEN = wrongValue('control-character', 'A text may not hold half a character.');
const TOO_LONG: Fault = {
  rule: 'string-length',
  code: 'too-long',
  words: `A text may have ${STRING_CHARACTERS_MAX} characters at most.`,
};
const NO_CODE = wrongValue('code', 'A code has no blanks around it, and no two in a row.');
const NO_ID = wrongValue('id', 'An id has 1 to 64 letters, digits, hyphens and dots.');
const NO_URI = wrongValue('uri', 'A URI has no blanks, and is not empty.');
const SCRIPT = wrongValue('uri', 'A URI may not be a script.');
const NO_OID = wrongValue('oid', 'urn:oid: and an object identifier is expected.');
const NO_UUID = wrongValue('uuid', 'urn:uuid: and a UUID in small letters is expected.');
const NO_BASE64 = wrongValue('base64Binary', 'Base64 is expected.');

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;
// Half characters too: one look finds that most texts hold neither.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const SUSPECT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff]/;
const INK = /\S/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const CODE = /^\S+(?:\s\S+)*$/;
const NO_BLANKS = /^\S+$/;
const SCRIPTS = /^(?:javascript|vbscript):/i;
const OID = /^urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+$/;
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** A string or markdown: something to read, and nothing that cannot be shown. */
export function checkText(value: unknown): Fault | null {
  if (typeof value !== 'string') return NOT_TEXT;
  return INK.test(value) ? characterFault(value) : BLANK;
}

/** A code (http://hl7.org/fhir/R4/datatypes.html#code). */
export function checkCode(value: unknown): Fault | null {
  return formed(value, CODE, NO_CODE);
}

/** An id, of a resource or to be one (http://hl7.org/fhir/R4/datatypes.html#id). */
export function checkId(value: unknown): Fault | null {
  if (typeof value !== 'string') return NOT_TEXT;
  return ID.test(value) ? null : NO_ID;
}

/** A uri, url or canonical. */
export function checkUri(value: unknown): Fault | null {
  return formed(value, NO_BLANKS, NO_URI) ?? (SCRIPTS.test(value as string) ? SCRIPT : null);
}

/** An OID as a URI. */
export function checkOid(value: unknown): Fault | null {
  return formed(value, OID, NO_OID);
}

/** A UUID as a URI. */
export function checkUuid(value: unknown): Fault | null {
  return formed(value, UUID, NO_UUID);
}

/** Base64 with its padding; white space inside is allowed (RFC 4648, as R4 takes it). */
export function checkBase64(value: unknown): Fault | null {
  if (typeof value !== 'string') return NOT_TEXT;
  // Taken out first: a pattern that allows it everywhere would backtrack without end.
  const bare = value.replace(/\s+/g, '');
  return bare !== '' && bare.length % 4 === 0 && BASE64.test(bare) ? null : NO_BASE64;
}

function formed(value: unknown, form: RegExp, otherwise: Fault): Fault | null {
  if (typeof value !== 'string') return NOT_TEXT;
  return form.test(value) ? characterFault(value) : otherwise;
}

function characterFault(text: string): Fault | null {
  if (SUSPECT.test(text)) {
    if (CONTROLS.test(text)) return CONTROL;
    if (!text.isWellFormed()) return BROKEN;
  }
  return text.length > STRING_CHARACTERS_MAX ? TOO_LONG : null;
}
