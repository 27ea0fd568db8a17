import type { Instant } from '../fhir/instant.ts';
import type { JsonObject } from '../fhir/json.ts';
import type { RecordType } from '../fhir/resource-types.ts';
import type { Entry } from './care-record.ts';
import { entryText } from './entry-text.ts';
import type { Naming } from './naming.ts';
import type { OdsCode } from './ods-code.ts';
import type { Packer } from './pack.ts';

/** A resource on its way into the record: its references lead to where they lead here. */
export interface Draft {
  readonly id: string;
  readonly type: RecordType;
  readonly resource: JsonObject;
  readonly facts: EntryFacts;
}

/** What an entry says, for rules and searches. */
export type EntryFacts = Pick<
  Entry,
  'labels' | 'codes' | 'refs' | 'tellsOf' | 'medication' | 'plan' | 'choice' | 'stated'
>;

/** What the entry versions of one commit have in common. */
export interface Writing {
  readonly organization: OdsCode;
  readonly now: Instant;
  /** The record version that is being written. */
  readonly version: number;
  readonly naming: Naming;
  readonly packer: Packer;
}

export type Written = {
  readonly entry: Entry;
  readonly change: 'created' | 'updated' | 'unchanged';
  /** The text as it was written; null where it was unchanged. */
  readonly text: string | null;
};

/**
 * Writes a draft over the entry of the same id. Content that is equal keeps its version, unless
 * `renew` asks for a new one; a withdrawn entry that comes back gets one and counts as created.
 */
export function writeEntry(
  draft: Draft,
  previous: Entry | undefined,
  writing: Writing,
  renew = false,
): Written {
  const text = entryText(draft.resource, draft.id);
  const digest = writing.naming.digest(text.content);
  const kept = previous !== undefined && !previous.withdrawn && !renew;
  if (kept && previous.digest === digest) {
    return { entry: { ...previous, ...draft.facts }, change: 'unchanged', text: null };
  }
  const server = {
    versionId: writing.naming.versionId(draft.id, digest, writing.now),
    lastUpdated: writing.now,
  };
  const served = text.served(server);
  const entry: Entry = {
    id: draft.id,
    type: draft.type,
    recordedBy: writing.organization,
    ...server,
    since: writing.version,
    withdrawn: false,
    digest,
    text: writing.packer.add(draft.type, served),
    ...draft.facts,
  };
  const change = previous === undefined || previous.withdrawn ? 'created' : 'updated';
  return { entry, change, text: served };
}

/** Withdraws an entry: its last text stays, for those who might see it. */
export function withdrawEntry(entry: Entry, writing: Writing): Entry {
  const lastUpdated = writing.now;
  const versionId = writing.naming.versionId(entry.id, 'withdrawn', lastUpdated);
  return { ...entry, versionId, lastUpdated, since: writing.version, withdrawn: true };
}
