import { hash } from 'node:crypto';
import { boundedCache } from './bounded-cache.ts';

/**
 * The parts of a packed audit entry, written and read as hexadecimal digits: ids and versions are
 * such digits already, and one native call turns all of them into bytes, or back.
 */

/** A link to a value is so many digits of its digest: an integer that JavaScript holds exactly. */
export const LINK_DIGITS = 12;

/** What kind of text follows. */
const NONE = '00';
const UUID = '01';
const DIGITS = '02';
const UTF8 = '03';

const IS_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const IS_DIGITS = /^(?:[0-9a-f]{2}){4,255}$/;
const UUID_DIGITS = 32;
/** Of a count, and of a length in bytes. */
const COUNT_DIGITS = 6;
/** Of a length in bytes, before digits. */
const SHORT_DIGITS = 2;

/** What the counts can hold. Whoever writes makes sure that nothing is larger. */
export const COUNT_MAX = 16 ** COUNT_DIGITS - 1;

/** The link to a value; the same for the same value, always. */
export function linkTo(value: string): string {
  const known = LINKS.get(value);
  if (known !== undefined) return known;
  const link = hash('sha256', value, 'hex').slice(0, LINK_DIGITS);
  LINKS.set(value, link, value.length);
  return link;
}

/** Entries link to the same few values again and again. */
const LINKS = boundedCache<string>({ entriesMax: 1_024, bytesMax: 512 * 1024 });

/** A number of things, `COUNT_MAX` at most. */
export function hexOfCount(count: number): string {
  return padded(count, COUNT_DIGITS);
}

/** A text, or none, in its shortest form; `COUNT_MAX` bytes at most. */
export function hexOfText(text: string | null): string {
  if (text === null) return NONE;
  if (IS_UUID.test(text)) return UUID + text.replaceAll('-', '');
  if (IS_DIGITS.test(text)) return DIGITS + padded(text.length / 2, SHORT_DIGITS) + text;
  const hex = Buffer.from(text).toString('hex');
  return UTF8 + padded(hex.length / 2, COUNT_DIGITS) + hex;
}

function padded(count: number, digits: number): string {
  return count.toString(16).padStart(digits, '0');
}

/** Reads one part after the other. */
export interface HexReader {
  digits(count: number): string;
  count(): number;
  text(): string | null;
}

/** A reader of some bytes, from this digit on. */
export function hexReader(bytes: Uint8Array, from: number): HexReader {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  let at = from;

  function digits(count: number): string {
    at += count;
    return hex.slice(at - count, at);
  }

  function length(count: number): number {
    return Number.parseInt(digits(count), 16) * 2;
  }

  return {
    digits,
    count: () => Number.parseInt(digits(COUNT_DIGITS), 16),
    text() {
      const kind = digits(NONE.length);
      if (kind === NONE) return null;
      if (kind === UUID) return asUuid(digits(UUID_DIGITS));
      if (kind === DIGITS) return digits(length(SHORT_DIGITS));
      return Buffer.from(digits(length(COUNT_DIGITS)), 'hex').toString();
    },
  };
}

function asUuid(hex: string): string {
  const [a, b, c, d] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return `${a}-${b}-${c}-${d}-${hex.slice(20)}`;
}
