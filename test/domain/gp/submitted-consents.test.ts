import { describe, expect, it } from 'vitest';
import { aBundle, aConsent, anAllergy, aPatient, organization } from '../../support/bundles.ts';
import { attempt, entryOf, NOW, taken } from './making.ts';

const HOUR = 3_600_000;
const CARE = { by: 'RY601', role: 'care-system' } as const;

const bundle = (...resources: readonly object[]) =>
  aBundle([aPatient('9990000018', 'A81001'), ...resources]);
const consent = (policy: string, type: 'permit' | 'deny', owner = 'A81001', more: object = {}) =>
  aConsent('p1', policy, type, owner, { id: `c-${policy}`, ...more });

describe('Consents', () => {
  it('are kept when a later submission does not bring them', () => {
    const first = taken(null, bundle(consent('view', 'deny')));
    const next = taken(first.record, bundle(), { at: NOW + HOUR });
    expect(next.answer).toMatchObject({ withdrawn: 0, unchanged: 1 });
    expect(entryOf(next.record, 'Consent')).toMatchObject({
      withdrawn: false,
      choice: { policy: 'view', permits: false, organization: 'A81001' },
    });
  });

  it('are updated by the same one again', () => {
    const first = taken(null, bundle(consent('view', 'deny')));
    const next = taken(first.record, bundle(consent('view', 'permit')), { at: NOW + HOUR });
    expect(next.answer).toMatchObject({ updated: 1, unchanged: 1 });
    expect(entryOf(next.record, 'Consent').choice?.permits).toBe(true);
  });

  it('name entries of the same Bundle, and nothing else', () => {
    const naming = (reference: string) =>
      consent('private-entry', 'deny', 'A81001', {
        provision: { type: 'deny', data: [{ meaning: 'instance', reference: { reference } }] },
      });
    const { record } = taken(null, bundle(anAllergy('1'), naming('AllergyIntolerance/ai-1')));
    const named = entryOf(record, 'AllergyIntolerance').id;
    expect(entryOf(record, 'Consent').choice?.names).toEqual([named]);
    expect(attempt(null, bundle(anAllergy('1'), naming('AllergyIntolerance/x')))).toMatchObject({
      problem: {
        kind: 'invalid',
        issues: [
          {
            expression:
              "Parameters.parameter.where(name='record').resource.entry[2].resource" +
              '.provision.data[0].reference',
          },
        ],
      },
    });
  });

  it('carry their organisation’s code, itself or by an Organization of the Bundle', () => {
    const surgery = {
      resourceType: 'Organization',
      id: 'o1',
      identifier: [organization('A81001')].map(
        (each) => (each as { identifier: object }).identifier,
      ),
    };
    const by = (reference: string) =>
      consent('view', 'deny', 'A81001', { organization: [{ reference }] });
    const { record } = taken(null, bundle(surgery, by('Organization/o1')));
    expect(entryOf(record, 'Consent').choice?.organization).toBe('A81001');
    expect(attempt(null, bundle(surgery, by('Organization/o2')))).toMatchObject({
      problem: { kind: 'invalid' },
    });
  });

  it.each(['scr-core', 'view', 'secondary-use'])(
    'with the policy %s come from the registered practice alone',
    (policy) => {
      const sent = (owner: string) => bundle(consent(policy, 'permit', owner));
      expect(attempt(null, sent('A81001')).ok).toBe(true);
      for (const sending of [CARE, { by: 'RY601' }]) {
        expect(attempt(null, sent('RY601'), sending)).toMatchObject({
          problem: { kind: 'forbidden' },
        });
      }
      expect(attempt(null, sent('B82002'))).toMatchObject({ problem: { kind: 'forbidden' } });
    },
  );

  it('about sharing come from the organisation that they are about', () => {
    const sent = (owner: string) => bundle(consent('sharing-out', 'deny', owner));
    expect(attempt(null, sent('RY601'), CARE).ok).toBe(true);
    expect(attempt(null, sent('A81001'), CARE)).toMatchObject({ problem: { kind: 'forbidden' } });
    expect(attempt(null, sent('RY601'))).toMatchObject({ problem: { kind: 'forbidden' } });
  });

  it('of another service cannot make the practice’s Patient private', () => {
    const naming = (owner: string) =>
      consent('private-entry', 'deny', owner, {
        provision: {
          type: 'deny',
          data: [{ meaning: 'instance', reference: { reference: 'Patient/p1' } }],
        },
      });
    const { record } = taken(null, bundle());
    expect(attempt(record, bundle(naming('RY601')), CARE)).toMatchObject({
      problem: { kind: 'forbidden' },
    });
    expect(attempt(record, bundle(naming('A81001'))).ok).toBe(true);
  });
});
