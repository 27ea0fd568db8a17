import type { AuditEntry, AuditPosition, AuditQuery } from '../domain/audit/entry.ts';
import { PAGE_SIZE_MAX } from '../domain/limits.ts';
import type { Store } from '../ports/store.ts';

/** A way to find an entry: by its patient, who else would not see it in their log, and so on. */
interface Way {
  readonly name: string;
  /** What the entry is found by; null where it is not found in this way. */
  by(entry: AuditEntry): string | null;
  query(value: string): Partial<AuditQuery>;
}

const WAYS: readonly Way[] = [
  {
    name: 'patient',
    by: ({ patient }) => patient,
    query: (patient) => ({ patients: [patient] }),
  },
  {
    name: 'organisation',
    by: ({ agent }) => agent?.organization || null,
    query: (organization) => ({ organizations: [organization] }),
  },
  {
    name: 'alert',
    by: ({ alert }) => alert?.organization ?? null,
    query: (alertsTo) => ({ alertsTo }),
  },
];

/**
 * By which ways some of these entries are not found that a seal covers, with how many; empty where
 * all are.
 */
export async function searchFaults(
  store: Store,
  entries: readonly AuditEntry[],
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const way of WAYS) {
    const lost = await lostBy(store, entries, way);
    if (lost > 0) faults.push(`${lost} entries that it covers are not found by their ${way.name}`);
  }
  return faults;
}

async function lostBy(store: Store, entries: readonly AuditEntry[], way: Way): Promise<number> {
  // By the minute too: entries that came late would else stretch a search over all between them.
  const key = (entry: AuditEntry): string => `${entry.recorded.slice(0, 16)} ${way.by(entry)}`;
  const sought = entries.filter((entry) => way.by(entry) !== null);
  let lost = 0;
  for (const together of Map.groupBy(sought, key).values()) {
    const value = way.by(together[0] as AuditEntry) ?? '';
    lost += await notFound(store, way.query(value), together);
  }
  return lost;
}

/** How many of these a search does not find that asks from the first of them to the last. */
async function notFound(
  store: Store,
  wanted: Partial<AuditQuery>,
  entries: readonly AuditEntry[],
): Promise<number> {
  const times = entries.map(({ recorded }) => Date.parse(recorded));
  const from = new Date(Math.min(...times)).toISOString();
  const before = new Date(Math.max(...times) + 1).toISOString();
  const query = { ...wanted, from, before, oldestFirst: true, limit: PAGE_SIZE_MAX } as const;
  const sought = new Set(entries.map(({ id }) => id));
  let after: AuditPosition | undefined;
  while (sought.size > 0) {
    const page = await store.searchAudit({ ...query, ...(after && { after }) });
    for (const { id } of page.entries) sought.delete(id);
    after = page.entries.at(-1);
    if (!page.more) break;
  }
  return sought.size;
}
