import { randomFillSync } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { Ids } from '../../ports/ids.ts';
import { systemClock } from './clock.ts';

const COUNTER_MAX = 0xfff;

/**
 * Each fresh millisecond counts from a random number below this, so that there is room to count on.
 */
const COUNTER_START_MAX = 0x7ff;

const RANDOM_BYTES = 10;
const POOL_BYTES = RANDOM_BYTES * 256;

/**
 * UUIDs of version 7 (RFC 9562, section 5.7). Those of one process sort in the order in which they
 * were made, also within a millisecond (a counter in `rand_a`, section 6.2, method 1) and when the
 * clock is set back (the last time is kept until the clock has caught up).
 */
export function systemIds(clock: Clock = systemClock): Ids {
  const random = randomPool();
  let time = 0;
  let counter = 0;

  function tick(bytes: Uint8Array): void {
    const now = clock.now();
    if (now > time) {
      time = now;
      counter = (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) & COUNTER_START_MAX;
    } else if (counter < COUNTER_MAX) {
      counter += 1;
    } else {
      time += 1;
      counter = 0;
    }
  }

  return {
    fresh() {
      const bytes = random();
      tick(bytes);
      return format(time, counter, bytes);
    },
  };
}

function format(time: number, counter: number, random: Uint8Array): string {
  const stamp = time.toString(16).padStart(12, '0');
  // The variant takes the two highest bits of the ninth byte.
  const variant = ((random[2] ?? 0) & 0x3f) | 0x80;
  const rest = Buffer.from(random.subarray(3)).toString('hex');
  const low = variant.toString(16) + rest;
  const high = `7${counter.toString(16).padStart(3, '0')}`;
  const [a, b] = [stamp.slice(0, 8), stamp.slice(8)];
  return `${a}-${b}-${high}-${low.slice(0, 4)}-${low.slice(4)}`;
}

/**
 * Asking the system for random bytes costs more than an id does: they are fetched many at a time.
 */
function randomPool(): () => Uint8Array {
  const pool = new Uint8Array(POOL_BYTES);
  let next = POOL_BYTES;
  return () => {
    if (next === POOL_BYTES) {
      randomFillSync(pool);
      next = 0;
    }
    next += RANDOM_BYTES;
    return pool.subarray(next - RANDOM_BYTES, next);
  };
}
