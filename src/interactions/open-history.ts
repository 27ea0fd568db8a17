import { disclose, discloseVersions } from '../domain/consent/disclose.ts';
import type { DisclosedEntry, Disclosure } from '../domain/consent/disclosed.ts';
import type { CareRecord, Entry } from '../domain/record/care-record.ts';
import type { Call, Context } from './context.ts';
import { liveClaims } from './open-record.ts';

/** What a caller may see of a record now, and of the earlier versions of some of its entries. */
export interface OpenedHistory {
  readonly disclosure: Disclosure;
  /** Newest first; an entry's current version is among them. */
  readonly versions: readonly DisclosedEntry[];
}

/** Reads a record with all versions of the wanted entries, and passes them through the one door. */
export async function openHistory(
  context: Context,
  call: Call,
  recordId: string,
  wanted: (entry: Entry) => boolean,
): Promise<OpenedHistory> {
  const record = await context.store.currentRecord(recordId);
  const requester = { caller: call.caller, claims: await liveClaims(context, call, recordId) };
  const now = context.clock.now();
  const disclosure = disclose(record, requester, context.rules, now);
  if (record === null || disclosure.outcome === 'refused' || disclosure.view === null) {
    return { disclosure, versions: [] };
  }
  const { view } = disclosure;
  const visible = new Set([...view.entries, ...view.gone].map((entry) => entry.id));
  const ids = record.entries.filter((entry) => visible.has(entry.id) && wanted(entry));
  const versions = await versionsOf(context, record, new Set(ids.map((entry) => entry.id)));
  return {
    disclosure,
    versions: discloseVersions(record, view, versions, requester, context.rules, now),
  };
}

/**
 * All versions of some entries, newest first, and of one commit by id: an entry version that
 * appeared with record version n replaced the one that stands in record version n - 1.
 */
async function versionsOf(
  context: Context,
  record: CareRecord,
  ids: ReadonlySet<string>,
): Promise<readonly Entry[]> {
  const versions: Entry[] = [];
  let entries = record.entries.filter((entry) => ids.has(entry.id));
  while (entries.length > 0) {
    const newest = Math.max(...entries.map((entry) => entry.since));
    const appeared = entries.filter((entry) => entry.since === newest);
    // Not in the record's order, which would tell of hidden versions that were there before.
    versions.push(...appeared.toSorted((one, other) => (one.id < other.id ? -1 : 1)));
    const replaced = new Set(appeared.map((entry) => entry.id));
    const before = newest > 1 ? await context.store.recordVersion(record.id, newest - 1) : null;
    const earlier = (before?.entries ?? []).filter(
      (entry) => replaced.has(entry.id) && !isStandIn(entry, before, record),
    );
    entries = [...entries.filter((entry) => entry.since !== newest), ...earlier];
  }
  return versions;
}

/**
 * Before a practice registers a patient, another service's submission made a Patient that says who
 * it is about and no more. Once there is a practice's, it would only tell that the other one
 * submitted.
 */
function isStandIn(entry: Entry, of: CareRecord | null, now: CareRecord): boolean {
  return entry.type === 'Patient' && of?.practice === null && now.practice !== null;
}
