const ENCODER = new TextEncoder();
const BYTES_PER_CHARACTER_MAX = 3;

/** Written to, never read: encoding a short text is quicker than looking for what is not ASCII. */
const SCRATCH = new Uint8Array(8 * 1024);

/** How many bytes of UTF-8 a text has. */
export function bytesOf(text: string): number {
  if (text.length * BYTES_PER_CHARACTER_MAX > SCRATCH.length) return ENCODER.encode(text).length;
  return ENCODER.encodeInto(text, SCRATCH).written;
}
