import { expect, it } from 'vitest';
import { aBundle, aPatient, ODS, organization } from '../../support/bundles.ts';
import { submission } from './making.ts';

const SURGERY = {
  resourceType: 'Organization',
  id: 'o1',
  identifier: [{ system: ODS, value: 'A81001' }],
};

function practiceOf(more: object, ...others: readonly object[]): string | null {
  return submission(aBundle([aPatient('9990000018', null, more), ...others])).practice;
}

it('is the generalPractitioner, else the managingOrganization, else nobody', () => {
  const general = [organization('A81001')];
  expect(practiceOf({ generalPractitioner: general })).toBe('A81001');
  expect(practiceOf({ managingOrganization: organization('B82002') })).toBe('B82002');
  expect(
    practiceOf({ generalPractitioner: general, managingOrganization: organization('B82002') }),
  ).toBe('A81001');
  expect(practiceOf({})).toBeNull();
});

it('is found by a literal reference to an Organization of the Bundle with an ODS code', () => {
  const by = (reference: string) => ({ generalPractitioner: [{ reference }] });
  expect(practiceOf(by('Organization/o1'), SURGERY)).toBe('A81001');
  expect(practiceOf(by('Organization/o1/_history/4'), SURGERY)).toBe('A81001');
  expect(practiceOf(by('Organization/o2'), SURGERY)).toBeNull();
  expect(
    practiceOf(by('Organization/o1'), { ...SURGERY, identifier: undefined, name: 'A surgery' }),
  ).toBeNull();
});

it('passes over a generalPractitioner that is a person, or has another system’s code', () => {
  const doctor = {
    resourceType: 'Practitioner',
    id: 'd1',
    identifier: [{ system: ODS, value: 'X' }],
  };
  const named = (...generalPractitioner: readonly object[]) =>
    practiceOf({ generalPractitioner, managingOrganization: organization('B82002') }, doctor);
  expect(named({ reference: 'Practitioner/d1' })).toBe('B82002');
  expect(named({ identifier: { system: 'urn:other', value: 'A81001' } })).toBe('B82002');
  expect(named({ display: 'Dr A' }, organization('A81001'))).toBe('A81001');
});
