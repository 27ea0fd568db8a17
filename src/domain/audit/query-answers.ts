import type { AuditEntry, AuditQuery } from './entry.ts';

/**
 * Whether an entry is one that a query asks for, its page aside: what a store finds by its indexes,
 * for entries that were come by otherwise.
 */
export function isAskedFor(entry: AuditEntry, query: AuditQuery): boolean {
  const { from, before, alertsTo, entityNames } = query;
  return (
    isIn(query.patients, entry.patient) &&
    isIn(query.agents, entry.agent?.subject) &&
    isIn(query.organizations, entry.agent?.organization) &&
    isIn(query.actions, entry.action) &&
    isIn(query.outcomes, entry.outcome) &&
    (entityNames === undefined || entry.entityNames.some((name) => entityNames.includes(name))) &&
    (alertsTo === undefined || entry.alert?.organization === alertsTo) &&
    (from === undefined || entry.recorded >= from) &&
    (before === undefined || entry.recorded < before)
  );
}

function isIn(list: readonly string[] | undefined, value: string | null | undefined): boolean {
  return list === undefined || (value != null && list.includes(value));
}
