import { describe, expect, it } from 'vitest';
import { aBundle, aConsent, anAllergy, aPatient, aStatement } from '../../support/bundles.ts';
import { attempt, entryOf, NOW, taken } from './making.ts';

const HOUR = 3_600_000;
const CARE = { by: 'RY601', role: 'care-system' } as const;

const sent = (practice: string, resources: readonly object[], more: object = {}) =>
  aBundle([aPatient('9990000018', practice), ...resources], more);
const bundle = (...resources: readonly object[]) => sent('A81001', resources);
const stamped = (at: number, practice: string, ...resources: readonly object[]) =>
  sent(practice, resources, { timestamp: new Date(at).toISOString() });
const consent = (policy: string, type: 'permit' | 'deny') =>
  aConsent('p1', policy, type, 'A81001', { id: `c-${policy}` });

describe('a patient who moves', () => {
  const first = taken(null, stamped(NOW, 'A81001', aStatement('1'), consent('scr-core', 'permit')));
  const nurses = taken(first.record, bundle(anAllergy('9')), CARE);
  const later = { by: 'B82002', at: NOW + HOUR };
  const moved = taken(nurses.record, stamped(NOW + HOUR, 'B82002', aStatement('5')), later);

  it('leaves the former practice’s entries withdrawn, and others as they are', () => {
    expect(moved.leftPractice).toBe('A81001');
    expect(moved.answer).toMatchObject({ created: 1, updated: 1, withdrawn: 1 });
    expect(entryOf(moved.record, 'MedicationStatement', 'A81001').withdrawn).toBe(true);
    expect(entryOf(moved.record, 'AllergyIntolerance', 'RY601').withdrawn).toBe(false);
    expect(moved.record).toMatchObject({
      practice: 'B82002',
      formerPractices: ['A81001'],
      registeredAt: new Date(NOW + HOUR).toISOString(),
    });
    expect(entryOf(moved.record, 'Patient').recordedBy).toBe('B82002');
  });

  it('takes their choices along', () => {
    expect(entryOf(moved.record, 'Consent')).toMatchObject({
      withdrawn: false,
      recordedBy: 'A81001',
    });
  });

  it('is no longer the former practice’s to write', () => {
    const at = NOW + 2 * HOUR;
    const late = attempt(moved.record, bundle(aStatement('1')), { at });
    expect(late).toMatchObject({ problem: { kind: 'forbidden' } });
    const overtaken = attempt(moved.record, stamped(NOW + HOUR - 1, 'A81001'), { at });
    expect(overtaken).toMatchObject({ problem: { kind: 'conflict' } });
    expect(attempt(moved.record, stamped(NOW, 'B82002'), { by: 'B82002', at })).toMatchObject({
      problem: { kind: 'conflict' },
    });
  });

  it('returns by a newer submission, to the entries of then under their ids', () => {
    const at = NOW + 2 * HOUR;
    const back = taken(moved.record, stamped(at, 'A81001', aStatement('1')), { at });
    expect(back.leftPractice).toBe('B82002');
    expect(back.record).toMatchObject({ practice: 'A81001', formerPractices: ['B82002'] });
    expect(entryOf(back.record, 'MedicationStatement', 'A81001')).toMatchObject({
      id: entryOf(first.record, 'MedicationStatement').id,
      withdrawn: false,
    });
    expect(entryOf(back.record, 'MedicationStatement', 'B82002').withdrawn).toBe(true);
    expect(back.answer).toMatchObject({ created: 1, updated: 1, withdrawn: 1, version: 2 });
  });
});
