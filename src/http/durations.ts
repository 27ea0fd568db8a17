import type { Metric, Registry } from 'prom-client';

/** The upper bounds of the buckets, in seconds. */
const BOUNDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** Durations that have the same labels, counted by bucket. */
export class Durations {
  readonly labels: Readonly<Record<string, string>>;
  /** How many are within each bound and not within the one before; last those within none. */
  readonly #counts: number[] = new Array(BOUNDS.length + 1).fill(0);
  #sum = 0;

  constructor(labels: Durations['labels']) {
    this.labels = labels;
  }

  observe(seconds: number): void {
    let place = 0;
    while (place < BOUNDS.length && seconds > (BOUNDS[place] ?? 0)) place += 1;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#sum += seconds;
  }

  /** How many there were. */
  count(): number {
    return this.#counts.reduce((sum, each) => sum + each, 0);
  }

  /** As a scrape has them: how many are within each bound, the sum, and how many there were. */
  values(name: string): readonly MetricValue[] {
    const { labels } = this;
    let within = 0;
    const buckets = [...BOUNDS, '+Inf'].map((le, place) => {
      within += this.#counts[place] ?? 0;
      return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: within };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: within },
    ];
  }
}

interface MetricValue {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** What is found label by label: one text of all of them would have to be made each time. */
class Branch {
  durations: Durations | null = null;
  readonly #branches = new Map<string, Branch>();

  at(label: string): Branch {
    const known = this.#branches.get(label);
    if (known !== undefined) return known;
    const branch = new Branch();
    this.#branches.set(label, branch);
    return branch;
  }
}

/**
 * A histogram of a registry. The library's own puts texts together to find labels and bucket for
 * each observation, which costs ten times as much as this one does.
 */
export class DurationHistogram {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  /** Of several processes. */
  readonly aggregator = 'sum';
  readonly #labelNames: readonly string[];
  readonly #all: Durations[] = [];
  readonly #root = new Branch();

  constructor(registry: Registry, name: string, help: string, labelNames: readonly string[] = []) {
    this.name = name;
    this.help = help;
    this.#labelNames = labelNames;
    // The library's types know its own classes alone; of a metric it asks for what is here.
    registry.registerMetric(this as unknown as Metric);
  }

  /** The durations with these labels, which are in the order of their names. */
  of(...labels: readonly string[]): Durations {
    let branch = this.#root;
    for (const label of labels) branch = branch.at(label);
    branch.durations ??= this.#begin(labels);
    return branch.durations;
  }

  #begin(labels: readonly string[]): Durations {
    const named = this.#labelNames.map((name, place) => [name, labels[place] ?? '']);
    const durations = new Durations(Object.fromEntries(named));
    this.#all.push(durations);
    return durations;
  }

  /** All of which there were any, or that were asked for. */
  all(): readonly Durations[] {
    return this.#all;
  }

  /** What a registry asks for at a scrape. */
  async get(): Promise<object> {
    const { name, help, type, aggregator } = this;
    return {
      name,
      help,
      type,
      aggregator,
      values: this.all().flatMap((each) => each.values(name)),
    };
  }
}
