import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AuditEntry, AuditPage, AuditQuery } from '../../domain/audit/entry.ts';
import { isAskedFor } from '../../domain/audit/query-answers.ts';
import type { AuditLog, AuditRow } from './audit-log.ts';
import { possibleWalks, termNumber } from './audit-terms.ts';
import { instant } from './instant.ts';
import { SQL } from './statements.ts';

/** How many entries are looked at before other requests get their turn. */
const SLICE_ROWS = 500;

/** The first slice is small: most searches are served by it. */
const FIRST_ROWS = 50;

/** Later than every moment that a date can be. */
const END_OF_TIME_MS = 8.64e15 + 1;

/** A place in the log: what comes after it (is older) has not been looked at. */
interface Place {
  /** Epoch milliseconds. */
  readonly recorded: number;
  readonly id: string;
}

interface Row extends Place {
  readonly entry: AuditEntry;
}

/** Entries in order; `end` is where to go on, null when there are no more. */
interface Slice {
  readonly rows: readonly Row[];
  readonly end: Place | null;
}

/** Walks along the terms, or along all of the log when there are none to choose from. */
type Walk = (terms: readonly string[] | null, place: Place, from: number, rows: number) => Slice;

/**
 * Prepares search of the log. A search walks the index of its rarest field from the newest entry
 * on, and drops what the other fields do not allow. It does so in slices and lets others run in
 * between: one that finds little in a long log takes long, but keeps nobody waiting.
 */
export function auditSearch(
  database: DatabaseSync,
  log: AuditLog,
): (query: AuditQuery) => Promise<AuditPage> {
  const walk = logWalk(database, log);
  return async (query) => {
    const from = query.from === undefined ? 0 : instant(query.from);
    const rows = Math.max(query.limit + 1, FIRST_ROWS);
    const found: AuditEntry[] = [];
    const [terms, first] = rarest(query, (some) => walk(some, startOf(query), from, rows));
    let slice = first;
    for (;;) {
      for (const { entry } of slice.rows) if (isAskedFor(entry, query)) found.push(entry);
      if (slice.end === null || found.length > query.limit) break;
      await nextTurn();
      slice = walk(terms, slice.end, from, SLICE_ROWS);
    }
    return { entries: found.slice(0, query.limit), more: found.length > query.limit };
  };
}

/**
 * Of the walks that a query can take, the one whose first slice reaches furthest back, and that.
 */
function rarest(
  query: AuditQuery,
  first: (terms: readonly string[] | null) => Slice,
): readonly [readonly string[] | null, Slice] {
  const reach = ({ end }: Slice): number => end?.recorded ?? Number.NEGATIVE_INFINITY;
  let best: readonly [readonly string[], Slice] | null = null;
  for (const terms of possibleWalks(query)) {
    const slice = first(terms);
    if (best === null || reach(slice) < reach(best[1])) best = [terms, slice];
    if (slice.end === null) break;
  }
  return best ?? [null, first(null)];
}

function logWalk(database: DatabaseSync, log: AuditLog): Walk {
  const byTime = database.prepare(SQL.auditByTime);
  const byTerm = database.prepare(SQL.auditByTerm);
  const asRow = (row: unknown): Row => {
    const { id, recorded } = row as AuditRow;
    return { recorded, id, entry: log.read(row as AuditRow) };
  };
  return (terms, { recorded, id }, from, rows) => {
    if (terms === null) return merged([byTime.all(recorded, id, from, rows).map(asRow)], rows);
    const along = (term: number): readonly Row[] =>
      byTerm.all(recorded, id, from, rows, term).map(asRow);
    const walks = terms.map((term) => along(termNumber(term)));
    return merged(walks, rows);
  };
}

/**
 * One slice out of walks along several terms. It ends where the first walk that was cut short ends:
 * up to there every walk is complete. An entry with two of the terms is met twice and kept once.
 */
function merged(walks: readonly (readonly Row[])[], rowsAsked: number): Slice {
  const cuts = walks.filter((rows) => rows.length === rowsAsked).map((rows) => rows.at(-1));
  const end = cuts.filter((cut) => cut !== undefined).sort(newestFirst)[0] ?? null;
  if (walks.length === 1) return { rows: walks[0] ?? [], end };
  const rows = new Map<string, Row>();
  for (const row of walks.flat()) {
    if (end === null || newestFirst(row, end) <= 0) rows.set(row.id, row);
  }
  return { rows: [...rows.values()].sort(newestFirst), end };
}

/** By `recorded`, then by id as bytes: ids are UUIDs, in which text order is byte order. */
function newestFirst(a: Place, b: Place): number {
  if (a.recorded !== b.recorded) return b.recorded - a.recorded;
  if (a.id === b.id) return 0;
  return a.id < b.id ? 1 : -1;
}

function startOf({ before, after }: AuditQuery): Place {
  // No id is smaller than '': nothing that was recorded at `before` itself is after this place.
  const start = { recorded: before === undefined ? END_OF_TIME_MS : instant(before), id: '' };
  if (after === undefined) return start;
  const place = { recorded: instant(after.recorded), id: after.id };
  return newestFirst(place, start) < 0 ? start : place;
}
