/** What a privacy officer may do with an alert. */
export const RESOLUTION_ACTIONS = ['close', 'escalate'] as const;
export type ResolutionAction = (typeof RESOLUTION_ACTIONS)[number];

/** What a privacy officer made of an alert: an entry of its own, since the log only grows. */
export interface Resolution {
  /** The id of the audit entry that carries the alert. */
  readonly alert: string;
  readonly action: ResolutionAction;
  /** The officer's own words. */
  readonly reason: string;
}

/** Where an alert stands, worked out from the log. */
export const ALERT_STATUSES = ['open', 'escalated', 'closed'] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

/** The entity name under which the log finds what was made of an alert. */
export function resolutionName(alertId: string): string {
  return `alert:${alertId}`;
}

/** Where an alert stands after everything that was done with it, in any order. */
export function statusAfter(actions: Iterable<ResolutionAction>): AlertStatus {
  const done = new Set(actions);
  if (done.has('close')) return 'closed';
  return done.has('escalate') ? 'escalated' : 'open';
}

/** Whether an alert can still be closed or escalated: escalated ones are closed later, once. */
export function canFollow(status: AlertStatus, action: ResolutionAction): boolean {
  return status === 'open' || (status === 'escalated' && action === 'close');
}
