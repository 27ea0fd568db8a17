import type { DatabaseSync } from 'node:sqlite';
import type { LinkedValue } from './audit-pack.ts';
import { boundedCache } from './bounded-cache.ts';
import { SQL } from './statements.ts';

/** What audit entries have in common, each kept once and found by its link. */
export interface AuditValues {
  /**
   * Keeps a value, inside the caller's transaction. False when another one has this link already:
   * digests that are alike are not likely, and an audit log leaves nothing to likelihood.
   */
  keep(value: LinkedValue): boolean;
  /** A value, parsed; undefined when there is none. Not to be called inside a transaction. */
  find(link: string): unknown;
}

/** Parsed values, counted as the JSON they were parsed from. */
const CACHED = { entriesMax: 20_000, bytesMax: 4 * 1024 * 1024 };

/** Prepares the statements over the values. */
export function auditValues(database: DatabaseSync): AuditValues {
  const select = database.prepare(SQL.auditValue);
  const insert = database.prepare(SQL.insertAuditValue);
  const cache = boundedCache<{ readonly parsed: unknown }>(CACHED);

  function stored(link: string): string | undefined {
    const row = select.get(Number.parseInt(link, 16)) as { value: string } | undefined;
    return row?.value;
  }

  return {
    keep({ link, value }) {
      // Never taken from the cache: a transaction that is rolled back takes its values with it.
      const there = stored(link);
      if (there === undefined) insert.run(Number.parseInt(link, 16), value);
      return there === undefined || there === value;
    },
    find(link) {
      const cached = cache.get(link);
      if (cached !== undefined) return cached.parsed;
      const value = stored(link);
      if (value === undefined) return undefined;
      const parsed: unknown = JSON.parse(value);
      cache.set(link, { parsed }, value.length);
      return parsed;
    },
  };
}
