import type { IssueType } from '../problem.ts';

/** What a check says against a value; where it stands is added by the walk. */
export interface Fault {
  /** The id of the rule that is broken. */
  readonly rule: string;
  readonly code: IssueType;
  /** Plain words, without anything of the value. */
  readonly words: string;
}

/** A fault of a value that is not of the kind that its place asks for. */
export function wrongShape(words: string): Fault {
  return { rule: 'wrong-shape', code: 'structure', words };
}

/** A fault of a value that is of the right kind and not allowed all the same. */
export function wrongValue(rule: string, words: string): Fault {
  return { rule, code: 'value', words };
}
