import { allowsAll } from '../domain/access/scope.ts';
import { scopesInForce } from '../domain/access/scope-level.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import type { Submitter } from '../domain/gp/standing.ts';
import type { Call, Context } from './context.ts';

/** Who submits, as the rules of submission see them. */
export function submitterOf({ caller }: Call): Submitter {
  return { organization: caller.organization, isPractice: caller.role === 'gp-system' };
}

/** Whether the caller's scopes allow a submission with resources of these types. */
export function mayBring({ caller }: Call, types: readonly RecordType[]): boolean {
  return allowsAll(scopesInForce(caller, caller.scopes), new Set(types), ['c', 'u']);
}

/** Under which key a submission's receipt is kept; null without `Bundle.identifier`. */
export function receiptKey(
  { names }: Context,
  { caller }: Call,
  identifier: string | null,
): string | null {
  return identifier === null ? null : names.digest(`${caller.organization}|${identifier}`);
}
