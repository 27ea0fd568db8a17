import type { FastifyReply, FastifyRequest } from 'fastify';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { ALERT_KINDS } from '../domain/alert.ts';
import type { AuditEntry } from '../domain/audit/entry.ts';
import type { Store } from '../ports/store.ts';

/**
 * What is measured. INVARIANT: labels are route templates and classes, never anything of a patient.
 */
export interface Metrics {
  readonly registry: Registry;
  readonly requests: Counter<'method' | 'route' | 'status'>;
  readonly requestSeconds: Histogram<'method' | 'route' | 'status'>;
  readonly auditAppendSeconds: Histogram;
  /** Alerts to privacy officers. */
  readonly alerts: Counter<'kind'>;
  /** Everything measured, in Prometheus' text format; with several processes, by all of them. */
  collect(): Promise<string>;
}

/** Hears of audit entries that have just become durable. */
export type AuditListener = (entries: readonly AuditEntry[]) => void;

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const LABELS = ['method', 'route', 'status'] as const;

/**
 * A registry of its own with everything that the server measures, the process and event loop too.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: new Counter({
      name: 'scr_http_requests_total',
      help: 'Requests answered, by route template and class of status.',
      labelNames: LABELS,
      registers: [registry],
    }),
    requestSeconds: new Histogram({
      name: 'scr_http_request_duration_seconds',
      help: 'Time from the request’s head to the answer’s end.',
      labelNames: LABELS,
      buckets: SECONDS,
      registers: [registry],
    }),
    auditAppendSeconds: new Histogram({
      name: 'scr_audit_append_duration_seconds',
      help: 'Time until an audit entry was durable.',
      buckets: SECONDS,
      registers: [registry],
    }),
    alerts: alertCounter(registry),
    collect: () => registry.metrics(),
  };
}

/** Every kind is there from the start, so that the first alert of a kind is seen as an increase. */
function alertCounter(registry: Registry): Counter<'kind'> {
  const counter = new Counter({
    name: 'scr_alerts_total',
    help: 'Alerts raised to privacy officers, by kind.',
    labelNames: ['kind'] as const,
    registers: [registry],
  });
  for (const kind of ALERT_KINDS) counter.inc({ kind }, 0);
  return counter;
}

/** Counts and times an answer. */
export function measureAnswer(
  metrics: Metrics,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const labels = {
    method: request.method,
    route: request.template ?? 'none',
    status: `${Math.floor(reply.statusCode / 100)}xx`,
  };
  metrics.requests.inc(labels);
  metrics.requestSeconds.observe(labels, reply.elapsedTime / 1000);
}

/**
 * The same store, with the time that appending to the audit log takes measured; `heard` is called
 * with every entry once it is durable.
 */
export function measureAudit(
  store: Store,
  { auditAppendSeconds }: Metrics,
  heard: AuditListener,
): Store {
  return {
    currentRecord: (...args) => store.currentRecord(...args),
    recordVersion: (...args) => store.recordVersion(...args),
    fragments: (...args) => store.fragments(...args),
    receipt: (...args) => store.receipt(...args),
    findByTerm: (...args) => store.findByTerm(...args),
    searchAudit: (...args) => store.searchAudit(...args),
    auditEntry: (...args) => store.auditEntry(...args),
    claims: (...args) => store.claims(...args),
    sealAudit: (...args) => store.sealAudit(...args),
    seals: (...args) => store.seals(...args),
    sealedEntries: (...args) => store.sealedEntries(...args),
    secret: () => store.secret(),
    ping: () => store.ping(),
    isEmpty: () => store.isEmpty(),
    close: () => store.close(),
    async commit(commit) {
      const outcome = await store.commit(commit);
      if (outcome === 'committed') heard(commit.audit);
      return outcome;
    },
    async appendAudit(entries) {
      const stop = auditAppendSeconds.startTimer();
      try {
        await store.appendAudit(entries);
      } finally {
        stop();
      }
      heard(entries);
    },
  };
}
