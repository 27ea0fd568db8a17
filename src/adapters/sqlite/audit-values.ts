import type { DatabaseSync } from 'node:sqlite';
import type { LinkedValue } from './audit-packed.ts';
import { boundedCache } from './bounded-cache.ts';
import { oneValue } from './one-value.ts';
import { SQL } from './statements.ts';

/** What audit entries have in common, each kept once and found by its link. */
export interface AuditValues {
  /**
   * Keeps a value, inside the caller's transaction. False when another one has this link already:
   * digests that are alike are not likely, and an audit log leaves nothing to likelihood.
   */
  keep(value: LinkedValue): boolean;
  /** A value, parsed; undefined when there is none. Not to be called inside a transaction. */
  find(link: number): unknown;
}

/** Parsed values, counted as the JSON they were parsed from. */
const CACHED = { entriesMax: 20_000, bytesMax: 4 * 1024 * 1024 };

/** Prepares the statements over the values. */
export function auditValues(database: DatabaseSync): AuditValues {
  const stored = oneValue<string>(database, SQL.auditValue);
  const insert = database.prepare(SQL.insertAuditValue);
  const cache = boundedCache<{ readonly parsed: unknown }>(CACHED);

  return {
    keep({ link, value }) {
      // Never taken from the cache: a transaction that is rolled back takes its values with it.
      const there = stored(link);
      if (there === undefined) insert.run(link, value);
      return there === undefined || there === value;
    },
    find(link) {
      const cached = cache.get(String(link));
      if (cached !== undefined) return cached.parsed;
      const value = stored(link);
      if (value === undefined) return undefined;
      const parsed: unknown = JSON.parse(value);
      cache.set(String(link), { parsed }, value.length);
      return parsed;
    },
  };
}

/** A value, parsed; the same few come again and again. */
export function parsedValue(value: string): unknown {
  const known = PARSED.get(value);
  if (known !== undefined) return known.parsed;
  const parsed: unknown = JSON.parse(value);
  PARSED.set(value, { parsed }, value.length);
  return parsed;
}

const PARSED = boundedCache<{ readonly parsed: unknown }>({
  entriesMax: 1_024,
  bytesMax: 512 * 1024,
});
