import { expect, it } from 'vitest';
import type { AuditEntry } from '../../../src/domain/audit/entry.ts';
import { inPatientsWords } from '../../../src/domain/audit/patients-words.ts';
import { aClaim, anAgent, anAuditEntry } from '../../support/records.ts';

const HIMSELF = 'https://issuer.example|himself';
const KHAN = 'Dr A Khan (clinician, Leeds Urgent Care)';

function words(changes: Partial<AuditEntry> = {}): string {
  return inPatientsWords(anAuditEntry(1, { entityNames: [], ...changes }), HIMSELF);
}

it.each([
  [[], 'your record'],
  [['Organization'], 'your record'],
  [['Patient'], 'your name and contact details'],
  [['MedicationStatement', 'MedicationRequest'], 'your medicines'],
  [['Condition', 'Procedure'], 'your health problems and your operations and treatments'],
  [
    ['Immunization', 'Observation', 'AuditEvent'],
    'your vaccinations, your test results and measurements and the list of who used your record',
  ],
])('names what was looked at by its types: %j', (entityNames, things) => {
  expect(words({ entityNames })).toBe(
    `${KHAN} looked at ${things} on 2 March 2026 at 12:00 because they said you agreed.`,
  );
});

it.each([
  ['TREAT', ' because they said you agreed.'],
  ['ETREAT', ' because they said it was an emergency and you could not be asked.'],
  ['BTG', ' because they said it was an emergency and you could not be asked.'],
  ['HLEGAL', ' because they said the law allows it or asks for it.'],
  ['constructor', '12:00.'],
  [null, '12:00.'],
])('gives the reason that was stated: %s', (purpose, end) => {
  expect(words({ agent: anAgent({ purpose }) }).endsWith(end)).toBe(true);
});

it('does not give reasons for those who need none', () => {
  const agent = anAgent({ role: 'practice-staff', purpose: 'TREAT' });
  expect(words({ agent })).not.toContain('because');
});

it.each([
  [anAgent(), KHAN],
  [anAgent({ name: null, organizationName: null }), 'Somebody (clinician, RX1)'],
  [anAgent({ role: 'auditor', name: 'A B' }), 'A B (auditor, Leeds Urgent Care)'],
  [anAgent({ role: 'care-system' }), 'The computer system of Leeds Urgent Care'],
  [anAgent({ role: 'gp-system', organizationName: ' ' }), 'The computer system of RX1'],
  [
    anAgent({ role: 'extractor', organizationName: null, organization: '' }),
    'The computer system of a service',
  ],
  [anAgent({ role: 'patient', subject: 'himself' }), 'You'],
  [anAgent({ role: 'patient', subject: 'another' }), 'Somebody who signed in as a patient'],
  [null, 'Somebody'],
])('says who it was', (agent, who) => {
  expect(words({ agent }).startsWith(`${who} looked at`)).toBe(true);
});

it.each([
  ['create', ['Consent'], 'recorded your choices about sharing'],
  ['update', ['Consent'], 'changed your choices about sharing'],
  ['patch', ['AllergyIntolerance'], 'changed your allergies and bad reactions'],
  ['delete', ['Condition'], 'removed your health problems'],
  ['submit-record', ['Patient'], 'sent an update of your record'],
  ['transaction', ['Condition'], 'sent an update of your record'],
  ['resolve-alert', ['AuditEvent'], 'looked into an alert about your record'],
  ['explain-access', [], 'checked who could see your record'],
  ['everything', [], 'looked at your record'],
])('says what %s is', (interaction, entityNames, deed) => {
  expect(words({ interaction, entityNames })).toContain(` ${deed} on 2 March 2026`);
});

it('tells a claim by its reason, and that somebody was told of it', () => {
  const alert = { organization: 'RX1', kind: 'self-claim' } as const;
  const claim = aClaim({ reason: 'emergency' });
  expect(words({ interaction: 'claim-relationship', claim, alert })).toBe(
    `${KHAN} said that they are involved in your care on 2 March 2026 at 12:00 ` +
      'because it is an emergency. The privacy officer of their organisation was told.',
  );
});

it('tells of a move to another practice', () => {
  const alert = { organization: 'A81001', kind: 'patient-moved' } as const;
  expect(words({ interaction: 'submit-record', alert })).toContain(
    ' The practice that you left was told.',
  );
});

it('tells what was tried, and whether it was refused or did not work', () => {
  const refused = { outcome: '4', outcomeDesc: 'forbidden: A relationship is missing.' } as const;
  expect(words(refused)).toBe(
    `${KHAN} tried to look at your record on 2 March 2026 at 12:00, but was refused.`,
  );
  const failed = { outcome: '8', outcomeDesc: 'unavailable: Try again.' } as const;
  expect(words({ ...failed, interaction: 'submit-record' })).toBe(
    `${KHAN} tried to send an update of your record on 2 March 2026 at 12:00, ` +
      'but it did not work.',
  );
});

it.each([
  ['read', 'asked for one entry of your record'],
  ['meta', 'asked for one entry of your record'],
  ['create', 'asked to add one entry to your record'],
  ['update', 'asked to change one entry of your record'],
  ['patch', 'asked to change one entry of your record'],
  ['delete', 'asked to remove one entry of your record'],
  ['transaction', 'asked to change your record'],
  ['everything', 'asked for your record'],
  ['summary', 'asked for your record'],
])('says what was asked for where it is not told what came of it: %s', (interaction, deed) => {
  const shown = { ...anAuditEntry(1), interaction, outcome: null };
  expect(inPatientsWords({ ...shown, entityNames: [] }, HIMSELF)).toBe(
    `${KHAN} ${deed} on 2 March 2026 at 12:00 because they said you agreed.`,
  );
  expect(inPatientsWords({ ...shown, entityNames: ['Condition'] }, HIMSELF)).toBe(
    `${KHAN} ${deed}, about your health problems, on 2 March 2026 at 12:00 ` +
      'because they said you agreed.',
  );
});

it('gives the time as clocks in the United Kingdom show it', () => {
  expect(words({ recorded: '2026-07-31T23:05:00.000Z' })).toContain('on 1 August 2026 at 00:05');
});
