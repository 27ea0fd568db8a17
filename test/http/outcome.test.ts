import { describe, expect, test } from 'vitest';
import type { ProblemKind } from '../../src/domain/problem.ts';
import { problem } from '../../src/domain/problem.ts';
import { operationOutcome, PROBLEM_KINDS, statusOf } from '../../src/http/outcome.ts';

/** The statuses of the contract, section 6, and 500 for bugs. */
const CONTRACT: Readonly<Record<ProblemKind, number>> = {
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
  unavailable: 503,
  unexpected: 500,
};

describe('a problem', () => {
  test('has the status of the contract, each kind its own, and no kind is missing', () => {
    const statuses = Object.fromEntries(PROBLEM_KINDS.map((kind) => [kind, statusOf(kind)]));
    expect(statuses).toEqual(CONTRACT);
    expect(new Set(Object.values(statuses)).size).toBe(PROBLEM_KINDS.length);
  });

  test('becomes an OperationOutcome with every issue and where it is', () => {
    const first = problem('invalid', 'required', 'A date is missing.', 'Bundle.entry[0]');
    const both = {
      ...first,
      issues: [first.issues[0], { code: 'value', diagnostics: 'Too far.' }],
    };
    expect(JSON.parse(operationOutcome(both as never))).toEqual({
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: 'required',
          diagnostics: 'A date is missing.',
          expression: ['Bundle.entry[0]'],
        },
        { severity: 'error', code: 'value', diagnostics: 'Too far.' },
      ],
    });
  });

  test('keeps from the answer what is for the audit entry alone', () => {
    const audit = { patient: 'secret-id', rules: [{ rule: 'dissent', withheld: 3 }] };
    const text = operationOutcome({ ...problem('not-found', 'not-found', 'Nothing.'), audit });
    expect(text).not.toContain('secret-id');
    expect(text).not.toContain('dissent');
    expect(text).toContain('Nothing.');
  });
});
