import type { Issue } from '../problem.ts';
import { type Condition, readCondition } from '../search/condition.ts';
import { parametersOf } from '../search/parameters.ts';
import { worldOf } from '../search/world.ts';
import { asAuditEvent } from './as-audit-event.ts';
import type { ShownEntry } from './entry.ts';

/** A condition that no index of the log knows, and the parameter that asks it. */
export interface EventCondition {
  readonly name: string;
  readonly value: string;
  readonly condition: Condition;
}

/** Every parameter that R4 has for AuditEvents, those that all resources have included. */
export const EVENT_PARAMETERS: readonly string[] = parametersOf('AuditEvent').map(
  ({ name }) => name,
);

/**
 * Understands a parameter of R4 that the log is not indexed by, with whatever modifier and prefix
 * R4 knows for it. Null for what R4 does not have, and for chains: the log leads to no resource.
 */
export function readEventCondition(
  name: string,
  value: string,
  reading: { readonly baseUrl: string; readonly now: number },
): EventCondition | Issue | null {
  if (/[.]|^_has/.test(name)) return null;
  const condition = readCondition('AuditEvent', name, value, reading);
  return typeof condition === 'function' ? { name, value, condition } : condition;
}

/**
 * Whether conditions hold of an entry as it is shown, and of nothing that is not shown of it: a
 * search must not tell what reading conceals.
 */
export function holdsOf(
  shown: ShownEntry,
  conditions: readonly EventCondition[],
  baseUrl: string,
): boolean {
  if (conditions.length === 0) return true;
  const event = asAuditEvent(shown, { baseUrl });
  const world = worldOf([], baseUrl);
  return conditions.every(({ condition }) => condition(event, world));
}
