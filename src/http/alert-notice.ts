import type { Logger } from 'pino';
import type { AuditListener, Metrics } from './metrics.ts';

/**
 * Tells of alerts once they are in the log: a line and a count for each. What watches the log of
 * the process passes it on to the officer. INVARIANT: it carries a reference, and no patient or
 * person.
 */
export function alertNotice({ alerts }: Metrics, logger: Logger): AuditListener {
  return (entries) => {
    for (const { id, alert } of entries) {
      if (alert === null) continue;
      const { kind, organization } = alert;
      alerts.inc({ kind });
      logger.warn({ alert: id, kind, organization }, 'alert for the privacy officer');
    }
  };
}
