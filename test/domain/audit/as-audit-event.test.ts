import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asAuditEvent } from '../../../src/domain/audit/as-audit-event.ts';
import { failureEntry, successEntry } from '../../../src/domain/audit/compose.ts';
import type { AuditEntry } from '../../../src/domain/audit/entry.ts';
import { problem } from '../../../src/domain/problem.ts';
import { BASE_URL, callerOf, START } from '../../support/context.ts';
import { r4Faults } from '../../support/r4-audit-event.ts';
import { anAgent, anAuditEntry, recordId } from '../../support/records.ts';

const SERVER = { baseUrl: BASE_URL };
const EXAMPLES = resolve('../shared/data/ihe-balp/examples');

type Concept = { coding: { system: string; code: string }[] };
interface Event {
  type: { system: string; code: string };
  subtype: { system: string; code: string }[];
  action: string;
  outcome: string;
  purposeOfEvent?: Concept[];
  agent: {
    type: Concept;
    who: { identifier?: { system?: string; value: string }; display?: string };
    requestor: boolean;
    role?: Concept[];
    name?: string;
    policy?: string[];
    purposeOfUse?: Concept[];
  }[];
  entity: {
    what?: { reference?: string; identifier?: { value: string } };
    type: { system: string; code: string };
    role?: { system: string; code: string };
    name?: string;
    query?: string;
    detail?: { type: string; valueString?: string; valueBase64Binary?: string }[];
  }[];
}

/** The AuditEvent as a reader gets it: as text and back. */
function rendered(changes: Partial<AuditEntry>): Event {
  const event = asAuditEvent(anAuditEntry(1, changes), SERVER);
  expect(r4Faults(event)).toEqual([]);
  return JSON.parse(JSON.stringify(event)) as Event;
}

function partOf(event: Event, code: string): Event['agent'][number] | undefined {
  return event.agent.find((agent) => agent.type.coding[0]?.code === code);
}

describe('an access that was answered', () => {
  const event = rendered({
    agent: anAgent({ client: 'app-1', tokenId: 'jti 1' }),
    entities: ['MedicationStatement/a-1/_history/v1', 'Medication/a-2/_history/v7'],
    entityNames: ['MedicationStatement'],
  });

  it('says who, in which role, for what purpose, by which token', () => {
    expect(partOf(event, 'IRCP')).toEqual({
      type: { coding: [expect.objectContaining({ code: 'IRCP' })] },
      role: [
        { coding: [{ system: 'https://scr.example/fhir/CodeSystem/role', code: 'clinician' }] },
      ],
      who: {
        identifier: { system: 'https://issuer.example', value: 'dr-khan' },
        display: 'Dr A Khan',
      },
      name: 'Dr A Khan',
      requestor: true,
      policy: ['jti%201'],
      purposeOfUse: [
        {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }],
        },
      ],
    });
    expect(event.purposeOfEvent?.[0]?.coding[0]?.code).toBe('TREAT');
    expect(partOf(event, '110152')?.who).toEqual({ identifier: { value: 'app-1' } });
  });

  it('says for which organisation', () => {
    expect(partOf(event, 'PROV')?.who).toEqual({
      identifier: { system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'RX1' },
      display: 'Leeds Urgent Care',
    });
  });

  it('names each resource by its version, and so that entity-name finds it', () => {
    expect(event.entity.filter((each) => each.role?.code === '4')).toEqual([
      expect.objectContaining({
        what: { reference: 'MedicationStatement/a-1/_history/v1' },
        name: 'MedicationStatement',
      }),
      expect.objectContaining({
        what: { reference: 'Medication/a-2/_history/v7' },
        name: 'Medication',
      }),
    ]);
  });

  it('names the request', () => {
    const request = event.entity.find((each) => each.type.code === 'XrequestId');
    expect(request?.what?.identifier?.value).toBe('request-1');
  });
});

describe('a search', () => {
  const target = '/FHIR/R4/Condition?patient.identifier=https%3A%2F%2Ffhir.nhs.uk|9000000009&x=é';
  const event = rendered({
    interaction: 'search',
    action: 'E',
    query: target,
    entities: [],
    entityNames: ['Condition'],
  });

  it('keeps the request target byte for byte', () => {
    const query = event.entity.find((each) => each.role?.code === '24')?.query ?? '';
    expect(Buffer.from(query, 'base64').toString('utf8')).toBe(target);
  });

  it('names the type that was asked for although nothing was found', () => {
    expect(event.entity.filter((each) => each.name === 'Condition')).toHaveLength(1);
  });

  it('has one System Object, the query, however much was found', () => {
    const { entity } = rendered({ interaction: 'search-type', action: 'E', query: target });
    const objects = entity.filter(({ type }) => type.code === '2');
    expect(objects.map(({ role }) => role?.code)).toEqual(['24']);
    expect(entity.find(({ name }) => name === 'Patient')?.type.code).toBe('Patient');
  });
});

it('keeps the target of what is no search beside the request id', () => {
  const { entity } = rendered({ query: '/FHIR/R4/Patient/1' });
  const detail = entity.find(({ type }) => type.code === 'XrequestId')?.detail?.[0];
  expect(detail?.type).toBe('request-target');
  expect(atob(detail?.valueBase64Binary ?? '')).toBe('/FHIR/R4/Patient/1');
  expect(entity.some(({ query }) => query !== undefined)).toBe(false);
});

it('names the rules that decided, and how many entries each withheld', () => {
  const event = rendered({
    rules: [
      { rule: 'private-entry', withheld: 2 },
      { rule: 'summary-window', withheld: 0 },
    ],
  });
  expect(partOf(event, '110153')?.policy).toEqual([
    'https://scr.example/fhir/rule/private-entry',
    'https://scr.example/fhir/rule/summary-window',
  ]);
  expect(event.entity.find(({ role }) => role?.code === '13')?.detail).toEqual([
    { type: 'https://scr.example/fhir/rule/private-entry', valueString: '2' },
    { type: 'https://scr.example/fhir/rule/summary-window', valueString: '0' },
  ]);
});

it('writes an operation as an operation, with its own code', () => {
  const event = rendered({ interaction: 'submit-record', action: 'E' });
  expect(event.subtype).toEqual([
    { system: 'http://hl7.org/fhir/restful-interaction', code: 'operation' },
    { system: 'https://scr.example/fhir/CodeSystem/operation', code: 'submit-record' },
  ]);
});

it('shows a claim and the alert that it raised', () => {
  const event = rendered({
    interaction: 'claim-relationship',
    alert: { organization: 'RX9', kind: 'self-claim' },
    claim: {
      patient: recordId(1),
      person: 'https://issuer.example|dr-khan',
      organization: 'RX1',
      reason: 'care-episode',
      note: 'Walked in at night',
      madeAt: '2026-03-02T12:00:00.000Z',
      expiresAt: '2026-03-03T12:00:00.000Z',
    },
  });
  expect(event.subtype).toContainEqual({
    system: 'https://scr.example/fhir/CodeSystem/alert',
    code: 'self-claim',
  });
  expect(partOf(event, 'NOT')?.who.identifier?.value).toBe('RX9');
  expect(event.entity.flatMap(({ detail }) => detail ?? [])).toEqual([
    { type: 'claim-reason', valueString: 'care-episode' },
    { type: 'claim-expires', valueString: '2026-03-03T12:00:00.000Z' },
    { type: 'claim-note', valueString: 'Walked in at night' },
  ]);
});

it('writes a request without a valid token as a failed login of nobody we know', () => {
  const event = rendered({
    interaction: 'authenticate',
    action: 'E',
    outcome: '4',
    outcomeDesc: 'unauthenticated: The token has expired.',
    agent: null,
    patient: null,
    entities: [],
    entityNames: [],
  });
  expect(event.type.code).toBe('110114');
  expect(event.subtype.map(({ code }) => code)).toEqual(['110122']);
  expect(event).toMatchObject({ outcome: '4', action: 'E' });
  expect(event.agent.map(({ requestor }) => requestor)).toEqual([true, false]);
});

const FRAME = {
  id: 'id-1',
  now: START,
  interaction: 'read',
  action: 'R',
  caller: callerOf('clinician'),
  requestId: 'request-1',
  target: '/Patient/1?access_token=secret.to.ken&_format=json&Access_Token=other',
} as const;

it('never holds a token that came in the request target', () => {
  const refused = failureEntry(FRAME, problem('forbidden', 'forbidden', 'No.'));
  for (const entry of [successEntry(FRAME, {}), refused]) {
    expect(entry.query).toBe('/Patient/1?access_token=-&_format=json&Access_Token=-');
  }
});

describe.runIf(existsSync(EXAMPLES))(
  'beside the examples of IHE BALP, seen from the server',
  () => {
    it.each([
      ['ReadServer', { interaction: 'read', action: 'R' }],
      ['QueryGetServer', { interaction: 'search', action: 'E', query: '/List?patient=1' }],
      ['CreateServer', { interaction: 'create', action: 'C' }],
      ['DeleteServer', { interaction: 'delete', action: 'D' }],
    ] as const)('has the shape of %s', (name, changes) => {
      const file = `${EXAMPLES}/AuditEvent-ex-auditBasic${name}.json`;
      const theirs = JSON.parse(readFileSync(file, 'utf8')) as Event;
      const ours = rendered({ entities: ['List/1/_history/1'], entityNames: ['List'], ...changes });
      expect(ours.type).toEqual(theirs.type);
      expect([ours.action, ours.outcome]).toEqual([theirs.action, theirs.outcome]);
      // `search` and `search-type` are both allowed by the profile; ours is R4's word for it.
      const subtypes = theirs.subtype.map(({ code }) => (code === 'search' ? 'search-type' : code));
      expect(ours.subtype.map(({ code }) => code)).toEqual(subtypes);
      expect(partsOf(ours).slice(0, 3)).toEqual(partsOf(theirs));
      expect(rolesOf(ours)).toEqual(expect.arrayContaining([...rolesOf(theirs)]));
    });

    /** Each agent's part and whether they asked. */
    function partsOf(event: Event): readonly string[] {
      return event.agent.map(
        ({ type, requestor }) => `${type.coding[0]?.system}|${type.coding[0]?.code} ${requestor}`,
      );
    }

    /** Each entity's kind and role; the types of resources found by a query are ours. */
    function rolesOf(event: Event): readonly string[] {
      return event.entity
        .filter(({ type }) => type.system !== 'http://hl7.org/fhir/resource-types')
        .map(({ type, role }) => `${type.system}|${type.code} ${role?.system}|${role?.code}`);
    }
  },
);
