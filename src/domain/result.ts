import type { Problem } from './problem.ts';

/** An expected outcome: a value, or the problem that prevented it. */
export type Result<T> = { readonly ok: true; readonly value: T } | Failure;

/** The failed half of a Result. */
export interface Failure {
  readonly ok: false;
  readonly problem: Problem;
}

/** Wraps a value as a success. */
export function succeed<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** Wraps a problem as a failure. */
export function fail(problem: Problem): Failure {
  return { ok: false, problem };
}
