const ENCODER = new TextEncoder();
const BYTES_PER_CHARACTER_MAX = 3;

/** Written to, never read: encoding a short text is quicker than looking for what is not ASCII. */
const SCRATCH = new Uint8Array(8 * 1024);

/** How many bytes of UTF-8 a text has. */
export function bytesOf(text: string): number {
  if (text.length * BYTES_PER_CHARACTER_MAX > SCRATCH.length) return ENCODER.encode(text).length;
  return ENCODER.encodeInto(text, SCRATCH).written;
}

const SHARED_BYTES = 16 * 1024;
/** Longer texts would leave too much of the shared memory empty. */
const SHARED_LENGTH_MAX = 512;

let shared = new Uint8Array();
let used = 0;

/**
 * A text as UTF-8, to be sent and not kept: it is in memory that several share, since to allocate
 * some for each costs more than the encoding.
 */
export function utf8ToSend(text: string): Uint8Array {
  if (text.length > SHARED_LENGTH_MAX) return ENCODER.encode(text);
  if (used + text.length * BYTES_PER_CHARACTER_MAX > shared.length) {
    shared = new Uint8Array(SHARED_BYTES);
    used = 0;
  }
  const { written } = ENCODER.encodeInto(text, shared.subarray(used));
  used += written;
  return shared.subarray(used - written, used);
}
