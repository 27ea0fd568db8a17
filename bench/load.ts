import autocannon from 'autocannon';

/** One request that the load generator sends. */
export interface Shot {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: 'GET' | 'POST';
  readonly body?: string;
}

/** What one run came to. */
export interface Run {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How hard, and for how long. */
export interface Fire {
  readonly connections: number;
  readonly seconds: number;
  /** Makes the body of each request anew; the shots' own bodies unless given. */
  readonly nextBody?: (() => string) | undefined;
}

/** Asks a server for these things in turn; rejects when any answer is no success. */
export async function fire(url: string, shots: readonly Shot[], fire: Fire): Promise<Run> {
  const { connections, seconds, nextBody } = fire;
  const setupRequest = nextBody && ((request: Shot) => ({ ...request, body: nextBody() }));
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: shots.map((shot) => ({
      method: 'GET',
      ...shot,
      ...(setupRequest === undefined ? {} : { setupRequest }),
    })),
  });
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${failed} of ${result.requests.total} answers were no success`);
  return {
    perSecond: (result['2xx'] * 1000) / (result.finish.getTime() - result.start.getTime()),
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}
