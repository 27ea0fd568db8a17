import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../src/domain/audit/entry.ts';
import { partForPatient } from '../../../src/domain/audit/patients-part.ts';
import { anAgent, anAuditEntry, recordId } from '../../support/records.ts';

const OWN = recordId(1);
const ALLERGY = `${OWN}-1`;
const CHOICE = `${OWN}-2`;
const HIDDEN = `${OWN}-3`;
const SEEN = new Map([
  [OWN, 'Patient'],
  [ALLERGY, 'AllergyIntolerance'],
  [CHOICE, 'Consent'],
]);
const HIMSELF = anAgent({ role: 'patient', subject: 'himself' });
const PERSON = 'https://issuer.example|himself';

function shown(changes: Partial<AuditEntry>) {
  const entry = anAuditEntry(1, { entities: [], entityNames: [], ...changes });
  return partForPatient(entry, PERSON, SEEN);
}

const FOUND = { outcome: '0', outcomeDesc: null } as const;
const MISSED = { outcome: '4', outcomeDesc: 'not-found: There is nothing.' } as const;
const REFUSED = { outcome: '4', outcomeDesc: 'forbidden: A purpose is missing.' } as const;
const UNTOLD = { outcome: null, outcomeDesc: null };

describe('of what others did with one entry', () => {
  it.each([
    ...[
      'read',
      'vread',
      'history-instance',
      'meta',
      'validate',
      'create',
      'update',
      'patch',
      'delete',
    ],
    'an operation that nobody knows yet',
  ])('a patient is not told whether it was there: %s', (interaction) => {
    const query = `/FHIR/R4/Condition/${HIDDEN}`;
    const entities = [`Condition/${HIDDEN}/_history/1`];
    const found = { ...FOUND, interaction, query, entities, entityNames: ['Condition'] };
    expect(shown(found)).toMatchObject({ ...UNTOLD, entityNames: [] });
    expect(shown(found)).toEqual(shown({ ...MISSED, interaction, query }));
  });

  it('they are told that reading was refused, which no entry decides, and not that writing was', () => {
    expect(shown({ ...REFUSED, interaction: 'read' })).toMatchObject(REFUSED);
    expect(shown({ ...REFUSED, interaction: 'update' })).toMatchObject(UNTOLD);
    expect(shown({ ...FOUND, interaction: 'transaction' })).toMatchObject(UNTOLD);
    expect(shown({ ...REFUSED, interaction: 'transaction' })).toMatchObject(UNTOLD);
  });

  it('they are told its type when it is one that they see, by the type that it has', () => {
    const names = (query: string | null) => shown({ interaction: 'vread', query }).entityNames;
    expect(names(`/FHIR/R4/AllergyIntolerance/${ALLERGY}/_history/1?_pretty=true`)).toEqual([
      'AllergyIntolerance',
    ]);
    expect(names(`/FHIR/R4/Condition/${ALLERGY}`)).toEqual([]);
    expect(names(`/FHIR/R4/Condition?_id=AllergyIntolerance/${ALLERGY}`)).toEqual([]);
    expect(names(null)).toEqual([]);
    expect(names(`/FHIR/R4/Patient/${OWN}/AllergyIntolerance/${ALLERGY}`)).toEqual(['Patient']);
  });

  it.each(['create', 'update', 'patch', 'delete'])(
    'they are told that a choice was recorded, when they see it: %s',
    (interaction) => {
      const create = { interaction, query: '/FHIR/R4/Consent', entityNames: ['Consent'] };
      const seen = shown({ ...create, ...FOUND, entities: [`Consent/${CHOICE}/_history/1`] });
      expect(seen).toMatchObject({ ...FOUND, entityNames: ['Consent'] });
      const hidden = shown({ ...create, ...FOUND, entities: [`Consent/${HIDDEN}/_history/1`] });
      expect(hidden).toMatchObject({ ...UNTOLD, entityNames: ['Consent'] });
      expect(shown({ ...create, ...MISSED, entityNames: [] })).toEqual(hidden);
    },
  );
});

describe('of what others did with the record', () => {
  it('a patient is told what was searched for, and not what came along', () => {
    const found = shown({ interaction: 'search-type', entityNames: ['Condition', 'Practitioner'] });
    expect(found).toMatchObject({ ...FOUND, entityNames: ['Condition'] });
  });

  it.each([
    'everything',
    'summary',
    'history-type',
    'history-system',
    'submit-record',
    'explain-access',
    'resolve-alert',
    'claim-relationship',
  ])('they are told no types of what was found or sent: %s', (interaction) => {
    const query = `/FHIR/R4/Patient/${OWN}/$everything`;
    const entities = [`AllergyIntolerance/${ALLERGY}/_history/1`];
    const all = shown({ interaction, query, entities, entityNames: ['AllergyIntolerance'] });
    expect(all).toMatchObject({ ...FOUND, entityNames: [] });
    expect(shown({ ...MISSED, interaction })).toMatchObject(MISSED);
  });

  it.each(
    ['everything', 'summary'].flatMap((interaction) =>
      ['gp-system', 'care-system', 'extractor'].map((role) => [interaction, role] as const),
    ),
  )(
    'they are not told whether a system found it, which entries that it recorded decide: %s by %s',
    (interaction, role) => {
      const agent = anAgent({ role, organization: 'RY601' });
      const found = shown({ agent, interaction, ...FOUND });
      expect(found).toMatchObject(UNTOLD);
      expect(shown({ agent, interaction, ...MISSED })).toEqual(found);
      expect(shown({ agent, interaction, ...REFUSED })).toMatchObject(REFUSED);
      expect(shown({ agent, interaction: 'submit-record', ...MISSED })).toMatchObject(MISSED);
      // Nobody in particular: a request without a valid token.
      expect(shown({ agent: null, interaction, ...MISSED })).toMatchObject(MISSED);
    },
  );

  it('they are not told whether there was somebody to summarise when they do not see who', () => {
    const summary = anAuditEntry(1, { interaction: 'summary', ...FOUND });
    expect(partForPatient(summary, PERSON, SEEN)).toMatchObject(FOUND);
    expect(partForPatient(summary, PERSON, new Map())).toMatchObject(UNTOLD);
  });

  it('they are told who read the log about them', () => {
    const entities = ['AuditEvent/a/_history/1'];
    const read = shown({ interaction: 'read', entities, entityNames: ['AuditEvent'] });
    expect(read).toMatchObject({ ...FOUND, entityNames: ['AuditEvent'], entities: [] });
  });
});

describe('of what they did themselves', () => {
  it('a patient is told whole, less what they may not see any more', () => {
    const read = { agent: HIMSELF, interaction: 'read' } as const;
    const entities = [`AllergyIntolerance/${ALLERGY}/_history/1`, `Condition/${HIDDEN}/_history/1`];
    const both = { ...read, entities, entityNames: ['AllergyIntolerance', 'Condition'] };
    expect(shown(both)).toMatchObject({ ...FOUND, entityNames: ['AllergyIntolerance'] });
    expect(shown({ ...read, ...MISSED })).toMatchObject(MISSED);
    const turned = { ...both, entityNames: ['Condition', 'AllergyIntolerance'] };
    expect(shown(turned).entityNames).toEqual(['AllergyIntolerance']);
    const names = ['Procedure', 'Practitioner'];
    const search = { agent: HIMSELF, interaction: 'search-type', entityNames: names };
    expect(shown(search).entityNames).toEqual(['Procedure']);
    const log = { ...read, entities: ['AuditEvent/a/_history/1'], entityNames: ['AuditEvent'] };
    expect(shown(log).entityNames).toEqual(['AuditEvent']);
  });

  it('and nobody is them who is no patient, whatever their name is elsewhere', () => {
    const agent = anAgent({ role: 'clinician', subject: 'himself' });
    expect(shown({ agent, interaction: 'read', ...FOUND })).toMatchObject(UNTOLD);
    expect(shown({ agent: null, interaction: 'read', ...FOUND })).toMatchObject(UNTOLD);
  });
  it('another patient’s asking is that of anybody else', () => {
    const agent = anAgent({ role: 'patient', subject: 'another' });
    const query = `/FHIR/R4/AllergyIntolerance/${ALLERGY}`;
    const asked = shown({ agent, interaction: 'read', query, ...MISSED });
    expect(asked).toMatchObject({ ...UNTOLD, entityNames: ['AllergyIntolerance'] });
  });
});
