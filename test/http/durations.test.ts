import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { DurationHistogram } from '../../src/http/durations.ts';

const BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const NAME = 'some_seconds';

const seconds = fc.oneof(fc.constantFrom(...BUCKETS), fc.double({ min: 0, max: 9, noNaN: true }));
const observed = fc.array(
  fc.record({ route: fc.constantFrom('/a', '/a/:id', 'none'), status: fc.string(), seconds }),
);

test('a scrape says what the library’s own histogram would say, line by line', async () => {
  await fc.assert(
    fc.asyncProperty(observed, async (all) => {
      const ours = new Registry();
      const times = new DurationHistogram(ours, NAME, 'Some.', ['route', 'status']);
      const theirs = new Registry();
      const labelNames = ['route', 'status'];
      const reference = { name: NAME, help: 'Some.', labelNames, buckets: BUCKETS };
      const histogram = new Histogram({ ...reference, registers: [theirs] });
      for (const { route, status, seconds } of all) {
        times.of(route, status).observe(seconds);
        histogram.observe({ route, status }, seconds);
      }
      expect(await ours.metrics()).toBe(await theirs.metrics());
    }),
  );
});

test('what has no labels is there before anything was observed', async () => {
  const registry = new Registry();
  new DurationHistogram(registry, NAME, 'Some.').of();
  expect(await registry.metrics()).toContain(`${NAME}_count 0`);
});

test('a histogram counts each observation once, within its bounds or beyond them', () => {
  const times = new DurationHistogram(new Registry(), NAME, 'Some.').of();
  for (const each of [0, 0.001, 5, 5.1, 60]) times.observe(each);
  expect(times.count()).toBe(5);
});
