import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

/** Asks for the one column of the first row; undefined when there is no row. */
export type OneValue<T> = (...parameters: SQLInputValue[]) => T | undefined;

/**
 * Prepares a statement that asks for one value. Making an object of a row costs more than finding
 * it: rows come as lists.
 */
export function oneValue<T>(database: DatabaseSync, sql: string): OneValue<T> {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  return (...parameters) => (statement.get(...parameters) as unknown as [T] | undefined)?.[0];
}
