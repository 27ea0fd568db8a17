import { disclose, discloseVersions } from '../domain/consent/disclose.ts';
import type { DisclosedEntry, Disclosure } from '../domain/consent/disclosed.ts';
import type { CareRecord, Entry } from '../domain/record/care-record.ts';
import type { OdsCode } from '../domain/record/ods-code.ts';
import type { Call, Context } from './context.ts';
import { liveClaims } from './open-record.ts';

/** What a caller may see of a record now, and of the earlier versions of some of its entries. */
export interface OpenedHistory {
  readonly disclosure: Disclosure;
  /** Newest first; an entry's current version is among them. */
  readonly versions: readonly DisclosedEntry[];
}

/**
 * Whether an entry version is the earliest that is asked for, so that none before it is read;
 * `head` is the newest version of the record that it stands in.
 */
type IsEarliest = (entry: Entry, head: CareRecord) => boolean;

/** Reads a record with all versions of the wanted entries, and passes them through the one door. */
export async function openHistory(
  context: Context,
  call: Call,
  recordId: string,
  wanted: (entry: Entry) => boolean,
  isEarliest: IsEarliest = () => false,
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
  const wantedIds = new Set(ids.map((entry) => entry.id));
  const versions = await versionsOf(context, record, wantedIds, isEarliest);
  return {
    disclosure,
    versions: discloseVersions(record, view, versions, requester, context.rules, now),
  };
}

/** One version each of some entries, and the practice that was registered in their time. */
export interface OpenedVersions extends OpenedHistory {
  readonly practice: OdsCode | null;
}

/**
 * As `openHistory`, for the versions by entry id that `wanted` names; the Patient is among them.
 * Reads no further back than it must.
 */
export async function openVersions(
  context: Context,
  call: Call,
  recordId: string,
  wanted: ReadonlyMap<string, string>,
): Promise<OpenedVersions> {
  let practice: OdsCode | null = null;
  const isWanted = ({ id, versionId }: Entry): boolean => wanted.get(id) === versionId;
  const isNamed = ({ id }: Entry): boolean => wanted.has(id);
  const opened = await openHistory(context, call, recordId, isNamed, (entry, head) => {
    // The Patient names the practice, and so has another version when it is another one.
    if (isWanted(entry) && entry.type === 'Patient') practice = head.practice;
    return isWanted(entry);
  });
  return { ...opened, versions: opened.versions.filter(isWanted), practice };
}

/**
 * Versions of some entries, newest first, and of one commit by id: an entry version that appeared
 * with record version n replaced the one that stands in record version n - 1.
 */
async function versionsOf(
  context: Context,
  record: CareRecord,
  ids: ReadonlySet<string>,
  isEarliest: IsEarliest,
): Promise<readonly Entry[]> {
  const versions: Entry[] = [];
  const earliest = new Set<Entry>();
  const met = (entries: readonly Entry[], head: CareRecord): readonly Entry[] => {
    for (const entry of entries) if (isEarliest(entry, head)) earliest.add(entry);
    return entries;
  };
  let entries = met(
    record.entries.filter((entry) => ids.has(entry.id)),
    record,
  );
  while (entries.length > 0) {
    const newest = Math.max(...entries.map((entry) => entry.since));
    const appeared = entries.filter((entry) => entry.since === newest);
    // Not in the record's order, which would tell of hidden versions that were there before.
    versions.push(...appeared.toSorted((one, other) => (one.id < other.id ? -1 : 1)));
    const followed = appeared.filter((entry) => !earliest.has(entry)).map(({ id }) => id);
    const before =
      newest > 1 && followed.length > 0
        ? await context.store.recordVersion(record.id, newest - 1)
        : null;
    const replaced = new Set(followed);
    const earlier = (before?.entries ?? []).filter(
      (entry) => replaced.has(entry.id) && !isStandIn(entry, before, record),
    );
    const others = entries.filter((entry) => entry.since !== newest);
    entries = before === null ? others : [...others, ...met(earlier, before)];
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
