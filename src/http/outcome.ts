import type { FastifyReply } from 'fastify';
import type { Issue, Problem, ProblemKind } from '../domain/problem.ts';
import { sendBody } from './compression.ts';

/** The status of each kind of problem: the only place where they are written down. */
const STATUS_OF: Readonly<Record<ProblemKind, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  conflict: 409,
  gone: 410,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media': 415,
  invalid: 422,
  throttled: 429,
  unexpected: 500,
  unavailable: 503,
};

const RETRY_AFTER_SECONDS_DEFAULT = 5;
/** The system of the ids of validation rules: FHIR's own keys of invariants, and names of ours. */
const RULE = 'https://scr.example/fhir/CodeSystem/validation-rule';
const REALM = 'Summary Care Record';

export const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/** Every kind of problem there is, for the tests and the OpenAPI document. */
export const PROBLEM_KINDS = Object.keys(STATUS_OF) as readonly ProblemKind[];

/** The HTTP status of a kind of problem. */
export function statusOf(kind: ProblemKind): number {
  return STATUS_OF[kind];
}

/**
 * A problem as an OperationOutcome (http://hl7.org/fhir/R4/operationoutcome.html), all issues at
 * once; as text. What the problem keeps for the audit entry alone is left out.
 */
export function operationOutcome(problem: Problem): string {
  const severity = problem.kind === 'unexpected' ? 'fatal' : 'error';
  const issue = problem.issues.map((each) => renderIssue(each, severity));
  return JSON.stringify({ resourceType: 'OperationOutcome', issue });
}

const DONE = {
  ok: 'It was changed, or is as it was asked for.',
  created: 'It was created.',
  'no-content': 'It is not there, or no longer.',
} as const;

/** An OperationOutcome that says what a change came to (`Prefer: return=OperationOutcome`). */
export function informationalOutcome(done: keyof typeof DONE): string {
  const issue = { severity: 'information', code: 'informational', diagnostics: DONE[done] };
  return JSON.stringify({ resourceType: 'OperationOutcome', issue: [issue] });
}

/** Answers a request with a problem: status, headers that belong to it, OperationOutcome. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  for (const [name, value] of Object.entries(headersOf(problem))) reply.header(name, value);
  reply.code(statusOf(problem.kind)).header('content-type', FHIR_JSON);
  return sendBody(reply, operationOutcome(problem));
}

function headersOf(problem: Problem): Record<string, string> {
  switch (problem.kind) {
    case 'method-not-allowed':
      return { allow: (problem.allow ?? []).join(', ') };
    case 'unauthenticated':
      return { 'www-authenticate': challengeOf(problem) };
    case 'throttled':
    case 'unavailable':
      return { 'retry-after': String(problem.retryAfterSeconds ?? RETRY_AFTER_SECONDS_DEFAULT) };
    default:
      return {};
  }
}

/** RFC 6750, section 3: no `error` when the request carried no credentials at all. */
function challengeOf(problem: Problem): string {
  const error = problem.challenge === undefined ? '' : `, error="${problem.challenge}"`;
  return `Bearer realm="${REALM}"${error}`;
}

function renderIssue(issue: Issue, severity: string): object {
  const { code, diagnostics, expression, rule } = issue;
  const details = rule === undefined ? {} : { details: { coding: [{ system: RULE, code: rule }] } };
  const where = expression === undefined ? {} : { expression: [expression] };
  return { severity, code, ...details, diagnostics, ...where };
}
