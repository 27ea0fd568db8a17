import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import type { Context } from './context.ts';

/**
 * The stored texts of disclosed entries, in their order. Takes nothing but what passed the door.
 * A text that is not where the record says is a bug, and rejects.
 */
export async function entryTexts(
  context: Context,
  view: DisclosedRecord,
  entries: readonly DisclosedEntry[],
): Promise<readonly Uint8Array[]> {
  if (entries.length === 0) return [];
  const ids = [...new Set(entries.map((entry) => entry.text.fragment))];
  const fragments = await context.store.fragments(view.patientId, ids);
  return entries.map(({ text }) => {
    const bytes = fragments.get(text.fragment)?.subarray(text.start, text.end);
    if (bytes === undefined) throw new Error('INVARIANT: a record’s fragments are in the store');
    return bytes;
  });
}

/** How the audit log names the version of a resource that was disclosed or changed. */
export function auditedVersion(entry: {
  readonly type: string;
  readonly id: string;
  readonly versionId: string;
}): string {
  return `${entry.type}/${entry.id}/_history/${entry.versionId}`;
}
