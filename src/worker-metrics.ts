import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry } from 'prom-client';
import type { Metrics } from './http/metrics.ts';

/** What a worker and the first process say to each other about measurements. */
interface MetricsMessage {
  readonly kind: 'scr-metrics-wanted' | 'scr-metrics';
  readonly ask: number;
  /** Null when they could not be had. */
  readonly text?: string | null;
}

const NO_ANSWER_AFTER_MS = 6_000;

/** In the first process: answers workers that want the measurements of all workers. */
export function gatherMetrics(): void {
  const all = new AggregatorRegistry();
  cluster.on('message', (worker: Worker, message: unknown) => {
    if (!isMetricsMessage(message) || message.kind !== 'scr-metrics-wanted') return;
    const answer = (text: string | null): void => {
      const reply: MetricsMessage = { kind: 'scr-metrics', ask: message.ask, text };
      if (worker.isConnected()) worker.send(reply);
    };
    all.clusterMetrics().then(answer, () => answer(null));
  });
}

/** In a worker: the same measurements, collected from all workers by way of the first process. */
export function measureAsWorker(metrics: Metrics): Metrics {
  AggregatorRegistry.setRegistries([metrics.registry]);
  // Made for its side effect: this is how the library begins to listen to the first process.
  new AggregatorRegistry();
  let asked = 0;
  return {
    ...metrics,
    collect: () => {
      asked += 1;
      return askFirstProcess(asked);
    },
  };
}

function askFirstProcess(ask: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const done = (text: string | null): void => {
      clearTimeout(timer);
      process.off('message', hear);
      if (text === null) reject(new Error('the measurements of all workers could not be had'));
      else resolve(text);
    };
    const hear = (message: unknown): void => {
      const ours = isMetricsMessage(message) && message.kind === 'scr-metrics';
      if (ours && message.ask === ask) done(message.text ?? null);
    };
    const timer = setTimeout(() => done(null), NO_ANSWER_AFTER_MS);
    process.on('message', hear);
    process.send?.({ kind: 'scr-metrics-wanted', ask } satisfies MetricsMessage);
  });
}

function isMetricsMessage(message: unknown): message is MetricsMessage {
  const { kind } = (message ?? {}) as { readonly kind?: unknown };
  return kind === 'scr-metrics-wanted' || kind === 'scr-metrics';
}
