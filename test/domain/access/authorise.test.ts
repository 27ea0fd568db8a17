import { describe, expect, it } from 'vitest';
import { type Attempt, authorise } from '../../../src/domain/access/authorise.ts';
import { ROLES, type Role } from '../../../src/domain/access/caller.ts';
import { INTERACTION_NAMES, ROLE_TABLE } from '../../../src/domain/access/role-table.ts';
import { parseScopes } from '../../../src/domain/access/scope.ts';
import { RECORD_TYPES } from '../../../src/domain/fhir/resource-types.ts';
import { callerOfRole, callers } from '../../support/tokens.ts';

const SEARCHED = RECORD_TYPES;
const CLINICAL_READING = [
  ...['read', 'vread', 'history-instance', 'history-type', 'meta', 'validate'].flatMap(
    (interaction) => RECORD_TYPES.map((type) => `${interaction} ${type}`),
  ),
  'history-system System',
  'everything Patient',
  'summary Patient',
  ...SEARCHED.map((type) => `search-type ${type}`),
];
const EDITING = ['create', 'update', 'patch', 'delete'];
const CHOOSING = EDITING.map((interaction) => `${interaction} Consent`);
const RECORDED = RECORD_TYPES.filter((type) => type !== 'Consent');
const RECORDING = [
  ...EDITING.flatMap((interaction) => RECORDED.map((type) => `${interaction} ${type}`)),
  'submit-record System',
  'transaction System',
].filter((each) => each !== 'delete Patient');
const BATCHING = 'batch System';
const REVIEWING = ['read AuditEvent', 'search-type AuditEvent'];
const EXPLAINING = ['explain-access System'];

/** The contract's table of roles, spelt out apart from the code's own. */
const MAY: Readonly<Record<Role, readonly string[]>> = {
  'gp-system': [...CLINICAL_READING, ...RECORDING, BATCHING],
  'care-system': [...CLINICAL_READING, ...RECORDING, BATCHING],
  'practice-staff': [...CLINICAL_READING, ...CHOOSING, ...EXPLAINING, BATCHING],
  clinician: [...CLINICAL_READING, ...CHOOSING, 'claim-relationship System', BATCHING],
  'privacy-officer': [...REVIEWING, 'resolve-alert AuditEvent', BATCHING],
  auditor: [...REVIEWING, ...EXPLAINING, BATCHING],
  patient: [...CLINICAL_READING, ...CHOOSING, ...REVIEWING, BATCHING],
  extractor: [BATCHING],
};

const ATTEMPTS: readonly Attempt[] = [...INTERACTION_NAMES, 'history'].flatMap((interaction) =>
  [...RECORD_TYPES, 'AuditEvent', 'System', 'Basic'].map((type) => ({ interaction, type })),
);

const everyScope = parseScopes('system/*.cruds user/*.cruds patient/*.cruds');

describe('authorise by role', () => {
  it.each(ROLES)('lets %s do what the contract lists, and nothing else', (role) => {
    const caller = callerOfRole[role]({ scopes: everyScope });
    const allowed = ATTEMPTS.filter((attempt) => authorise(caller, attempt) === null);
    const names = allowed.map(({ interaction, type }) => `${interaction} ${type}`);
    expect(names.sort()).toEqual([...MAY[role]].sort());
  });

  it.each(ROLES)('lets %s do the same with the scopes that its tokens get by default', (role) => {
    const caller = callerOfRole[role]();
    const allowed = ATTEMPTS.filter((attempt) => authorise(caller, attempt) === null);
    const names = allowed.map(({ interaction, type }) => `${interaction} ${type}`);
    expect(names.sort()).toEqual([...MAY[role]].sort());
  });

  it('says which role it was and which roles may', () => {
    const attempt = { interaction: 'create', type: 'Consent' };
    const refusal = authorise(callers.gpSystem({ scopes: everyScope }), attempt);
    expect(refusal?.kind).toBe('forbidden');
    expect(refusal?.issues[0].diagnostics).toBe(
      'The role gp-system may not create Consent. ' +
        'Roles that may: practice-staff, clinician, patient.',
    );
  });

  it('denies an interaction that the table does not know, by any name', () => {
    const attempt = { interaction: 'constructor', type: 'Patient' };
    expect(authorise(callers.clinician({ scopes: everyScope }), attempt)?.kind).toBe('forbidden');
  });

  it('has one row at most for an interaction on a type, so that no row hides another', () => {
    const keys = ROLE_TABLE.flatMap((row) => row.types.map((type) => `${row.interaction} ${type}`));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('authorise by scope', () => {
  const read = { interaction: 'read', type: 'MedicationStatement' };
  const search = { interaction: 'search-type', type: 'MedicationStatement' };
  const create = { interaction: 'create', type: 'Consent' };
  const update = { interaction: 'update', type: 'Consent' };
  const claim = { interaction: 'claim-relationship', type: 'System' };

  it.each([
    ['user/MedicationStatement.r', [read, claim]],
    ['user/MedicationStatement.s', [search]],
    ['user/MedicationStatement.read', [read, search, claim]],
    ['user/MedicationStatement.rs?status=active', []],
    ['user/Consent.c', [create]],
    ['user/Consent.u', [update]],
    ['user/Consent.write', [create, update]],
    ['user/Patient.r', []],
    ['user/Condition.r', [claim]],
    ['user/*.cruds', [read, search, create, update, claim]],
    ['system/*.cruds', []],
    ['patient/*.cruds', []],
    ['', []],
  ])('with %j a clinician may do just what its letters say', (text, expected) => {
    const caller = callers.clinician({ scopes: parseScopes(text) });
    const attempts = [read, search, create, update, claim];
    expect(attempts.filter((attempt) => authorise(caller, attempt) === null)).toEqual(expected);
  });

  it('counts patient scopes for a clinician only when the token is limited to a patient', () => {
    const scopes = parseScopes('patient/MedicationStatement.r');
    expect(authorise(callers.clinician({ scopes }), read)?.kind).toBe('forbidden');
    expect(authorise(callers.clinician({ scopes, launchPatient: 'abc' }), read)).toBeNull();
    expect(authorise(callers.patient({ scopes }), read)).toBeNull();
  });

  it.each([
    ['system/*.cu', true],
    ['system/AllergyIntolerance.cu', true],
    ['system/*.c system/Patient.u', true],
    ['system/Patient.c system/AllergyIntolerance.u', false],
    ['system/AuditEvent.cu', false],
    ['system/*.c', false],
    ['system/*.rs', false],
    ['user/*.cruds', false],
  ])('with %j a system may submit: %s', (text, isAllowed) => {
    const caller = callers.gpSystem({ scopes: parseScopes(text) });
    const refusal = authorise(caller, { interaction: 'submit-record', type: 'System' });
    expect(refusal === null).toBe(isAllowed);
  });

  it('says which scope is missing, at each level that counts', () => {
    const none = { scopes: [] };
    expect(authorise(callers.clinician(none), search)?.issues[0].diagnostics).toBe(
      'The scopes of the token do not allow the role clinician to search MedicationStatement. ' +
        'It needs user/MedicationStatement.s, or a scope that includes it.',
    );
    const submit = { interaction: 'submit-record', type: 'System' };
    const refusal = authorise(callers.careSystem(none), submit)?.issues[0].diagnostics;
    expect(refusal).toContain('call $submit-record');
    expect(refusal).toContain('system/*.cu');
  });
});
