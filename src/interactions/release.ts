import { type AuditDetails, type AuditFrame, successEntry } from '../domain/audit/compose.ts';
import { type Result, succeed } from '../domain/result.ts';
import type { Call, Context } from './context.ts';
import { type Answer, markReleased, type Released } from './released.ts';

/**
 * The only exit for content: appends the audit entry and, once it is durable, hands the answer
 * over. Rejects with `StoreUnavailable` when it cannot be written; then nothing has left. `frame`
 * is for an answer that names its audit entry, and so has to know it before.
 */
export async function release(
  context: Context,
  call: Call,
  details: AuditDetails,
  answer: Answer,
  frame: AuditFrame = frameOf(context, call),
): Promise<Result<Released>> {
  await context.store.appendAudit([successEntry(frame, details)]);
  return succeed(markReleased(answer));
}

/** As `release`, for a change whose audit entry was committed together with it. */
export function releaseCommitted(answer: Answer): Result<Released> {
  return succeed(markReleased(answer));
}

/**
 * What the audit entries of this call have in common; a fresh id and the time each time it is
 * called.
 */
export function frameOf(context: Context, call: Call): AuditFrame {
  return {
    id: context.ids.fresh(),
    now: context.clock.now(),
    interaction: call.act.interaction,
    action: call.act.action,
    caller: call.caller,
    requestId: call.requestId,
    target: call.act.target,
  };
}
