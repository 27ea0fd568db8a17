import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/access/caller.ts';
import { ROLES } from '../../../src/domain/access/caller.ts';
import { type AuditView, auditView, stillAnswers } from '../../../src/domain/audit/audit-view.ts';
import type { AuditEntry } from '../../../src/domain/audit/entry.ts';
import { callerOf } from '../../support/context.ts';
import { anAgent, anAuditEntry, NOON, recordId } from '../../support/records.ts';

const OWN = recordId(1);
const OTHER = recordId(2);

function viewOf(caller: Caller, ownRecord: string | null = null): AuditView {
  const view = auditView(caller, ownRecord);
  if (!view.ok) throw new Error('refused');
  return view.value;
}

const AUDITOR = viewOf(callerOf('auditor'));
const OFFICER = viewOf(callerOf('privacy-officer'));
const PATIENT = viewOf(callerOf('patient'), OWN);

const RULES = [{ rule: 'private-entry', withheld: 1 }];
const ELSEWHERE = anAgent({ organization: 'RX2' });
const CLAIM = {
  patient: OWN,
  person: 'https://issuer.example|dr-khan',
  organization: 'RX1',
  reason: 'care-episode',
  note: 'Walked in',
  madeAt: NOON,
  expiresAt: NOON,
} as const;

function entry(changes: Partial<AuditEntry> = {}): AuditEntry {
  return anAuditEntry(1, { rules: RULES, query: '/Patient/1', ...changes });
}

it.each(ROLES.filter((role) => !['auditor', 'privacy-officer', 'patient'].includes(role)))(
  'gives the role %s no view of the log',
  (role) => {
    const view = auditView(callerOf(role), OWN);
    expect(view.ok ? null : view.problem.kind).toBe('forbidden');
  },
);

it('gives a patient without a record of their own no view of the log', () => {
  expect(auditView(callerOf('patient'), null).ok).toBe(false);
});

it('shows an auditor every entry whole', () => {
  const each = entry({ agent: ELSEWHERE, patient: OTHER, claim: CLAIM });
  expect(AUDITOR.show(each)).toBe(each);
  expect(AUDITOR.narrow({ limit: 5 })).toEqual({ ok: true, value: { limit: 5 } });
});

describe('a patient', () => {
  it('searches the log of their own record, whether they say so or not', () => {
    const own = { ok: true, value: { patients: [OWN], limit: 5 } };
    expect(PATIENT.narrow({ limit: 5 })).toEqual(own);
    expect(PATIENT.narrow({ patients: [OWN], limit: 5 })).toEqual(own);
    expect(PATIENT.narrow({ patients: [], limit: 5 })).toMatchObject({ value: { patients: [] } });
  });

  it('looks through all of it, for what an entry is found by might not be shown', () => {
    const asked = { outcomes: ['0'], entityNames: ['Condition'], actions: ['R'], limit: 5 };
    const own = { ok: true, value: { patients: [OWN], actions: ['R'], limit: 5 } };
    expect(PATIENT.narrow(asked)).toEqual(own);
  });

  it('is refused when they ask for another patient', () => {
    for (const patients of [[OTHER], [OWN, OTHER]]) {
      const result = PATIENT.narrow({ patients, limit: 5 });
      expect(result.ok ? null : result.problem.kind).toBe('forbidden');
    }
  });

  it('sees who it was, but no ids, rules, targets or words of a claim', () => {
    const shown = PATIENT.show(entry({ claim: CLAIM, interaction: 'claim-relationship' }));
    expect(shown).toMatchObject({ agent: { subject: 'dr-khan' }, entityNames: ['Patient'] });
    expect(shown).toMatchObject({ entities: [], rules: [], query: null, claim: { note: null } });
    expect(PATIENT.show(entry())?.claim).toBeNull();
  });

  it('does not read what an officer wrote about an alert, but has words for what they see', () => {
    const resolution = { alert: 'a', action: 'close', reason: 'For officers' } as const;
    const shown = PATIENT.show(entry({ resolution, entityNames: ['AuditEvent', 'alert:a'] }));
    expect(shown).not.toHaveProperty('resolution');
    expect(shown?.entityNames).toEqual(['AuditEvent']);
    expect(shown && PATIENT.words(shown)).toContain('Dr A Khan');
    expect(shown && [OFFICER.words(shown), AUDITOR.words(shown)]).toEqual([null, null]);
  });

  it('sees nothing of what is about others or about nobody', () => {
    expect(PATIENT.show(entry({ patient: OTHER }))).toBeNull();
    expect(PATIENT.show(entry({ patient: null }))).toBeNull();
  });
});

describe('a privacy officer', () => {
  it('searches what their own organisation did', () => {
    const own = { ok: true, value: { organizations: ['RX1'], limit: 5 } };
    expect(OFFICER.narrow({ limit: 5 })).toEqual(own);
    expect(OFFICER.narrow({ organizations: ['RX1', 'RX2'], limit: 5 })).toEqual(own);
    expect(OFFICER.narrow({ organizations: ['RX2'], limit: 5 })).toMatchObject({
      value: { organizations: [] },
    });
  });

  it('searches the alerts to their own organisation, and to no other', () => {
    const own = { alertsTo: 'RX1', limit: 5 };
    expect(OFFICER.narrow(own)).toEqual({ ok: true, value: own });
    expect(OFFICER.narrow({ alertsTo: 'RX2', limit: 5 }).ok).toBe(false);
  });

  it('sees what was disclosed and of whom, but not which rules withheld something', () => {
    expect(OFFICER.show(entry())).toEqual({ ...entry(), rules: [] });
  });

  it('sees no patient where naming one would tell that there is a record', () => {
    expect(OFFICER.show(entry({ outcome: '4', entities: [] }))?.patient).toBeNull();
    expect(OFFICER.show(entry({ outcome: '4' }))?.patient).toBeNull();
    expect(OFFICER.show(entry({ entities: [] }))?.patient).toBeNull();
    // What was read of the log may have been either.
    const ofTheLog = entry({ entities: ['AuditEvent/a/_history/1'], entityNames: ['AuditEvent'] });
    expect(OFFICER.show(ofTheLog)?.patient).toBeNull();
  });

  it('sees the patient of a claim, which is made whether or not there is a record', () => {
    const shown = OFFICER.show(entry({ entities: [], claim: CLAIM }));
    expect(shown).toMatchObject({ patient: OWN, claim: { note: 'Walked in' } });
  });

  it('sees of an alert that another caused who caused it, but not what they did', () => {
    const alert = { organization: 'RX1', kind: 'patient-moved' } as const;
    const shown = OFFICER.show(entry({ agent: ELSEWHERE, alert }));
    expect(shown).toMatchObject({ patient: OWN, agent: ELSEWHERE, alert });
    expect(shown).toMatchObject({ entities: [], entityNames: [], query: null, rules: [] });
  });

  it('sees nothing that another did without an alert to them', () => {
    expect(OFFICER.show(entry({ agent: ELSEWHERE }))).toBeNull();
    expect(OFFICER.show(entry({ agent: null }))).toBeNull();
    const alert = { organization: 'RX2', kind: 'patient-moved' } as const;
    expect(OFFICER.show(entry({ agent: ELSEWHERE, alert }))).toBeNull();
  });
});

describe('a token limited to one patient', () => {
  const limited = viewOf(callerOf('auditor', { launchPatient: OWN }));

  it('reaches entries about that patient alone', () => {
    expect(limited.show(entry())).toEqual(entry());
    expect(limited.show(entry({ patient: OTHER }))).toBeNull();
    expect(limited.narrow({ limit: 5 })).toMatchObject({ value: { patients: [OWN] } });
    expect(limited.narrow({ patients: [OTHER], limit: 5 })).toMatchObject({
      value: { patients: [] },
    });
  });

  it('does not turn a refusal into an answer', () => {
    const both = viewOf(callerOf('patient', { launchPatient: OWN }), OWN);
    expect(both.narrow({ patients: [OTHER], limit: 5 }).ok).toBe(false);
  });
});

it('drops what no longer answers the search once parts of it are concealed', () => {
  expect(stillAnswers(entry(), { patients: [OWN], entityNames: ['Patient'], limit: 5 })).toBe(true);
  expect(stillAnswers(entry(), { limit: 5 })).toBe(true);
  expect(stillAnswers(entry({ patient: null }), { patients: [OWN], limit: 5 })).toBe(false);
  expect(stillAnswers(entry(), { outcomes: ['0'], limit: 5 })).toBe(true);
  for (const outcome of ['4', null] as const) {
    expect(stillAnswers({ ...entry(), outcome }, { outcomes: ['0'], limit: 5 })).toBe(false);
  }
  expect(stillAnswers(entry({ entityNames: [] }), { entityNames: ['Patient'], limit: 5 })).toBe(
    false,
  );
});
