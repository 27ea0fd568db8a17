import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import type { Context } from './context.ts';
import { presentEntry, presentedReady } from './presented-entry.ts';
import { presentedFrom } from './presented-from.ts';
import { storedTexts } from './stored-texts.ts';

/**
 * The texts of disclosed entries in the form in which this viewer gets them, in their order: as
 * they are stored, or presented (docs/decisions/0017-presented-form.md). Takes nothing but what
 * passed the door.
 */
export async function entryTexts(
  context: Context,
  view: DisclosedRecord,
  entries: readonly DisclosedEntry[],
): Promise<readonly Uint8Array[]> {
  const ready = entries.map((entry) => presentedReady(context, view, entry));
  const needed = entries.flatMap((entry, index) => {
    const known = ready[index];
    if (known === undefined) return [entry, ...presentedFrom(view, entry)];
    return known.text === null ? [entry] : [];
  });
  const stored = await storedTexts(context, view, needed);
  const textOf = new Map(needed.map((entry, index) => [entry, stored[index]]));
  const storedText = (entry: DisclosedEntry) => textOf.get(entry) ?? new Uint8Array();
  return entries.map((entry, index) => {
    const { text } = ready[index] ?? presentEntry(context, view, entry, storedText);
    return text ?? storedText(entry);
  });
}

/** How the audit log names the version of a resource that was disclosed. */
export function auditedVersion(entry: Versioned): string {
  const known = NAMED.get(entry);
  if (known !== undefined) return known;
  const name = versionName(entry);
  NAMED.set(entry, name);
  return name;
}

/** The same name, which is not kept: of an entry that is not about to be named again. */
export function versionName({ type, id, versionId }: Versioned): string {
  return `${type}/${id}/_history/${versionId}`;
}

interface Versioned {
  readonly type: string;
  readonly id: string;
  readonly versionId: string;
}

/** Entries of a record that is kept in memory are named in each answer that holds them. */
const NAMED = new WeakMap<Versioned, string>();

/**
 * What the audit log names of an answer: the disclosed entries, with those that their presented
 * form takes from, each once; and the types of all of them.
 */
export function auditedEntries(
  view: DisclosedRecord | null,
  entries: readonly DisclosedEntry[],
): { readonly entities: readonly string[]; readonly entityNames: readonly string[] } {
  const shown = new Set(entries);
  if (view !== null) {
    for (const entry of entries) for (const each of presentedFrom(view, entry)) shown.add(each);
  }
  const names = new Set<string>();
  const entities: string[] = [];
  for (const entry of shown) {
    names.add(entry.type);
    entities.push(auditedVersion(entry));
  }
  return { entities, entityNames: [...names] };
}
