import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boundedCache, keptFromSecondUse } from '../../src/adapters/sqlite/bounded-cache.ts';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import type { Store } from '../../src/ports/store.ts';
import { anAuditEntry, auditId, recordId, secondsAfterNoon } from '../support/records.ts';

describe('The audit log on SQLite', () => {
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scr-sqlite-'));
    store = await openSqliteStore(join(folder, 'scr.db'));
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('appends none of several entries when one cannot be, and harms no other append', async () => {
    await store.appendAudit([anAuditEntry(1)]);
    const outcomes = await Promise.allSettled([
      store.appendAudit([anAuditEntry(2)]),
      store.appendAudit([anAuditEntry(3), anAuditEntry(6, { recorded: 'never' }), anAuditEntry(4)]),
      store.appendAudit([anAuditEntry(5)]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const { entries } = await store.searchAudit({ limit: 10 });
    expect(entries.map(({ id }) => id)).toEqual([5, 2, 1].map(auditId));
  });

  it('finds rare entries far apart, walking the log slice by slice', async () => {
    const rare = new Set([0, 700, 1999, 2500, 3333]);
    const log = Array.from({ length: 4000 }, (_, n) =>
      anAuditEntry(n, {
        recorded: secondsAfterNoon(Math.floor(n / 300)),
        patient: recordId(n % 2),
        interaction: rare.has(n) ? 'rare' : 'read',
        agent: null,
        entityNames: rare.has(n) ? ['Patient', 'Consent'] : ['Patient', 'Practitioner'],
        action: rare.has(n) ? 'E' : 'R',
      }),
    );
    await store.appendAudit(log);
    const newestFirst = [...rare].toReversed().map(auditId);
    const idsOf = async (query: object) => {
      const { entries, more } = await store.searchAudit({ ...query, limit: 5 });
      expect(more).toBe(false);
      return entries.map(({ id }) => id);
    };
    expect(await idsOf({ actions: ['E'] })).toEqual(newestFirst);
    const both = { patients: [recordId(0), recordId(1)] };
    expect(await idsOf({ ...both, actions: ['E'] })).toEqual(newestFirst);
    const names = { entityNames: ['Patient', 'Consent'], actions: ['E'] };
    expect(await idsOf(names)).toEqual(newestFirst);
    const short = await store.searchAudit({ ...both, actions: ['E'], limit: 4 });
    expect([short.entries.length, short.more]).toEqual([4, true]);
  });

  it('rejects an instant that is none, in an entry and in a query', async () => {
    const wrong = anAuditEntry(1, { recorded: 'yesterday' });
    await expect(store.appendAudit([wrong])).rejects.toThrow(TypeError);
    await expect(store.searchAudit({ from: 'yesterday', limit: 1 })).rejects.toThrow(TypeError);
  });
});

describe('A bounded cache', () => {
  it('returns what was put in, and drops what was used longest ago', () => {
    const cache = boundedCache<number>({ entriesMax: 2, bytesMax: 100 });
    cache.set('a', 1, 10);
    cache.set('b', 2, 10);
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3, 10);
    expect(cache.get('b')).toBeUndefined();
    expect(cache.get('a')).toBe(1);
    expect(cache.get('c')).toBe(3);
  });

  it('holds no more bytes than it may, and nothing that is larger alone', () => {
    const cache = boundedCache<number>({ entriesMax: 10, bytesMax: 100 });
    cache.set('a', 1, 60);
    cache.set('b', 2, 101);
    expect(cache.get('b')).toBeUndefined();
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3, 60);
    expect(cache.get('a')).toBeUndefined();
    expect(cache.get('c')).toBe(3);
  });

  it('counts what is put in twice once', () => {
    const cache = boundedCache<number>({ entriesMax: 10, bytesMax: 100 });
    cache.set('a', 1, 60);
    cache.set('a', 1, 60);
    cache.set('b', 2, 40);
    expect(cache.get('a')).toBe(1);
    expect(cache.get('b')).toBe(2);
  });

  it('replaces what it holds, and nothing else', () => {
    const cache = boundedCache<number>({ entriesMax: 10, bytesMax: 100 });
    cache.set('a', 1, 60);
    cache.replace('a', 2, 60);
    cache.replace('x', 3, 10);
    expect(['a', 'x'].map(cache.get)).toEqual([2, undefined]);
    cache.set('c', 3, 40);
    expect(cache.get('a')).toBe(2);
  });

  it('takes in only what comes for the second time, before many others', () => {
    const cache = keptFromSecondUse(boundedCache<number>({ entriesMax: 10, bytesMax: 100 }), 4);
    cache.set('a', 1, 10);
    expect(cache.get('a')).toBeUndefined();
    cache.set('a', 1, 10);
    expect(cache.get('a')).toBe(1);
    for (const key of ['b', 'c', 'd', 'e', 'f', 'g', 'b']) cache.set(key, 2, 10);
    expect(cache.get('b')).toBeUndefined();
    expect(cache.get('a')).toBe(1);
  });
});
