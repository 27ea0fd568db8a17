import type { Alert } from './alert.ts';

/**
 * The issue types of FHIR R4 that this server uses
 * (http://hl7.org/fhir/R4/valueset-issue-type.html).
 */
export type IssueType =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'code-invalid'
  | 'login'
  | 'expired'
  | 'forbidden'
  | 'suppressed'
  | 'not-found'
  | 'deleted'
  | 'not-supported'
  | 'duplicate'
  | 'conflict'
  | 'too-long'
  | 'too-costly'
  | 'business-rule'
  | 'throttled'
  | 'transient'
  | 'exception'
  | 'informational';

/**
 * One fault. `diagnostics` never echoes stored data; `expression` is a FHIRPath into what was sent.
 */
export interface Issue {
  readonly code: IssueType;
  readonly diagnostics: string;
  readonly expression?: string;
  /** The id of the rule that was broken: of an invariant of FHIR its key, such as `ait-1`. */
  readonly rule?: string;
}

/** Every way in which a request can fail. Only `http/outcome.ts` knows the status of each. */
export type ProblemKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'not-acceptable'
  | 'conflict'
  | 'gone'
  | 'precondition-failed'
  | 'too-large'
  | 'unsupported-media'
  | 'invalid'
  | 'throttled'
  | 'unavailable'
  | 'unexpected';

/** An expected failure, returned and never thrown. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly issues: readonly [Issue, ...Issue[]];
  /** The methods that a path does answer, for `method-not-allowed`. */
  readonly allow?: readonly string[];
  /** Seconds after which trying again makes sense, for `throttled` and `unavailable`. */
  readonly retryAfterSeconds?: number;
  /**
   * The `error` of the WWW-Authenticate challenge (RFC 6750, section 3.1), for `unauthenticated`.
   */
  readonly challenge?: 'invalid_token' | 'invalid_request';
  /**
   * For the audit entry alone, never for the answer: the record it was about, and the rules that
   * refused.
   */
  readonly audit?: ProblemAudit;
}

/** What the audit entry of a refusal says beyond its words. */
export interface ProblemAudit {
  readonly patient: string | null;
  readonly rules: readonly RuleCount[];
  /** The alert of an access that was given all the same: a record was opened, and nothing found. */
  readonly alert?: Alert | null;
}

/** A rule that took part in a decision, and how many entries it withheld. */
export interface RuleCount {
  readonly rule: string;
  readonly withheld: number;
}

/** Builds a problem with a single issue. */
export function problem(
  kind: ProblemKind,
  code: IssueType,
  diagnostics: string,
  expression?: string,
): Problem {
  const issue =
    expression === undefined ? { code, diagnostics } : { code, diagnostics, expression };
  return { kind, issues: [issue] };
}

/** The one answer for what does not exist and for what is hidden: it must not depend on which. */
export const NOTHING_FOUND: Problem = problem(
  'not-found',
  'not-found',
  'There is no such resource.',
);

/** The answer for a withdrawn entry to those who might see its last version. */
export const GONE: Problem = problem(
  'gone',
  'deleted',
  'This entry was withdrawn by those who recorded it.',
);

/** Builds a problem that carries all faults at once. Precondition: at least one issue. */
export function problems(kind: ProblemKind, issues: readonly Issue[]): Problem {
  const [first, ...rest] = issues;
  if (first === undefined) throw new Error('INVARIANT: a problem has at least one issue');
  return { kind, issues: [first, ...rest] };
}
