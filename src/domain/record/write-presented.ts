import { type JsonObject, writeJson } from '../fhir/json.ts';
import { bytesOf } from '../fhir/utf8.ts';
import type { Entry, PresentedText, TextChange } from './care-record.ts';
import { servedResource } from './entry-text.ts';
import type { Packer } from './pack.ts';
import { isPresented, type PresentedSource, present } from './present.ts';
import { replacementIn } from './replacement.ts';
import { takenFrom } from './taken-from.ts';

/** What an edit knows of an entry that it wrote, or found unchanged. */
export interface Brought {
  /** Its references lead to where they lead here. */
  readonly resource: JsonObject;
  /** Its text as this edit wrote it; null where it was found unchanged. */
  readonly written: string | null;
}

/** What presented forms are worked out with. */
export interface Presenting {
  /** Names the rules by which they are. */
  readonly rules: string;
  readonly packer: Packer;
  /** What the edit brought, by entry id. */
  readonly brought: ReadonlyMap<string, Brought>;
}

/**
 * The entries of a record with the presented forms of those that an edit brought. Where it did not
 * bring all that a form takes from, none is written: it is worked out when it is read.
 */
export function writePresented(
  entries: readonly Entry[],
  presenting: Presenting,
): readonly Entry[] {
  const takes = entries.some(
    ({ id, stated }) => stated !== undefined && presenting.brought.has(id),
  );
  const standing = takes ? entries.filter((entry) => !entry.withdrawn) : [];
  const byId = new Map(standing.map((entry) => [entry.id, entry]));
  return entries.map((entry) => {
    const own = presenting.brought.get(entry.id);
    if (own === undefined || entry.withdrawn || !isPresented(entry.type)) return entry;
    const sources = takenFrom(entry, (id) => byId.get(id));
    if (isPresentedBy(entry.presented, presenting.rules, sources)) return entry;
    return withPresented(entry, presentedText(entry, own, sources, presenting));
  });
}

/** Whether a presented form was worked out by these rules and from these entries as they are. */
export function isPresentedBy(
  presented: PresentedText | undefined,
  rules: string,
  sources: readonly Entry[],
): presented is PresentedText {
  if (presented === undefined || presented.rules !== rules) return false;
  if (presented.sources.length !== sources.length) return false;
  return sources.every(({ digest }, index) => digest === presented.sources[index]);
}

function withPresented(entry: Entry, presented: PresentedText | null): Entry {
  if (presented !== null) return { ...entry, presented };
  const { presented: _, ...others } = entry;
  return others;
}

function presentedText(
  entry: Entry,
  own: Brought,
  sources: readonly Entry[],
  { rules, packer, brought }: Presenting,
): PresentedText | null {
  const said = sources.map((each): PresentedSource => [each, brought.get(each.id)?.resource ?? {}]);
  if (!sources.every(({ id }) => brought.has(id))) return null;
  const paths = sources.map(({ type, id }) => `${type}/${id}`);
  let isClear = true;
  const stored = servedResource(own.resource, entry.id, entry);
  const shown = present(entry.type, stored, said, (reference) => {
    // Under which base the server is found is known when it is read.
    isClear &&= paths.length === 0 || paths.includes(reference);
    return reference;
  });
  if (!isClear) return null;
  const change = shown === stored ? null : changeOf(entry, own.written, [stored, shown], packer);
  return { rules, sources: sources.map(({ digest }) => digest), change };
}

function changeOf(
  { type, text }: Entry,
  written: string | null,
  [stored, shown]: readonly [stored: JsonObject, shown: JsonObject],
  packer: Packer,
): TextChange {
  const length = text.end - text.start;
  // What was written by an earlier edit is not at hand: then all of it is replaced.
  if (written === null) return { from: 0, to: length, by: packer.add(type, writeJson(shown)) };
  const { from, to, by } = replacementIn(written, stored, shown);
  const place = packer.add(type, by);
  // As many bytes as characters: each is one byte.
  if (length === written.length) return { from, to, by: place };
  const start = bytesOf(written.slice(0, from));
  return { from: start, to: start + bytesOf(written.slice(from, to)), by: place };
}
