import type { AuditEntry, AuditPosition } from '../domain/audit/entry.ts';
import {
  type AlertStatus,
  type Resolution,
  resolutionName,
  statusAfter,
} from '../domain/audit/resolution.ts';
import { PAGE_SIZE_MAX } from '../domain/limits.ts';
import type { Context } from './context.ts';

/** Every entry of the log that closes or escalates one of these alerts, newest first. */
export async function resolutionsOf(
  context: Context,
  alertIds: readonly string[],
): Promise<readonly (AuditEntry & { readonly resolution: Resolution })[]> {
  if (alertIds.length === 0) return [];
  const query = { entityNames: alertIds.map(resolutionName), limit: PAGE_SIZE_MAX };
  const found: AuditEntry[] = [];
  let after: AuditPosition | undefined;
  do {
    const page = await context.store.searchAudit({ ...query, ...(after && { after }) });
    found.push(...page.entries);
    const last = page.more ? page.entries.at(-1) : undefined;
    after = last && { recorded: last.recorded, id: last.id };
  } while (after !== undefined);
  return found.filter((entry) => isResolution(entry));
}

/** Where each of these alerts stands, worked out from what the log says was done with it. */
export async function statusesOf(
  context: Context,
  alertIds: readonly string[],
): Promise<ReadonlyMap<string, AlertStatus>> {
  const done = Map.groupBy(await resolutionsOf(context, alertIds), (each) => each.resolution.alert);
  return new Map(
    alertIds.map((id) => [
      id,
      statusAfter((done.get(id) ?? []).map(({ resolution }) => resolution.action)),
    ]),
  );
}

function isResolution(
  entry: AuditEntry,
): entry is AuditEntry & { readonly resolution: Resolution } {
  return entry.resolution !== undefined;
}
