import {
  type DisclosedEntry,
  type DisclosedRecord,
  isFamiliar,
} from '../domain/consent/disclosed.ts';
import type { TextLocation } from '../domain/record/care-record.ts';
import type { Context } from './context.ts';
import { AS_STORED, placesToPresent, presentEntries, presentedReady } from './presented-entry.ts';
import { presentedFrom } from './presented-from.ts';
import { textsAt } from './stored-texts.ts';

/** An entry in the form in which a viewer gets it. */
export interface EntryForm {
  readonly text: Uint8Array;
  /** The same as a match of a searchset, where that is ready. */
  readonly match: Uint8Array | null;
}

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
  const forms = await entryForms(context, view, entries);
  return forms.map(({ text }) => text);
}

/** As `entryTexts`, with what is ready of them for a searchset. */
export async function entryForms(
  context: Context,
  view: DisclosedRecord,
  entries: readonly DisclosedEntry[],
): Promise<readonly EntryForm[]> {
  const ready = entries.map((entry) => presentedReady(context, view, entry));
  const needed = entries.flatMap((entry, index) => {
    const known = ready[index];
    if (known === undefined) return placesToPresent(context, view, entry);
    return known.text === null ? [entry.text] : [];
  });
  const stored = await textsAt(context, view, needed);
  const texts = new Map(needed.map((place, index) => [place, stored[index]]));
  const textAt = (place: TextLocation) => texts.get(place) ?? new Uint8Array();
  const unknown = entries.filter((_, index) => ready[index] === undefined);
  const made = presentEntries(context, view, unknown, textAt).values();
  return entries.map((entry, index) => {
    const { text, match } = ready[index] ?? made.next().value ?? AS_STORED;
    return { text: text ?? textAt(entry.text), match };
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

/** What the audit log names of an answer. */
export interface AuditedEntries {
  readonly entities: readonly string[];
  readonly entityNames: readonly string[];
}

/**
 * What the audit log names of an answer: the disclosed entries, with those that their presented
 * form takes from, each once; and the types of all of them.
 */
export function auditedEntries(
  view: DisclosedRecord | null,
  entries: readonly DisclosedEntry[],
): AuditedEntries {
  return auditedAlone(view, shownIn(view, entries));
}

/**
 * The same of an answer that holds these entries and takes from no other. The same lists where the
 * last answer that began with the same entry named the same: who writes them need not write them
 * anew.
 */
export function auditedAlone(
  view: DisclosedRecord | null,
  shown: readonly DisclosedEntry[],
): AuditedEntries {
  if (view !== null && !isFamiliar(view)) return named(shown, versionName);
  const [first] = shown;
  const last = first && LAST.get(first);
  if (last !== undefined && isSame(last.shown, shown)) return last.audited;
  const audited = named(shown, auditedVersion);
  if (first !== undefined) LAST.set(first, { shown, audited });
  return audited;
}

const LAST = new WeakMap<
  DisclosedEntry,
  { readonly shown: readonly DisclosedEntry[]; readonly audited: AuditedEntries }
>();

function shownIn(
  view: DisclosedRecord | null,
  entries: readonly DisclosedEntry[],
): readonly DisclosedEntry[] {
  if (view === null) return entries;
  const taken = entries.flatMap((entry) => presentedFrom(view, entry));
  return taken.length === 0 ? entries : [...new Set([...entries, ...taken])];
}

function isSame(one: readonly DisclosedEntry[], other: readonly DisclosedEntry[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}

function named(
  shown: readonly DisclosedEntry[],
  nameOf: (entry: DisclosedEntry) => string,
): AuditedEntries {
  return {
    entities: shown.map(nameOf),
    entityNames: [...new Set(shown.map(({ type }) => type))],
  };
}
