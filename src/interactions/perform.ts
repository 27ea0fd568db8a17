import { authorise } from '../domain/access/authorise.ts';
import { failureEntry } from '../domain/audit/compose.ts';
import type { Problem } from '../domain/problem.ts';
import { type Failure, fail, type Result } from '../domain/result.ts';
import type { Call, Context } from './context.ts';
import { frameOf } from './release.ts';
import type { Released } from './released.ts';

/**
 * One thing a caller can do. On success it has audited itself (by `release`); a failure it returns.
 */
export type Interaction = (context: Context, call: Call) => Promise<Result<Released>>;

/**
 * Runs an interaction for an authenticated caller: first whether role and scopes allow it at all,
 * then the interaction. Every refusal and failure is in the audit log before it is returned.
 * Rejects with `StoreUnavailable` when that entry cannot be written.
 */
export async function perform(
  context: Context,
  call: Call,
  interaction: Interaction,
): Promise<Result<Released>> {
  const denial = authorise(call.caller, call.act);
  if (denial !== null) return refuse(context, call, denial);
  const result = await interaction(context, call);
  return result.ok ? result : refuse(context, call, result.problem);
}

async function refuse(context: Context, call: Call, problem: Problem): Promise<Failure> {
  await context.store.appendAudit([failureEntry(frameOf(context, call), problem, problem.audit)]);
  return fail(problem);
}
