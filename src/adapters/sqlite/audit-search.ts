import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AuditEntry, AuditPage, AuditQuery } from '../../domain/audit/entry.ts';
import { isAskedFor } from '../../domain/audit/query-answers.ts';
import type { AuditLog, AuditRow } from './audit-log.ts';
import { type LogOrder, logOrders, type Place } from './audit-order.ts';
import { possibleWalks, termNumber } from './audit-terms.ts';

/** How many entries are looked at before other requests get their turn. */
const SLICE_ROWS = 500;

/** The first slice is small: most searches are served by it. */
const FIRST_ROWS = 50;

interface Row extends Place {
  readonly entry: AuditEntry;
}

/** Entries in order; `end` is where to go on, null when there are no more. */
interface Slice {
  readonly rows: readonly Row[];
  readonly end: Place | null;
}

/** Walks along the terms, or along all of the log when there are none to choose from. */
type Walk = (terms: readonly string[] | null, place: Place, rows: number) => Slice;

/**
 * Prepares search of the log. A search walks the index of its rarest field from one end of what is
 * asked for, and drops what the other fields do not allow. It does so in slices and lets others run
 * in between: one that finds little in a long log takes long, but keeps nobody waiting.
 */
export function auditSearch(
  database: DatabaseSync,
  log: AuditLog,
): (query: AuditQuery) => Promise<AuditPage> {
  const orders = logOrders(database);
  return async (query) => {
    const order = query.oldestFirst ? orders.oldestFirst : orders.newestFirst;
    const walk = logWalk(log, order, order.limitOf(query));
    const rows = Math.max(query.limit + 1, FIRST_ROWS);
    const found: AuditEntry[] = [];
    const [terms, first] = rarest(query, order, (some) => walk(some, order.startOf(query), rows));
    let slice = first;
    for (;;) {
      for (const { entry } of slice.rows) if (isAskedFor(entry, query)) found.push(entry);
      if (slice.end === null || found.length > query.limit) break;
      await nextTurn();
      slice = walk(terms, slice.end, SLICE_ROWS);
    }
    return { entries: found.slice(0, query.limit), more: found.length > query.limit };
  };
}

/** Of the walks that a query can take, the one whose first slice reaches furthest, and that. */
function rarest(
  query: AuditQuery,
  { compare }: LogOrder,
  first: (terms: readonly string[] | null) => Slice,
): readonly [readonly string[] | null, Slice] {
  let best: readonly [readonly string[], Slice] | null = null;
  for (const terms of possibleWalks(query)) {
    const slice = first(terms);
    // One that has no end meets all that there is.
    if (slice.end === null) return [terms, slice];
    if (!best?.[1].end || compare(slice.end, best[1].end) > 0) best = [terms, slice];
  }
  return best ?? [null, first(null)];
}

function logWalk(log: AuditLog, order: LogOrder, limit: number): Walk {
  const asRow = (row: unknown): Row => {
    const { id, recorded } = row as AuditRow;
    return { recorded, id, entry: log.read(row as AuditRow) };
  };
  return (terms, { recorded, id }, rows) => {
    const slice = [recorded, id, limit, rows] as const;
    if (terms === null) return merged([order.byTime.all(...slice).map(asRow)], rows, order);
    const along = (term: number): readonly Row[] => order.byTerm.all(...slice, term).map(asRow);
    const walks = terms.map((term) => along(termNumber(term)));
    return merged(walks, rows, order);
  };
}

/**
 * One slice out of walks along several terms. It ends where the first walk that was cut short ends:
 * up to there every walk is complete. An entry with two of the terms is met twice and kept once.
 */
function merged(
  walks: readonly (readonly Row[])[],
  rowsAsked: number,
  { compare }: LogOrder,
): Slice {
  const cuts = walks.filter((rows) => rows.length === rowsAsked).map((rows) => rows.at(-1));
  const end = cuts.filter((cut) => cut !== undefined).sort(compare)[0] ?? null;
  if (walks.length === 1) return { rows: walks[0] ?? [], end };
  const rows = new Map<string, Row>();
  for (const row of walks.flat()) {
    if (end === null || compare(row, end) <= 0) rows.set(row.id, row);
  }
  return { rows: [...rows.values()].sort(compare), end };
}
