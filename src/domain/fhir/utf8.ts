const ENCODER = new TextEncoder();
const NOT_ASCII = /[^\0-\x7f]/;

/** How many bytes of UTF-8 a text has. Most need not be encoded to know. */
export function bytesOf(text: string): number {
  return NOT_ASCII.test(text) ? ENCODER.encode(text).length : text.length;
}
