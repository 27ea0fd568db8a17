import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AuditQuery } from '../../domain/audit/entry.ts';
import { instant } from './instant.ts';
import { SQL } from './statements.ts';

/** Later than every moment that a date can be. */
const END_OF_TIME_MS = 8.64e15 + 1;

/** A place in the log: what comes before it in the order has been looked at. */
export interface Place {
  /** Epoch milliseconds. */
  readonly recorded: number;
  readonly id: string;
}

/** One of the two orders of the log, with the statements that walk it from a place to a limit. */
export interface LogOrder {
  /** Ids are UUIDs, in which text order is byte order. */
  compare(one: Place, other: Place): number;
  /** Where a query begins. */
  startOf(query: AuditQuery): Place;
  /** The moment where a query ends, in epoch milliseconds. */
  limitOf(query: AuditQuery): number;
  readonly byTime: StatementSync;
  readonly byTerm: StatementSync;
}

/** Prepares the statements over the log. */
export function logOrders(
  database: DatabaseSync,
): Readonly<Record<'newestFirst' | 'oldestFirst', LogOrder>> {
  return {
    newestFirst: {
      compare: newestFirst,
      startOf: (query) => later({ recorded: endOf(query), id: '' }, query, newestFirst),
      limitOf: beginningOf,
      byTime: database.prepare(SQL.auditByTime),
      byTerm: database.prepare(SQL.auditByTerm),
    },
    oldestFirst: {
      compare: oldestFirst,
      startOf: (query) => later({ recorded: beginningOf(query), id: '' }, query, oldestFirst),
      limitOf: endOf,
      byTime: database.prepare(SQL.auditUpByTime),
      byTerm: database.prepare(SQL.auditUpByTerm),
    },
  };
}

function beginningOf({ from }: AuditQuery): number {
  return from === undefined ? 0 : instant(from);
}

function endOf({ before }: AuditQuery): number {
  return before === undefined ? END_OF_TIME_MS : instant(before);
}

/**
 * The later, in the order, of a place and that where the page before ended. No id is smaller than
 * '': newest first, nothing of the moment that the query ends before comes after that place; oldest
 * first, all of the moment that it begins with does.
 */
function later(start: Place, { after }: AuditQuery, compare: LogOrder['compare']): Place {
  if (after === undefined) return start;
  const place = { recorded: instant(after.recorded), id: after.id };
  return compare(place, start) < 0 ? start : place;
}

function newestFirst(one: Place, other: Place): number {
  if (one.recorded !== other.recorded) return other.recorded - one.recorded;
  if (one.id === other.id) return 0;
  return one.id < other.id ? 1 : -1;
}

function oldestFirst(one: Place, other: Place): number {
  return newestFirst(other, one);
}
