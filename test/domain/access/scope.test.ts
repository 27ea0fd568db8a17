import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allows, allowsAll, parseScopes } from '../../../src/domain/access/scope.ts';
import { levelsFor, scopesInForce } from '../../../src/domain/access/scope-level.ts';

describe('parseScopes', () => {
  it.each([
    ['system/AllergyIntolerance.rs', 'system', 'AllergyIntolerance', 'rs'],
    ['user/*.cruds', 'user', '*', 'cruds'],
    ['patient/*.r', 'patient', '*', 'r'],
    ['user/Patient.read', 'user', 'Patient', 'rs'],
    ['user/Consent.write', 'user', 'Consent', 'cud'],
    ['patient/*.*', 'patient', '*', 'cruds'],
  ])('reads %s', (text, level, type, permissions) => {
    expect(parseScopes(text)).toEqual([{ level, type, permissions }]);
  });

  it.each([
    '',
    'openid',
    'launch/patient',
    'user/Patient',
    'user/Patient.',
    'user/Patient.sr',
    'user/Patient.rr',
    'user/Patient.x',
    'user/patient.r',
    'user/.r',
    'User/Patient.r',
    'access/Patient.r',
    'user/Patient.r?_id=1',
    'user/Observation.rs?category=laboratory',
    'user%2fPatient.r',
    'user/Patient.r/x',
    ' \n',
  ])('grants nothing for %j', (text) => {
    expect(parseScopes(text)).toEqual([]);
    expect(parseScopes([text])).toEqual([]);
  });

  it('keeps the good scopes beside bad ones, from a text or from a list', () => {
    const expected = [
      { level: 'user', type: 'Patient', permissions: 'r' },
      { level: 'user', type: 'Consent', permissions: 'c' },
    ];
    expect(parseScopes('user/Patient.r  nonsense\tuser/Consent.c')).toEqual(expected);
    expect(parseScopes(['user/Patient.r', 'nonsense', 'user/Consent.c'])).toEqual(expected);
  });

  it('never throws, and never grants a letter outside cruds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const scope of parseScopes(`user/Patient.${text}`)) {
          expect(scope.permissions).toMatch(/^c?r?u?d?s?$/);
        }
      }),
    );
  });
});

describe('allows', () => {
  const scopes = parseScopes('user/Patient.rs user/Consent.c');

  it('grants the permission on the type that a scope names, and no other', () => {
    expect(allows(scopes, 'Patient', 'r')).toBe(true);
    expect(allows(scopes, 'Patient', 'c')).toBe(false);
    expect(allows(scopes, 'Consent', 'c')).toBe(true);
    expect(allows(scopes, 'Consent', 'r')).toBe(false);
    expect(allows(scopes, 'AuditEvent', 'r')).toBe(false);
  });

  it('grants every type for *, but does not take one type for all', () => {
    expect(allows(parseScopes('user/*.r'), 'Condition', 'r')).toBe(true);
    expect(allows(scopes, '*', 'r')).toBe(false);
  });

  it('asks for each permission on each type', () => {
    const submitting = parseScopes('system/Patient.cu system/Condition.c');
    expect(allowsAll(submitting, ['Patient'], ['c', 'u'])).toBe(true);
    expect(allowsAll(submitting, ['Patient', 'Condition'], ['c', 'u'])).toBe(false);
    expect(allowsAll(submitting, new Set(['Patient', 'Condition']), ['c'])).toBe(true);
  });
});

describe('scopesInForce', () => {
  const scopes = parseScopes('system/*.r user/*.r patient/*.r');

  it.each([
    ['gp-system', null, ['system']],
    ['care-system', 'abc', ['system']],
    ['extractor', null, ['system']],
    ['clinician', null, ['user']],
    ['clinician', 'abc', ['user', 'patient']],
    ['auditor', null, ['user']],
    ['patient', null, ['patient', 'user']],
  ] as const)('for %s with launch patient %s counts %j', (role, launchPatient, levels) => {
    const holder = { role, launchPatient };
    expect(levelsFor(holder)).toEqual(levels);
    expect(
      scopesInForce(holder, scopes)
        .map(({ level }) => level)
        .sort(),
    ).toEqual([...levels].sort());
  });
});
