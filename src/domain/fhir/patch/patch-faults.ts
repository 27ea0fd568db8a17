import { problem } from '../../problem.ts';
import { type Failure, fail } from '../../result.ts';

/** What is wrong with one operation: it is no operation, or it does not fit the resource. */
export interface OperationFault {
  readonly kind: 'malformed' | 'unfit';
  readonly words: string;
}

/** Which operation of a patch, counted from 1. */
export interface OperationPlace {
  readonly number: number;
  /** Its kind as sent; null when it has none. */
  readonly op: string | null;
}

/** A patch that is none, as `malformed`. */
export function malformedPatch(at: OperationPlace | null, words: string): Failure {
  return fail(problem('malformed', 'structure', inWords(at, words)));
}

/** A patch that cannot be applied to this resource, as `invalid`. */
export function unfitPatch(at: OperationPlace | null, words: string): Failure {
  return fail(problem('invalid', 'business-rule', inWords(at, words)));
}

function inWords(at: OperationPlace | null, words: string): string {
  if (at === null) return words;
  // The kind is the caller's own text: said back only if it looks like one.
  const op = at.op !== null && /^[a-z]{1,16}$/.test(at.op) ? ` (${at.op})` : '';
  return `Operation ${at.number}${op} of the patch: ${words}`;
}
