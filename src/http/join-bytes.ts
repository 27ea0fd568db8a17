/** Answers up to this long are put into memory that several share. */
const SHARED_BYTES_MAX = 32 * 1024;
const SLAB_BYTES = 256 * 1024;

let slab = Buffer.alloc(0);
let used = 0;

/**
 * Pieces joined to one. An allocation for each answer of some kilobytes would cost as much as the
 * joining, and the collector as much again: answers are cut from larger ones, each of which goes
 * when the last of its answers has been sent.
 */
export function joinBytes(pieces: readonly Uint8Array[]): Buffer {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length > SHARED_BYTES_MAX) return Buffer.concat(pieces, length);
  const joined = take(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** INVARIANT: no byte is given out twice. */
function take(length: number): Buffer {
  if (used + length > slab.length) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    used = 0;
  }
  used += length;
  return slab.subarray(used - length, used);
}
