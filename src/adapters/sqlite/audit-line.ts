import { crc32 } from 'node:zlib';
import type { AuditEntry } from '../../domain/audit/entry.ts';

/**
 * How entries stand in a log file: a line for each append, so that what was appended together is
 * there as a whole or not at all. Eight hexadecimal digits of the CRC-32 of the rest, a blank, the
 * entries as a JSON array, a newline. Behind the last line a file is filled with zeros.
 */
export function lineOf(entries: readonly AuditEntry[]): string {
  const text = JSON.stringify(entries);
  return `${checksum(text)} ${text}\n`;
}

/** The whole lines at the beginning of some bytes; `end` is where the last of them ends. */
export function linesIn(bytes: Buffer): {
  readonly texts: readonly string[];
  readonly end: number;
} {
  const texts: string[] = [];
  let end = 0;
  for (;;) {
    // Nothing, or a line that was torn by the death of its writer, or is being written right now.
    const newline = bytes[end] === 0 ? -1 : bytes.indexOf(NEWLINE, end);
    if (newline === -1) return { texts, end };
    const line = bytes.toString('utf8', end, newline);
    const text = line.slice(CHECKSUM_DIGITS + 1);
    if (line.slice(0, CHECKSUM_DIGITS) !== checksum(text)) return { texts, end };
    texts.push(text);
    end = newline + 1;
  }
}

const NEWLINE = 0x0a;
const CHECKSUM_DIGITS = 8;

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(CHECKSUM_DIGITS, '0');
}
