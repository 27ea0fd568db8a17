import { describe, expect, it } from 'vitest';
import { personOf } from '../../../src/domain/access/caller.ts';
import { callerFromClaims } from '../../../src/domain/access/caller-from-claims.ts';
import { ACT_REASON, ODS_CODE, ROLE } from '../../../src/domain/fhir/systems.ts';

const role = (code: string, system: string = ROLE) => ({ system, code });
const purpose = (code: string, system: string = ACT_REASON) => ({ system, code });

const IUA = {
  subject_name: 'Dr A Khan',
  subject_organization: 'Leeds Urgent Care',
  subject_organization_id: `${ODS_CODE}|RX1`,
  subject_role: [role('clinician')],
  purpose_of_use: [purpose('TREAT')],
};

function claims(iua: object = {}, top: object = {}) {
  return {
    iss: 'https://issuer.test',
    sub: 'user-1',
    exp: 2_000_000_000,
    jti: 'token-1',
    client_id: 'client-1',
    scope: 'user/*.rs',
    extensions: { ihe_iua: { ...IUA, ...iua } },
    ...top,
  };
}

function patientClaims(top: object = {}, iua: object = {}) {
  return claims(
    { subject_role: [role('patient')], subject_organization_id: undefined, ...iua },
    {
      scope: 'patient/*.rs',
      nhs_number: '9000000009',
      identity_proofing_level: 'P9',
      ...top,
    },
  );
}

function caller(input: ReturnType<typeof claims>) {
  const result = callerFromClaims(input);
  if (!result.ok) throw new Error(result.problem.issues[0].diagnostics);
  return result.value;
}

function refusal(input: ReturnType<typeof claims>) {
  const result = callerFromClaims(input);
  return result.ok ? null : result.problem.kind;
}

describe('callerFromClaims', () => {
  it('reads who, for whom, why and with which scopes', () => {
    expect(caller(claims())).toEqual({
      issuer: 'https://issuer.test',
      subject: 'user-1',
      name: 'Dr A Khan',
      role: 'clinician',
      organization: 'RX1',
      organizationName: 'Leeds Urgent Care',
      purpose: 'TREAT',
      scopes: [{ level: 'user', type: '*', permissions: 'rs' }],
      client: 'client-1',
      tokenId: 'token-1',
      launchPatient: null,
      nhsNumber: null,
      expiresAt: 2_000_000_000,
    });
    expect(personOf(caller(claims()))).toBe('https://issuer.test|user-1');
  });

  it('leaves null what a token need not say', () => {
    const bare = claims(
      { subject_name: undefined, subject_organization: 7, purpose_of_use: undefined },
      { jti: undefined, client_id: '', scope: undefined },
    );
    const { name, organizationName, purpose, client, tokenId, scopes } = caller(bare);
    const expected = [null, null, null, null, null, []];
    expect([name, organizationName, purpose, client, tokenId, scopes]).toEqual(expected);
  });

  it('reads scopes from a list too, and grants nothing for what is no text', () => {
    expect(caller(claims({}, { scope: ['user/Patient.r', 7] })).scopes).toHaveLength(1);
    expect(caller(claims({}, { scope: { a: 1 } })).scopes).toEqual([]);
  });

  it('drops scopes of a level that does not count for the role', () => {
    const scope = 'system/*.cruds user/*.rs patient/*.rs';
    expect(caller(claims({}, { scope })).scopes.map(({ level }) => level)).toEqual(['user']);
  });

  it.each([
    ['no role', []],
    ['a missing claim', undefined],
    ['two roles', [role('clinician'), role('auditor')]],
    ['the same role twice', [role('clinician'), role('clinician')]],
    ['an unknown role', [role('superuser')]],
    ['a role in other letters', [role('Clinician')]],
    ['a role of another system', [role('clinician', 'http://snomed.info/sct')]],
    ['a role without code', [{ system: ROLE }]],
    ['an unreadable role beside a good one', [role('clinician'), 'auditor']],
    ['no list', role('clinician')],
  ])('refuses %s', (_case, subject_role) => {
    expect(refusal(claims({ subject_role }))).toBe('forbidden');
  });

  it('takes the one role of our system beside job titles of other systems', () => {
    const subject_role = [role('17561000', 'http://snomed.info/sct'), role('clinician')];
    expect(caller(claims({ subject_role })).role).toBe('clinician');
  });

  it.each([undefined, null, '', 'RX1', `${ODS_CODE}|`, `${ODS_CODE}|RX 1`, `${ODS_CODE}|RX1|RX2`])(
    'refuses the organisation %j',
    (subject_organization_id) => {
      expect(refusal(claims({ subject_organization_id }))).toBe('forbidden');
    },
  );

  it.each(['ABCDEFGHIJKL', 'rx1', '57435939053'])('keeps the organisation %s as sent', (code) => {
    const iua = { subject_organization_id: `${ODS_CODE}|${code}` };
    expect(caller(claims(iua)).organization).toBe(code);
    const longer = { subject_organization_id: `${ODS_CODE}|${code}ABCDEFGHIJKL` };
    expect(refusal(claims(longer))).toBe('forbidden');
  });

  it('refuses two purposes, and accepts one that is said twice', () => {
    const two = [purpose('TREAT'), purpose('ETREAT')];
    expect(refusal(claims({ purpose_of_use: two }))).toBe('forbidden');
    const same = [purpose('ETREAT'), purpose('ETREAT')];
    expect(caller(claims({ purpose_of_use: same })).purpose).toBe('ETREAT');
  });

  it('keeps a purpose that no rule knows, and passes over one of another system', () => {
    expect(caller(claims({ purpose_of_use: [purpose('HMARKT')] })).purpose).toBe('HMARKT');
    expect(caller(claims({ purpose_of_use: [purpose('TREAT', 'urn:x')] })).purpose).toBeNull();
  });

  it.each(['TREAT', purpose('TREAT'), ['TREAT'], [{ system: ACT_REASON }]])(
    'refuses the purpose %j, which is not a list of codings',
    (purpose_of_use) => {
      expect(refusal(claims({ purpose_of_use }))).toBe('forbidden');
    },
  );

  it('limits the token to the launch patient, whose scopes then count', () => {
    const limited = caller(claims({}, { patient: 'a1b2', scope: 'patient/*.rs' }));
    expect(limited.launchPatient).toBe('a1b2');
    expect(limited.scopes).toHaveLength(1);
  });

  it.each(['', 'Patient/1', 7, ['a'], {}, 'x'.repeat(65)])(
    'refuses the launch patient %j rather than lift the limit',
    (patient) => {
      expect(refusal(claims({}, { patient }))).toBe('forbidden');
    },
  );

  it('knows a patient by the proved NHS number', () => {
    const { role: found, nhsNumber, organization } = caller(patientClaims());
    expect([found, nhsNumber, organization]).toEqual(['patient', '9000000009', '']);
  });

  it.each([
    { nhs_number: undefined },
    { nhs_number: '9995000181' },
    { nhs_number: 9000000009 },
    { identity_proofing_level: undefined },
    { identity_proofing_level: 'P5' },
  ])('refuses a patient with %j', (top) => {
    expect(refusal(patientClaims(top))).toBe('forbidden');
  });

  it('does not let a patient act for an organisation', () => {
    const iua = { subject_organization_id: `${ODS_CODE}|A81001` };
    expect(caller(patientClaims({}, iua)).organization).toBe('');
  });

  it('passes over an NHS number in the token of another role', () => {
    const top = { nhs_number: '9000000009', identity_proofing_level: 'P9' };
    expect(caller(claims({}, top)).nhsNumber).toBeNull();
  });

  it.each([undefined, null, 'x', [], { ihe_iua: [] }, { ihe_iua: 'x' }])(
    'refuses extensions that are %j',
    (extensions) => {
      expect(refusal(claims({}, { extensions }))).toBe('forbidden');
    },
  );
});
