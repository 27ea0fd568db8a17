import { describe, expect, it } from 'vitest';
import { standingOf } from '../../../src/domain/gp/standing.ts';
import { CLOCK_AHEAD_MS_MAX } from '../../../src/domain/limits.ts';
import type { CareRecord } from '../../../src/domain/record/care-record.ts';
import { aBundle, aPatient } from '../../support/bundles.ts';
import { aRecord } from '../../support/records.ts';
import { NOW, submission } from './making.ts';

const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();

function standing(
  current: CareRecord | null,
  by: string,
  practice: string,
  timestamp: string | null = null,
  isPractice = true,
) {
  const bundle = aBundle([aPatient('9990000018', practice)], timestamp ? { timestamp } : {});
  const result = standingOf(current, submission(bundle), { organization: by, isPractice }, NOW);
  return result.ok ? result.value : result.problem.kind;
}

function source(timestamp: string) {
  return { version: 1, timestamp, acceptedAt: at(0) };
}

const HERE = aRecord({
  practice: 'A81001',
  registeredAt: at(-100),
  sources: { A81001: source(at(-50)) },
});
const MOVED = aRecord({
  practice: 'B82002',
  registeredAt: at(-100),
  formerPractices: ['A81001'],
  sources: { A81001: source(at(-200)), B82002: source(at(-100)) },
});

describe('registering', () => {
  it('is for a practice’s system that names its own organisation', () => {
    expect(standing(null, 'A81001', 'A81001')).toEqual({
      registers: true,
      leaves: null,
      timestamp: at(0),
    });
    expect(standing(null, 'A81001', 'B82002')).toMatchObject({ registers: false, leaves: null });
    expect(standing(null, 'A81001', 'A81001', null, false)).toMatchObject({ registers: false });
  });

  it('goes on without anybody being left', () => {
    expect(standing(HERE, 'A81001', 'A81001')).toMatchObject({ registers: true, leaves: null });
    expect(standing(aRecord({ practice: null }), 'A81001', 'A81001')).toMatchObject({
      registers: true,
      leaves: null,
    });
  });

  it('with another practice leaves the former one', () => {
    expect(standing(HERE, 'B82002', 'B82002', at(-99))).toEqual({
      registers: true,
      leaves: 'A81001',
      timestamp: at(-99),
    });
    expect(standing(HERE, 'B82002', 'B82002', at(-100))).toMatchObject({ leaves: 'A81001' });
    expect(standing(HERE, 'B82002', 'B82002', at(-101))).toBe('conflict');
    expect(standing(HERE, 'B82002', 'B82002')).toMatchObject({ leaves: 'A81001' });
  });
});

describe('a practice that the patient has left', () => {
  it('can no longer write, for another practice’s patient least of all', () => {
    expect(standing(MOVED, 'A81001', 'A81001')).toBe('forbidden');
    expect(standing(MOVED, 'A81001', 'B82002')).toBe('forbidden');
    expect(standing(MOVED, 'A81001', 'B82002', at(-1))).toBe('forbidden');
    expect(standing(MOVED, 'A81001', 'B82002', null, false)).toBe('forbidden');
    expect(standing(MOVED, 'C83003', 'B82002')).toMatchObject({ registers: false });
  });

  it('gets the patient back by a newer timestamp, and by none that is older', () => {
    expect(standing(MOVED, 'A81001', 'A81001', at(-99))).toMatchObject({
      registers: true,
      leaves: 'B82002',
    });
    expect(standing(MOVED, 'A81001', 'A81001', at(-101))).toBe('conflict');
  });
});

describe('the timestamp', () => {
  it('older than the last accepted one of the same organisation is a conflict', () => {
    expect(standing(HERE, 'A81001', 'A81001', at(-51))).toBe('conflict');
    expect(standing(HERE, 'A81001', 'A81001', at(-50))).toMatchObject({ timestamp: at(-50) });
    expect(standing(HERE, 'RY601', 'A81001', at(-5000), false)).toMatchObject({
      timestamp: at(-5000),
    });
  });

  it('may be ahead of the clock by five minutes and no more', () => {
    const limit = CLOCK_AHEAD_MS_MAX / 1000;
    expect(limit).toBe(300);
    expect(standing(HERE, 'A81001', 'A81001', at(limit))).toMatchObject({ timestamp: at(limit) });
    expect(standing(HERE, 'A81001', 'A81001', at(limit + 0.001))).toBe('invalid');
  });

  it('is the server’s own where there is none, and is then never overtaken', () => {
    const ahead = aRecord({ practice: 'A81001', sources: { A81001: source(at(200)) } });
    expect(standing(ahead, 'A81001', 'A81001')).toMatchObject({ registers: true });
    expect(standing(ahead, 'A81001', 'A81001', at(0))).toBe('conflict');
  });

  it('of an accepted one is not forgotten because one without a timestamp came after it', () => {
    const ahead = aRecord({ practice: 'A81001', sources: { A81001: source(at(200)) } });
    expect(standing(ahead, 'A81001', 'A81001')).toMatchObject({ timestamp: at(200) });
    expect(standing(HERE, 'A81001', 'A81001')).toMatchObject({ timestamp: at(0) });
  });
});
