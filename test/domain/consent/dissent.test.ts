import { describe, expect, it } from 'vitest';
import { disclose } from '../../../src/domain/consent/disclose.ts';
import { markDissent } from '../../../src/domain/consent/rules/dissent.ts';
import type { CareRecord } from '../../../src/domain/record/care-record.ts';
import { CASE_NOW, CASE_RULES, recordOf, requesterOf } from './case-record.ts';

const DAY = 86_400_000;
const ENTRIES = {
  patient: 'Patient GP',
  allergy: 'AllergyIntolerance GP',
  other: 'Condition NURSES',
};
const OUT = 'scr-dissent deny GP';
const IN = 'scr-core-and-additional permit GP';

const instant = (moment: number) => new Date(moment).toISOString();

/** The record with these choices, committed at a moment. */
function next(current: CareRecord | null, moment: number, choices: readonly string[]): CareRecord {
  const fresh = recordOf({ entries: ENTRIES, choices });
  const made: CareRecord = {
    ...(current ?? fresh),
    entries: fresh.entries,
    committedAt: instant(moment),
  };
  return markDissent(current, made, moment);
}

/** The record after this organisation has submitted what it had, with these choices. */
function submitted(
  current: CareRecord | null,
  moment: number,
  by: readonly string[],
  choices: readonly string[],
): CareRecord {
  const made = recordOf({ entries: ENTRIES, choices });
  const source = { version: 1, timestamp: instant(moment), acceptedAt: instant(moment) };
  const sources = Object.fromEntries(by.map((each) => [each, source]));
  const record: CareRecord = {
    ...(current ?? made),
    entries: made.entries,
    sources: { ...current?.sources, ...sources },
    committedAt: instant(moment),
  };
  return markDissent(current, record, moment);
}

function seen(record: CareRecord, moment: number): number {
  const decision = disclose(record, requesterOf('clinician UCC TREAT launch'), CASE_RULES, moment);
  return decision.outcome === 'disclosed' ? (decision.view?.entries.length ?? 0) : -1;
}

const START = submitted(null, CASE_NOW, ['GP', 'NURSES'], []);
const OPTED_OUT = next(START, CASE_NOW + DAY, [`${OUT} 2026-03-03`]);
const CHOICES = [`${OUT} 2026-03-03`, `${IN} 2026-03-04`];
const OPTED_IN = next(OPTED_OUT, CASE_NOW + 2 * DAY, CHOICES);

describe('opting out and in again', () => {
  it('hides the record from the commit of the dissent on', () => {
    expect(seen(START, CASE_NOW)).toBe(3);
    expect(seen(OPTED_OUT, CASE_NOW + DAY)).toBe(0);
    expect(OPTED_OUT.dissentSeenAt).toBe(instant(CASE_NOW + DAY));
  });

  it('leaves masked what was held, until each organisation submits anew', () => {
    expect(seen(OPTED_IN, CASE_NOW + 2 * DAY)).toBe(0);
    const practice = submitted(OPTED_IN, CASE_NOW + 3 * DAY, ['GP'], CHOICES);
    expect(seen(practice, CASE_NOW + 3 * DAY)).toBe(2);
    const both = submitted(practice, CASE_NOW + 4 * DAY, ['NURSES'], CHOICES);
    expect(seen(both, CASE_NOW + 4 * DAY)).toBe(3);
  });

  it('does not mask the submission that opts in itself, and does mask all others', () => {
    const optingIn = submitted(OPTED_OUT, CASE_NOW + 2 * DAY, ['GP'], CHOICES);
    expect(seen(optingIn, CASE_NOW + 2 * DAY)).toBe(2);
  });

  it('keeps masked what was held even when all happens in one millisecond', () => {
    const out = next(START, CASE_NOW, [`${OUT} 2026-03-01`]);
    const back = next(out, CASE_NOW, [`${OUT} 2026-03-01`, `${IN} 2026-03-02`]);
    expect(seen(back, CASE_NOW)).toBe(0);
  });

  it('keeps masked what was held when the dissent is taken for an error', () => {
    const revoked = next(OPTED_OUT, CASE_NOW + 2 * DAY, [
      `${OUT} 2026-03-03 status=entered-in-error`,
    ]);
    expect(seen(revoked, CASE_NOW + 2 * DAY)).toBe(0);
    const again = submitted(revoked, CASE_NOW + 3 * DAY, ['GP'], []);
    expect(seen(again, CASE_NOW + 3 * DAY)).toBe(2);
  });
});

describe('a dissent that is recorded after a choice of a later date', () => {
  const optedIn = next(START, CASE_NOW + 3 * DAY, [`${IN} 2026-03-04`]);
  const known = [`${OUT} 2026-03-03`, `${IN} 2026-03-04`];

  it('is not in force, and masks what was held before it', () => {
    expect(seen(optedIn, CASE_NOW + 3 * DAY)).toBe(3);
    const late = next(optedIn, CASE_NOW + 4 * DAY, known);
    expect(seen(late, CASE_NOW + 4 * DAY)).toBe(0);
    const anew = submitted(late, CASE_NOW + 5 * DAY, ['GP', 'NURSES'], known);
    expect(seen(anew, CASE_NOW + 5 * DAY)).toBe(3);
  });

  it('masks nothing of what was submitted after the later choice', () => {
    const after = submitted(optedIn, CASE_NOW + 3 * DAY, ['GP', 'NURSES'], [`${IN} 2026-03-04`]);
    expect(seen(next(after, CASE_NOW + 4 * DAY, known), CASE_NOW + 4 * DAY)).toBe(3);
  });
});

describe('a dissent that begins and ends by its period', () => {
  const planned = `${OUT} 2026-03-02 from=2026-03-04 until=2026-03-05`;
  const record = next(START, CASE_NOW, [planned]);

  it('hides the record in its time, and leaves it masked after', () => {
    expect(record.dissentSeenAt).toBeNull();
    expect(seen(record, CASE_NOW)).toBe(3);
    expect(seen(record, CASE_NOW + 2 * DAY)).toBe(0);
    expect(seen(record, CASE_NOW + 9 * DAY)).toBe(0);
    const anew = submitted(record, CASE_NOW + 9 * DAY, ['GP', 'NURSES'], [planned]);
    expect(seen(anew, CASE_NOW + 9 * DAY)).toBe(3);
  });

  it('leaves it masked whatever becomes of the Consent afterwards', () => {
    const edited = next(record, CASE_NOW + 9 * DAY, [`${planned} status=inactive`]);
    expect(seen(edited, CASE_NOW + 9 * DAY)).toBe(0);
  });

  it('does not mask anew what came after it, when another choice changes', () => {
    const anew = submitted(record, CASE_NOW + 9 * DAY, ['GP', 'NURSES'], [planned]);
    const changed = next(anew, CASE_NOW + 10 * DAY, [planned, 'view permit GP 2026-03-10']);
    expect(seen(changed, CASE_NOW + 10 * DAY)).toBe(3);
  });
});

it('masks what was written alone before a dissent, and not what was written after it', () => {
  const source = { version: 1, timestamp: instant(CASE_NOW), acceptedAt: null };
  const written = (moment: number, withdrawn = false): CareRecord => ({
    ...START,
    sources: { GP: source, NURSES: source },
    entries: START.entries.map((each) => ({ ...each, lastUpdated: instant(moment), withdrawn })),
    dissentSeenAt: instant(CASE_NOW - DAY),
  });
  expect(seen({ ...written(CASE_NOW - 2 * DAY), dissentSeenAt: null }, CASE_NOW)).toBe(3);
  expect(seen(written(CASE_NOW - 2 * DAY), CASE_NOW)).toBe(0);
  expect(seen(written(CASE_NOW - DAY), CASE_NOW)).toBe(0);
  expect(seen(written(CASE_NOW - DAY + 1), CASE_NOW)).toBe(3);
  const who = requesterOf('clinician UCC TREAT launch');
  const gone = disclose(written(CASE_NOW, true), who, CASE_RULES, CASE_NOW);
  expect(gone.outcome === 'disclosed' ? gone.view : undefined).toBeNull();
});

it('never takes back the moment at which a dissent was last seen', () => {
  const later = { ...OPTED_OUT, dissentSeenAt: instant(CASE_NOW + 5 * DAY) };
  expect(next(later, CASE_NOW + 2 * DAY, CHOICES).dissentSeenAt).toBe(later.dissentSeenAt);
  expect(next(START, CASE_NOW + DAY, []).dissentSeenAt).toBeNull();
});
