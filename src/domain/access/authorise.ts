import { type Problem, problem } from '../problem.ts';
import type { Caller } from './caller.ts';

/** What is being done, as far as roles and scopes care. */
export interface Attempt {
  /** A FHIR interaction or an operation's name. */
  readonly interaction: string;
  /** A resource type, or `System`. */
  readonly type: string;
}

/** Whether a caller's role and scopes allow an attempt: null when they do, else the refusal. */
export function authorise(_caller: Caller, _attempt: Attempt): Problem | null {
  return problem('forbidden', 'forbidden', 'No role may do anything yet.');
}
