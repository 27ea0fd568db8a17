import { framePart, framesOf } from '../../src/adapters/sqlite/audit-frame.ts';
import { packEntry } from '../../src/adapters/sqlite/audit-pack.ts';
import type { AuditEntry } from '../../src/domain/audit/entry.ts';

/** The frame that holds these appends, each of entries that were appended together. */
export function framesFor(...appends: readonly (readonly AuditEntry[])[]): Buffer {
  return framesOf(appends.map(partFor));
}

/** What a frame has of entries that were appended together. */
export function partFor(entries: readonly AuditEntry[]): NonNullable<ReturnType<typeof framePart>> {
  const part = framePart(entries.map(packEntry));
  if (part === null) throw new Error('the entries do not fit in a frame');
  return part;
}
