import { crc32 } from 'node:zlib';
import type { AuditEntry } from '../../domain/audit/entry.ts';
import { packEntry } from './audit-pack.ts';
import type { PackedEntry } from './audit-packed.ts';

/**
 * The entries of the first line at some place of a log file that an earlier version left behind;
 * `end` is where it ends. Null when none is whole. A line is eight hexadecimal digits of the CRC-32
 * of the rest, a blank, the JSON of one list of entries after the other with tabs between, and a
 * newline. Files are written in frames now (`audit-frame.ts`).
 */
export function lineAt(
  bytes: Buffer,
  from: number,
): { readonly entries: readonly PackedEntry[]; readonly end: number } | null {
  const begin = from + CHECKSUM_DIGITS + 1;
  // Zeros, or a line that was torn by the death of its writer.
  const newline = bytes[from] === 0 ? -1 : bytes.indexOf(NEWLINE, from);
  if (newline < begin) return null;
  const text = bytes.subarray(begin, newline);
  const stated = bytes.toString('latin1', from, from + CHECKSUM_DIGITS);
  if (stated !== crc32(text).toString(16).padStart(CHECKSUM_DIGITS, '0')) return null;
  const lists = text.toString().split(BETWEEN);
  return { entries: lists.flatMap(entriesIn).map(packEntry), end: newline + 1 };
}

function entriesIn(list: string): readonly AuditEntry[] {
  return JSON.parse(list) as readonly AuditEntry[];
}

/** JSON has none in it: in its texts they are escaped. */
const BETWEEN = '\t';
const NEWLINE = 0x0a;
const CHECKSUM_DIGITS = 8;
