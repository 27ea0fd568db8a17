import type { FastifyReply, FastifyRequest } from 'fastify';
import { Counter, collectDefaultMetrics, Registry } from 'prom-client';
import { ALERT_KINDS } from '../domain/alert.ts';
import type { AuditEntry } from '../domain/audit/entry.ts';
import type { Store } from '../ports/store.ts';
import { DurationHistogram, type Durations } from './durations.ts';

/**
 * What is measured. INVARIANT: labels are route templates and classes, never anything of a patient.
 */
export interface Metrics {
  readonly registry: Registry;
  /** By method, route and class of status. */
  readonly requests: DurationHistogram;
  readonly auditAppends: Durations;
  /** Alerts to privacy officers. */
  readonly alerts: Counter<'kind'>;
  /** Everything measured, in Prometheus' text format; with several processes, by all of them. */
  collect(): Promise<string>;
}

/** Hears of audit entries that have just become durable. */
export type AuditListener = (entries: readonly AuditEntry[]) => void;

const LABELS = ['method', 'route', 'status'] as const;

/**
 * A registry of its own with everything that the server measures, the process and event loop too.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = requestTimes(registry);
  const appends = 'Time until an audit entry was durable.';
  return {
    registry,
    requests,
    auditAppends: new DurationHistogram(
      registry,
      'scr_audit_append_duration_seconds',
      appends,
    ).of(),
    alerts: alertCounter(registry),
    collect: () => registry.metrics(),
  };
}

/** How long requests take; how many there were is counted along with it. */
function requestTimes(registry: Registry): DurationHistogram {
  const times = new DurationHistogram(
    registry,
    'scr_http_request_duration_seconds',
    'Time from the request’s head to the answer’s end.',
    LABELS,
  );
  new Counter({
    name: 'scr_http_requests_total',
    help: 'Requests answered, by route template and class of status.',
    labelNames: LABELS,
    registers: [registry],
    collect() {
      this.reset();
      for (const each of times.all()) this.inc(each.labels, each.count());
    },
  });
  return times;
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

/** Counts and times an answer, which took so many milliseconds. */
export function measureAnswer(
  { requests }: Metrics,
  { method, template }: FastifyRequest,
  { statusCode }: FastifyReply,
  ms: number,
): void {
  const status = STATUS_CLASSES[Math.floor(statusCode / 100)] ?? 'none';
  requests.of(method, template ?? 'none', status).observe(ms / 1000);
}

const STATUS_CLASSES = ['none', '1xx', '2xx', '3xx', '4xx', '5xx'];

/**
 * The same store, with the time that appending to the audit log takes measured; `heard` is called
 * with every entry once it is durable.
 */
export function measureAudit(store: Store, { auditAppends }: Metrics, heard: AuditListener): Store {
  return {
    currentRecord: (...args) => store.currentRecord(...args),
    recordVersion: (...args) => store.recordVersion(...args),
    fragments: (...args) => store.fragments(...args),
    receipt: (...args) => store.receipt(...args),
    findByTerm: (...args) => store.findByTerm(...args),
    searchAudit: (...args) => store.searchAudit(...args),
    auditEntry: (...args) => store.auditEntry(...args),
    claims: (...args) => store.claims(...args),
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
      const begun = performance.now();
      try {
        await store.appendAudit(entries);
      } finally {
        auditAppends.observe((performance.now() - begun) / 1000);
      }
      heard(entries);
    },
  };
}
