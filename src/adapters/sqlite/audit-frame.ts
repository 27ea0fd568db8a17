import { crc32 } from 'node:zlib';
import { BYTES_PER_CHARACTER_MAX, ByteReader, ByteWriter, LONG_MAX } from './audit-bytes.ts';
import { READ_BYTES } from './audit-file.ts';
import type { LinkedValue, PackedEntry } from './audit-packed.ts';
import { linksOf } from './audit-unpack.ts';

/**
 * How entries stand in a log file: a frame for all that is written at once, so that what was
 * appended together is there as a whole or not at all. It is the byte `FRAME_BEGINS`, how many
 * bytes follow, their CRC-32 (both of four bytes, big-endian), and those: how many values, each
 * with its link; then entries to the end. A frame holds every value that its entries link to.
 * Behind the last one a file is filled with zeros.
 */
const FRAME_BEGINS = 0x02;
const LENGTH_AT = 1;
const CHECKSUM_AT = 5;
const HEAD_BYTES = 9;

/** Of what is read at a time, so that one is there as a whole. */
const FRAME_BYTES_MAX = READ_BYTES / 2;

/** Beside the characters of a value: its link, and what says how long it is. */
const VALUE_BYTES = 10;

/** Entries that are appended together, as a frame has them. */
export interface FramePart {
  readonly entries: Uint8Array;
  readonly values: readonly LinkedValue[];
  /** At least as many bytes as it takes. */
  readonly bytesMax: number;
}

/** What a frame has of these entries; null where no frame can hold them. */
export function framePart(entries: readonly PackedEntry[]): FramePart | null {
  if (!entries.every(({ recorded }) => recorded >= 0 && recorded <= LONG_MAX)) return null;
  const part = partOf(entries);
  if (!isWithin(part.bytesMax)) return null;
  return entries.length === 1 || areTakenIn(new Map(), part.values) ? part : null;
}

/** A frame for all of these parts, or several where one cannot hold them. */
export function framesOf(parts: readonly FramePart[]): Buffer {
  const frames: Buffer[] = [];
  for (let from = 0; from < parts.length; ) {
    const to = endOfFrame(parts, from);
    frames.push(frameOf(parts.slice(from, to)));
    from = to;
  }
  const [only] = frames;
  return frames.length === 1 && only !== undefined ? only : Buffer.concat(frames);
}

/**
 * The entries of the frame at this place, and where it ends; null when no whole one is there: it
 * was torn by the death of its writer, is being written right now, or the disk has changed it.
 */
export function frameAt(
  bytes: Buffer,
  from: number,
): { readonly entries: readonly PackedEntry[]; readonly end: number } | null {
  if (bytes[from] !== FRAME_BEGINS || bytes.length < from + HEAD_BYTES) return null;
  const end = from + HEAD_BYTES + bytes.readUInt32BE(from + LENGTH_AT);
  if (end > bytes.length) return null;
  const content = bytes.subarray(from + HEAD_BYTES, end);
  if (crc32(content) !== bytes.readUInt32BE(from + CHECKSUM_AT)) return null;
  return { entries: entriesIn(new ByteReader(content, 0)), end };
}

function partOf(entries: readonly PackedEntry[]): FramePart {
  let valueBytes = 0;
  const values: LinkedValue[] = [];
  WRITER.begin();
  for (const entry of entries) {
    WRITER.text(entry.id);
    WRITER.long(entry.recorded);
    WRITER.count(entry.bytes.length);
    WRITER.raw(entry.bytes);
    values.push(...entry.values);
  }
  for (const { value } of values)
    valueBytes += value.length * BYTES_PER_CHARACTER_MAX + VALUE_BYTES;
  const written = WRITER.written();
  return { entries: written, values, bytesMax: written.length + valueBytes };
}

const WRITER = new ByteWriter();

function isWithin(bytes: number): boolean {
  return HEAD_BYTES + bytes <= FRAME_BYTES_MAX;
}

function endOfFrame(parts: readonly FramePart[], from: number): number {
  const values: FrameValues = new Map();
  let bytes = 0;
  let to = from;
  for (const part of parts.slice(from)) {
    bytes += part.bytesMax;
    const fits = isWithin(bytes) && areTakenIn(values, part.values);
    // One that is alone is a frame, whatever it takes.
    if (!fits && to > from) break;
    to += 1;
  }
  return to;
}

type FrameValues = Map<number, LinkedValue>;

/** False when another value has one of their links: a frame cannot hold both. */
function areTakenIn(taken: FrameValues, values: readonly LinkedValue[]): boolean {
  for (const each of values) {
    const other = taken.get(each.link);
    if (other !== undefined && other.value !== each.value) return false;
    taken.set(each.link, each);
  }
  return true;
}

function frameOf(parts: readonly FramePart[]): Buffer {
  const values: FrameValues = new Map();
  for (const part of parts) areTakenIn(values, part.values);
  WRITER.begin();
  WRITER.raw(HEAD);
  WRITER.count(values.size);
  for (const value of values.values()) WRITER.raw(bytesOfValue(value));
  for (const { entries } of parts) WRITER.raw(entries);
  const frame = WRITER.written();
  const content = frame.subarray(HEAD_BYTES);
  frame.writeUInt32BE(content.length, LENGTH_AT);
  frame.writeUInt32BE(crc32(content), CHECKSUM_AT);
  return frame;
}

const HEAD = Buffer.alloc(HEAD_BYTES);
HEAD[0] = FRAME_BEGINS;

/** The same for each frame that has the value in it. */
function bytesOfValue(linked: LinkedValue): Uint8Array {
  const known = VALUES.get(linked);
  if (known !== undefined) return known;
  const writer = new ByteWriter();
  writer.long(linked.link);
  writer.text(linked.value);
  const bytes = writer.writtenToKeep();
  VALUES.set(linked, bytes);
  return bytes;
}

const VALUES = new WeakMap<LinkedValue, Uint8Array>();

function entriesIn(read: ByteReader): readonly PackedEntry[] {
  const values: FrameValues = new Map();
  for (let left = read.count(); left > 0; left -= 1) {
    const link = read.long();
    values.set(link, { link, value: read.text() ?? '' });
  }
  const entries: PackedEntry[] = [];
  while (!read.isAtEnd()) entries.push(entryAt(read, values));
  return entries;
}

function entryAt(read: ByteReader, values: FrameValues): PackedEntry {
  const id = read.text() ?? '';
  const recorded = read.long();
  const bytes = read.raw(read.count());
  return { id, recorded, bytes, values: linksOf(bytes).map((link) => valueIn(values, link)) };
}

function valueIn(values: FrameValues, link: number): LinkedValue {
  const value = values.get(link);
  if (value === undefined) throw new Error('INVARIANT: a frame has what its entries link to');
  return value;
}
