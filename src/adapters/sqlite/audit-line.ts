import { crc32 } from 'node:zlib';
import type { AuditAgent, AuditEntry } from '../../domain/audit/entry.ts';
import { LINE_BYTES_MAX } from './audit-file.ts';

/** Entries that are appended together, as they stand in a log file: JSON, without a tab in it. */
export function appendOf(entries: readonly AuditEntry[]): string {
  return `[${entries.map(entryText).join(',')}]`;
}

/**
 * An entry as JSON, as `JSON.stringify` has it. Who did it and what was disclosed are the same in
 * many entries, and are written once for all of them.
 */
function entryText(entry: AuditEntry): string {
  const { id, recorded, interaction, action, outcome, outcomeDesc, agent, ...others } = entry;
  const { patient, entities, ...rest } = others;
  const before = JSON.stringify({ id, recorded, interaction, action, outcome, outcomeDesc });
  const about = `"agent":${agentText(agent)},"patient":${JSON.stringify(patient)}`;
  const after = JSON.stringify(rest).slice(1);
  return `${before.slice(0, -1)},${about},"entities":${textOnce(entities)},${after}`;
}

function agentText(agent: AuditAgent | null): string {
  return agent === null ? 'null' : textOnce(agent);
}

/** The JSON of what never changes, written the first time that it is asked for. */
function textOnce(value: AuditAgent | AuditEntry['entities']): string {
  const known = TEXTS.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  TEXTS.set(value, text);
  return text;
}

const TEXTS = new WeakMap<AuditAgent | AuditEntry['entities'], string>();

/**
 * How what was appended stands in a log file: a line for all that is written at once, so that what
 * was appended together is there as a whole or not at all. Eight hexadecimal digits of the CRC-32
 * of the rest, a blank, what was appended with tabs between, a newline. Lines end before they are
 * too long to be read (`LINE_BYTES_MAX`). Behind the last line a file is filled with zeros.
 */
export function linesOf(appends: readonly string[]): Buffer {
  const lines: Buffer[] = [];
  for (let from = 0; from < appends.length; ) {
    const to = endOfLine(appends, from);
    lines.push(lineOf(appends.slice(from, to).join(BETWEEN)));
    from = to;
  }
  const [only] = lines;
  return lines.length === 1 && only !== undefined ? only : Buffer.concat(lines);
}

function lineOf(text: string): Buffer {
  const line = Buffer.from(`${' '.repeat(CHECKSUM_DIGITS + 1)}${text}\n`);
  line.write(checksum(line.subarray(CHECKSUM_DIGITS + 1, -1)), 'latin1');
  return line;
}

/** Whether what was appended is short enough for a line. */
export function fitsInLine(append: string): boolean {
  return append.length * BYTES_PER_CHARACTER_MAX < LINE_BYTES_MAX - CHECKSUM_DIGITS - 2;
}

function endOfLine(appends: readonly string[], from: number): number {
  let to = from + 1;
  let length = appends[from]?.length ?? 0;
  while (to < appends.length) {
    length += BETWEEN.length + (appends[to]?.length ?? 0);
    if (length * BYTES_PER_CHARACTER_MAX >= LINE_BYTES_MAX - CHECKSUM_DIGITS - 2) break;
    to += 1;
  }
  return to;
}

/**
 * What was appended, of the whole lines at the beginning of some bytes; `end` is where the last of
 * them ends.
 */
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
    const text = bytes.subarray(end + CHECKSUM_DIGITS + 1, newline);
    const stated = bytes.toString('latin1', end, end + CHECKSUM_DIGITS);
    if (stated !== checksum(text)) return { texts, end };
    texts.push(...text.toString().split(BETWEEN));
    end = newline + 1;
  }
}

/** JSON has none in it: in its texts they are escaped. */
const BETWEEN = '\t';
const NEWLINE = 0x0a;
const CHECKSUM_DIGITS = 8;

/** Of UTF-8 for one character of a JavaScript string. */
const BYTES_PER_CHARACTER_MAX = 3;

function checksum(text: Buffer): string {
  return crc32(text).toString(16).padStart(CHECKSUM_DIGITS, '0');
}
