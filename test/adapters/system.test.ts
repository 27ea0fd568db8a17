import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemIds } from '../../src/adapters/system/ids.ts';
import { keyedNames } from '../../src/adapters/system/names.ts';

describe('The system clock', () => {
  it('tells epoch milliseconds', () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(Number.isInteger(now)).toBe(true);
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});

describe('Fresh ids', () => {
  const NOW = Date.parse('2026-03-02T12:00:00.123Z');

  it('are UUIDs of version 7 that start with the time', () => {
    const id = systemIds({ now: () => NOW }).fresh();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(NOW);
  });

  it.each([
    ['within one millisecond, however many there are', () => NOW],
    ['when the clock is set back', (n: number) => NOW - n],
    ['when the clock goes on', (n: number) => NOW + Math.floor(n / 3)],
  ])('sort in the order in which they were made %s', (_name, at) => {
    let n = 0;
    const ids = systemIds({ now: () => at(n++) });
    const made = Array.from({ length: 20_000 }, () => ids.fresh());
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('differ between makers that see the same time', () => {
    const clock = { now: () => NOW };
    expect(systemIds(clock).fresh()).not.toBe(systemIds(clock).fresh());
  });
});

describe('Names under a secret', () => {
  const names = keyedNames(new Uint8Array(32).fill(7));

  it('have the shapes that the port promises', () => {
    const record = names.recordId('9000000009');
    expect(record).toMatch(/^[0-9a-f]{24}$/);
    expect(names.entryId(record, 'key')).toMatch(new RegExp(`^${record}-[0-9a-f]{24}$`));
    expect(names.versionId('entry', 'digest', 'time')).toMatch(/^[0-9a-f]{16}$/);
    expect(names.digest('text')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('stay the same for ever: stored data depends on them', () => {
    expect(names.recordId('9000000009')).toBe('376e19c72708930b066a6364');
    expect(names.entryId('r', 'k')).toBe('r-e67b50a18bca0dcff0fe3bfe');
    const sha256 = createHash('sha256').update('é').digest('hex');
    expect(names.digest('é')).toBe(sha256.slice(0, 32));
  });

  it('are the same under an equal secret and others under another', () => {
    const same = keyedNames(new Uint8Array(32).fill(7));
    const other = keyedNames(new Uint8Array(32).fill(8));
    expect(same.recordId('9000000009')).toBe(names.recordId('9000000009'));
    expect(other.recordId('9000000009')).not.toBe(names.recordId('9000000009'));
    const version = ['entry', 'digest', 'time'] as const;
    expect(same.versionId(...version)).toBe(names.versionId(...version));
    expect(other.versionId(...version)).not.toBe(names.versionId(...version));
  });

  it('differ between kinds that are made of the same parts', () => {
    const digits = [
      names.recordId('a'),
      names.entryId('a', '').slice(2),
      names.versionId('a', '', ''),
      names.digest('a'),
    ].map((name) => name.slice(0, 16));
    expect(new Set(digits).size).toBe(4);
  });

  it('differ whenever a part does, wherever the parts are divided', () => {
    const parts = fc.tuple(fc.string(), fc.string(), fc.string());
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(names.versionId(...a) === names.versionId(...b)).toBe(same);
      }),
    );
    expect(names.versionId('ab', 'c', '')).not.toBe(names.versionId('a', 'bc', ''));
  });

  it('are HMAC-SHA-256 of their parts, under secrets and of texts of any length', () => {
    const secrets = fc.uint8Array({ minLength: 1, maxLength: 80 });
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('é'.repeat(2_000)));
    fc.assert(
      fc.property(secrets, texts, (secret, text) => {
        const hmac = createHmac('sha256', secret).update(`6:record${text.length}:${text}`);
        expect(keyedNames(secret).recordId(text)).toBe(hmac.digest('hex').slice(0, 24));
      }),
    );
  });
});
