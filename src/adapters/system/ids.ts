import { randomFillSync } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { Ids } from '../../ports/ids.ts';
import { systemClock } from './clock.ts';

const COUNTER_MAX = 0xfff;

/**
 * Each fresh millisecond counts from a random number below this, so that there is room to count on.
 */
const COUNTER_START_MAX = 0x7ff;

/** For one id: where a counter starts, the variant, and what is random in the id. */
const RANDOM_DIGITS = 20;
const POOL_BYTES = (RANDOM_DIGITS / 2) * 256;

/** The digits whose two highest bits are those of the variant (RFC 9562, section 4.1). */
const VARIANT_DIGITS = '89ab';

/**
 * UUIDs of version 7 (RFC 9562, section 5.7). Those of one process sort in the order in which they
 * were made, also within a millisecond (a counter in `rand_a`, section 6.2, method 1) and when the
 * clock is set back (the last time is kept until the clock has caught up).
 */
export function systemIds(clock: Clock = systemClock): Ids {
  const random = randomPool();
  let time = 0;
  /** The digits of `time`, which is the same for many ids. */
  let stamp = '';
  let stampedTime = -1;
  let counter = 0;

  function tick(digits: string): void {
    const now = clock.now();
    if (now > time) {
      time = now;
      counter = Number.parseInt(digits.slice(0, 3), 16) & COUNTER_START_MAX;
    } else if (counter < COUNTER_MAX) {
      counter += 1;
    } else {
      time += 1;
      counter = 0;
    }
    if (time === stampedTime) return;
    stampedTime = time;
    const hex = time.toString(16).padStart(12, '0');
    stamp = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
  }

  return {
    fresh() {
      const digits = random();
      tick(digits);
      const count = (COUNTER_MAX + 1 + counter).toString(16).slice(1);
      const variant = VARIANT_DIGITS[Number.parseInt(digits[3] ?? '0', 16) & 3];
      return `${stamp}${count}-${variant}${digits.slice(5, 8)}-${digits.slice(8)}`;
    },
  };
}

/**
 * Asking the system for random bytes costs more than an id does: they are fetched many at a time.
 */
function randomPool(): () => string {
  const bytes = Buffer.alloc(POOL_BYTES);
  let digits = '';
  let next = 0;
  return () => {
    if (next === digits.length) {
      digits = randomFillSync(bytes).toString('hex');
      next = 0;
    }
    next += RANDOM_DIGITS;
    return digits.slice(next - RANDOM_DIGITS, next);
  };
}
