import { failureEntry } from '../domain/audit/compose.ts';
import { AUTHENTICATION } from '../domain/audit/interaction-codes.ts';
import type { Problem } from '../domain/problem.ts';
import type { Context } from './context.ts';

/** A request that brought no valid token. */
export interface FailedAuthentication {
  readonly requestId: string;
  /** Path and query as sent; a token in it is left out of the log. */
  readonly target: string;
  readonly problem: Problem;
}

/**
 * Records a request without a valid token, before its refusal leaves; resolves once that is
 * durable. Rejects with `StoreUnavailable` when it cannot be written: then the answer is 503.
 */
export async function recordFailedAuthentication(
  context: Context,
  { requestId, target, problem }: FailedAuthentication,
): Promise<void> {
  const entry = failureEntry(
    {
      id: context.ids.fresh(),
      now: context.clock.now(),
      interaction: AUTHENTICATION,
      action: 'E',
      caller: null,
      requestId,
      target,
    },
    problem,
  );
  await context.store.appendAudit([entry]);
}
