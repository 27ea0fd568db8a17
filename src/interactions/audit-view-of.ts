import { type AuditView, auditView } from '../domain/audit/audit-view.ts';
import type { Result } from '../domain/result.ts';
import type { Call, Context } from './context.ts';
import { openRecord } from './open-record.ts';

/**
 * What of the log this caller may see. A patient's part of it names only kinds of entries that they
 * see themselves, so their own record is opened for it.
 */
export async function auditViewOf(context: Context, call: Call): Promise<Result<AuditView>> {
  const { caller } = call;
  const { nhsNumber } = caller;
  if (nhsNumber === null) return auditView(caller, null);
  const own = context.names.recordId(nhsNumber);
  return auditView(caller, own, await seenIn(context, call, own));
}

async function seenIn(
  context: Context,
  call: Call,
  own: string,
): Promise<ReadonlyMap<string, string>> {
  const disclosure = await openRecord(context, call, own);
  const view = disclosure.outcome === 'disclosed' ? disclosure.view : null;
  const seen = view === null ? [] : [...view.entries, ...view.gone];
  return new Map(seen.map(({ id, type }) => [id, type]));
}
