import { cursorOf, type Digest } from '../domain/audit/audit-cursor.ts';
import { type AuditSearch, readAuditSearch } from '../domain/audit/audit-search.ts';
import { type AuditView, stillAnswers } from '../domain/audit/audit-view.ts';
import type { AuditEntry, AuditPosition, AuditQuery, ShownEntry } from '../domain/audit/entry.ts';
import { isAskedFor } from '../domain/audit/query-answers.ts';
import { PAGE_SIZE_MAX } from '../domain/limits.ts';
import { statusesOf } from './alert-resolutions.ts';
import { auditBundle } from './audit-bundle.ts';
import { auditViewOf } from './audit-view-of.ts';
import type { Context } from './context.ts';
import type { Interaction } from './perform.ts';
import { release } from './release.ts';

/** How often the store is asked again for one page, when entries it found are not shown. */
const BATCHES_MAX = 20;

/** How a search treats what it does not understand. */
export interface SearchOptions {
  /** Refuse unknown parameters instead of passing over them. */
  readonly strict: boolean;
}

/** A page of entries as the caller sees them. */
interface Page {
  readonly shown: readonly ShownEntry[];
  /** The place that the next page goes on from; null when there is none. */
  readonly next: AuditPosition | null;
  /** Whose log was asked for, as far as the search says that. */
  readonly about: readonly string[] | undefined;
}

/**
 * Searches the audit log (http://hl7.org/fhir/R4/http.html#search) by time, without totals.
 * `malformed` for what cannot be read; `forbidden` for roles without a view of the log and for
 * patients who ask about another. Reading the log is in the log as well.
 */
export function searchAudit(
  parameters: Iterable<readonly [string, string]>,
  { strict }: SearchOptions,
): Interaction {
  return async (context, call) => {
    const view = await auditViewOf(context, call);
    if (!view.ok) return view;
    const { names, baseUrl } = context;
    const digest: Digest = (text) => names.digest(text);
    const search = readAuditSearch([...parameters], {
      baseUrl,
      organization: call.caller.organization,
      strict,
      now: context.clock.now(),
      recordId: (nhsNumber) => names.recordId(nhsNumber),
      digest,
    });
    if (!search.ok) return search;
    const query = view.value.narrow(search.value.query);
    if (!query.ok) return query;
    const { shown, next, about } = await pageOf(context, query.value, search.value, view.value);
    const cursor = next === null ? null : cursorOf(next, search.value.question, digest);
    const body = auditBundle(baseUrl, search.value, shown, cursor, view.value.words);
    // Which entries were found is not listed: the log only grows, so the query tells for ever.
    const details = { patient: onlyOne(about), entityNames: ['AuditEvent'] };
    return release(context, call, details, { status: 'ok', body: [body] });
  };
}

/**
 * One page of what is shown. It asks on until the page is full, so that neither its length nor its
 * link to the next page tells of entries that are not shown.
 */
async function pageOf(
  context: Context,
  query: AuditQuery,
  search: AuditSearch,
  view: AuditView,
): Promise<Page> {
  if (search.ids !== null) return byIds(context, search.ids, query, search, view);
  const shown: ShownEntry[] = [];
  let batch: AuditQuery = { ...query, limit: query.limit + 1 };
  let next: AuditPosition | null = null;
  for (let asked = 0; asked < BATCHES_MAX && shown.length <= query.limit; asked++) {
    const found = await context.store.searchAudit(batch);
    const parts = answering(found.entries, search, view);
    shown.push(...(await standing(context, parts, search)));
    next = found.more ? placeOf(found.entries) : null;
    if (next === null) break;
    batch = { ...batch, after: next, limit: PAGE_SIZE_MAX };
  }
  const page = shown.slice(0, query.limit);
  const { patients: about } = query;
  return { shown: page, next: shown.length > query.limit ? placeOf(page) : next, about };
}

/** What the caller is shown of those entries that answer the search as they are shown. */
function answering(
  entries: readonly AuditEntry[],
  search: AuditSearch,
  view: AuditView,
): readonly ShownEntry[] {
  return entries
    .filter(search.byPerson)
    .map((entry) => view.show(entry))
    .filter((part) => part !== null)
    .filter((part) => stillAnswers(part, search.query) && search.holds(part));
}

/** Entries that were asked for by their ids: all on one page, as they are few. */
async function byIds(
  context: Context,
  ids: readonly string[],
  query: AuditQuery,
  search: AuditSearch,
  view: AuditView,
): Promise<Page> {
  const found = await Promise.all(ids.map((id) => context.store.auditEntry(id)));
  const named = found
    .filter((entry) => entry !== null)
    .filter((entry) => view.show(entry) !== null);
  const entries = named.filter((entry) => isAskedFor(entry, query)).toSorted(orderOf(query));
  const parts = answering(entries, search, view);
  // Whether one answers the rest of the search may hang on what is hidden from the patient.
  const about = named.map(({ patient }) => patient).filter((id) => id !== null);
  return { shown: await standing(context, parts, search), next: null, about: [...new Set(about)] };
}

function orderOf({ oldestFirst }: AuditQuery): (one: AuditEntry, other: AuditEntry) => number {
  const sign = oldestFirst ? -1 : 1;
  return (one, other) => {
    if (one.recorded !== other.recorded) return one.recorded < other.recorded ? sign : -sign;
    return one.id < other.id ? sign : -sign;
  };
}

/** Of alerts, those that stand as the search asks. */
async function standing(
  context: Context,
  entries: readonly ShownEntry[],
  { alertStatuses }: AuditSearch,
): Promise<readonly ShownEntry[]> {
  if (alertStatuses === null) return entries;
  const statuses = await statusesOf(
    context,
    entries.map(({ id }) => id),
  );
  return entries.filter(({ id }) => alertStatuses.includes(statuses.get(id) ?? 'open'));
}

/** The place of the last of these entries. */
function placeOf(entries: readonly ShownEntry[]): AuditPosition | null {
  const last = entries.at(-1);
  return last === undefined ? null : { recorded: last.recorded, id: last.id };
}

/** The patient whose log this reads, when it is one: then the reading is in that log too. */
function onlyOne(patients: readonly string[] | undefined): string | null {
  return patients?.length === 1 ? (patients[0] ?? null) : null;
}
