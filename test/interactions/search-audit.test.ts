import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/domain/access/caller.ts';
import type { AuditEntry } from '../../src/domain/audit/entry.ts';
import { problem } from '../../src/domain/problem.ts';
import { perform } from '../../src/interactions/perform.ts';
import { readAuditEvent } from '../../src/interactions/read-audit-event.ts';
import { recordFailedAuthentication } from '../../src/interactions/record-failed-authentication.ts';
import { searchAudit } from '../../src/interactions/search-audit.ts';
import { StoreUnavailable } from '../../src/ports/store.ts';
import { BASE_URL, callBy, callerOf, openContext, type TestContext } from '../support/context.ts';
import { r4Faults } from '../support/r4-audit-event.ts';
import { anAgent, anAuditEntry, auditId, recordId, secondsAfterNoon } from '../support/records.ts';

interface Bundle {
  type: string;
  total?: number;
  link: { relation: string; url: string }[];
  entry?: {
    fullUrl?: string;
    resource: { resourceType: string; id: string; issue?: { diagnostics: string }[] };
    search: { mode: string };
  }[];
}

const AUDITOR = callerOf('auditor');
const OFFICER = callerOf('privacy-officer');
const NHS_NUMBER = '9000000009';

let test: TestContext;
beforeEach(async () => {
  test = await openContext();
});
afterEach(() => test.close());

async function append(...entries: AuditEntry[]): Promise<void> {
  await test.context.store.appendAudit(entries);
}

function search(query: string, caller: Caller = AUDITOR, strict = false) {
  const call = callBy(caller, {
    interaction: 'search-type',
    type: 'AuditEvent',
    action: 'E',
    target: `/FHIR/R4/AuditEvent?${query}`,
  });
  return perform(test.context, call, searchAudit(new URLSearchParams(query), { strict }));
}

async function bundle(query: string, caller: Caller = AUDITOR): Promise<Bundle> {
  const result = await search(query, caller);
  if (!result.ok) throw new Error(result.problem.issues[0].diagnostics);
  return JSON.parse(Buffer.concat(result.value.body).toString('utf8')) as Bundle;
}

async function refusal(query: string, caller: Caller = AUDITOR, strict = false) {
  const result = await search(query, caller, strict);
  return result.ok ? null : result.problem.kind;
}

async function foundIds(query: string, caller: Caller = AUDITOR): Promise<readonly string[]> {
  const { entry = [] } = await bundle(query, caller);
  return entry.map(({ resource }) => resource.id);
}

function read(id: string, caller: Caller) {
  const act = { interaction: 'read', type: 'AuditEvent', target: `/FHIR/R4/AuditEvent/${id}` };
  return perform(test.context, callBy(caller, act), readAuditEvent(id, new URLSearchParams()));
}

async function lastEntry(): Promise<AuditEntry | undefined> {
  return (await test.context.store.searchAudit({ limit: 1 })).entries[0];
}

it('answers a searchset Bundle of valid AuditEvents without a total', async () => {
  await append(anAuditEntry(1));
  const found = await bundle('agent=dr-khan');
  expect(found.type).toBe('searchset');
  expect(found).not.toHaveProperty('total');
  expect(found.link).toEqual([{ relation: 'self', url: `${BASE_URL}/AuditEvent?agent=dr-khan` }]);
  expect(found.entry).toHaveLength(1);
  expect(found.entry?.[0]).toMatchObject({
    fullUrl: `${BASE_URL}/AuditEvent/${auditId(1)}`,
    search: { mode: 'match' },
  });
  for (const { resource } of found.entry ?? []) expect(r4Faults(resource as never)).toEqual([]);
});

it('leaves the entry element out when nothing is found', async () => {
  expect(await bundle('agent=nobody')).not.toHaveProperty('entry');
});

it('finds by NHS number what is about that record', async () => {
  const id = test.context.names.recordId(NHS_NUMBER);
  await append(anAuditEntry(1, { patient: id }), anAuditEntry(2));
  const query = `patient.identifier=https://fhir.nhs.uk/Id/nhs-number|${NHS_NUMBER}&action=R`;
  expect(await foundIds(query)).toEqual([auditId(1)]);
});

it('finds an agent of one issuer alone', async () => {
  await append(
    anAuditEntry(1),
    anAuditEntry(2, { agent: anAgent({ issuer: 'https://other.example' }) }),
  );
  expect(await foundIds('agent:identifier=https://other.example|dr-khan')).toEqual([auditId(2)]);
  expect(await foundIds('agent=dr-khan')).toEqual([auditId(2), auditId(1)]);
});

it('names a parameter that it left out of account, and does not put it into the link', async () => {
  await append(anAuditEntry(1));
  const found = await bundle('pateint=1&agent=dr-khan');
  expect(found.link[0]?.url).toBe(`${BASE_URL}/AuditEvent?agent=dr-khan`);
  const outcome = found.entry?.find(({ search: { mode } }) => mode === 'outcome');
  expect(outcome?.resource.resourceType).toBe('OperationOutcome');
  expect(outcome?.fullUrl).toMatch(/^urn:uuid:/);
  expect(outcome?.resource.issue?.[0]?.diagnostics).toContain('pateint');
  expect(await refusal('pateint=1&agent=dr-khan', AUDITOR, true)).toBe('malformed');
});

it('finds by id, and by what the log has no index of', async () => {
  const agent = anAgent({ role: 'practice-staff' });
  await append(anAuditEntry(1), anAuditEntry(2, { agent }), anAuditEntry(3));
  const both = [auditId(2), auditId(1)];
  expect(await foundIds(`_id=${both},nothing`)).toEqual(both);
  expect(await lastEntry()).toMatchObject({ patient: recordId(1) });
  expect(await foundIds(`patient=${recordId(1)}&agent-role=practice-staff`)).toEqual([auditId(2)]);
  expect(await foundIds(`_id=${auditId(1)}&agent-role=practice-staff`)).toEqual([]);
  expect(await foundIds(`_id=${both}&agent=dr-khan&date=2026`)).toEqual(both);
  expect(await foundIds(`_id=${both}&agent=other`)).toEqual([]);
});

describe('reading the log', () => {
  it('is itself in the log, for whoever asks about that patient later', async () => {
    await append(anAuditEntry(1));
    await search(`patient=${recordId(1)}`);
    expect(await lastEntry()).toMatchObject({
      interaction: 'search-type',
      outcome: '0',
      agent: { subject: 'auditor-1' },
      patient: recordId(1),
      entityNames: ['AuditEvent'],
      query: `/FHIR/R4/AuditEvent?patient=${recordId(1)}`,
    });
  });

  it('is in the log also when it is refused', async () => {
    await search('', callerOf('clinician'));
    expect(await lastEntry()).toMatchObject({ outcome: '4', agent: { role: 'clinician' } });
    await search('date=never');
    expect(await lastEntry()).toMatchObject({ outcome: '4', agent: { role: 'auditor' } });
  });

  it('gives nothing away when it cannot be written', async () => {
    await append(anAuditEntry(1));
    const { store } = test.context;
    const broken = { ...store, appendAudit: () => Promise.reject(new StoreUnavailable('full')) };
    const call = callBy(AUDITOR, { interaction: 'search-type', type: 'AuditEvent', action: 'E' });
    const asked = perform(
      { ...test.context, store: broken },
      call,
      searchAudit([], { strict: true }),
    );
    await expect(asked).rejects.toBeInstanceOf(StoreUnavailable);
  });
});

describe('a patient', () => {
  const caller = callerOf('patient', { nhsNumber: NHS_NUMBER });

  it('finds the log of their own record and no other', async () => {
    const own = test.context.names.recordId(NHS_NUMBER);
    await append(anAuditEntry(1, { patient: own }), anAuditEntry(2), anAuditEntry(3));
    expect(await foundIds('', caller)).toEqual([auditId(1)]);
    expect(await foundIds(`patient=${own}&agent=dr-khan`, caller)).toEqual([auditId(1)]);
    expect(await refusal(`patient=${recordId(1)}`, caller)).toBe('forbidden');
  });

  it('finds by id nothing that is not theirs, and by its content nothing that is concealed', async () => {
    const own = test.context.names.recordId(NHS_NUMBER);
    const entities = [`Condition/${own}-1/_history/1`];
    await append(anAuditEntry(1, { patient: own, entities }), anAuditEntry(2));
    expect(await foundIds(`_id=${auditId(1)},${auditId(2)}`, caller)).toEqual([auditId(1)]);
    expect(await foundIds(`entity=Condition/${own}-1`, caller)).toEqual([]);
    expect(await foundIds(`entity=Condition/${own}-1`)).toEqual([auditId(1)]);
  });

  it('reads one entry about them, and finds no other', async () => {
    const own = test.context.names.recordId(NHS_NUMBER);
    await append(anAuditEntry(1, { patient: own }), anAuditEntry(2));
    expect((await read(auditId(1), caller)).ok).toBe(true);
    expect(await read(auditId(2), caller)).toEqual(await read(auditId(9), caller));
  });
});

describe('a privacy officer', () => {
  it('finds what their own organisation did, and alerts to it when asked for', async () => {
    const alert = { organization: 'RX1', kind: 'patient-moved' } as const;
    const agent = anAgent({ organization: 'A81001' });
    await append(anAuditEntry(1), anAuditEntry(2, { agent }), anAuditEntry(3, { agent, alert }));
    expect(await foundIds('agent=dr-khan', OFFICER)).toEqual([auditId(1)]);
    expect(await foundIds('alert=true', OFFICER)).toEqual([auditId(3)]);
    expect(await refusal('alert=A81001', OFFICER)).toBe('forbidden');
    expect(await foundIds('alert=RX1')).toEqual([auditId(3)]);
  });

  it('cannot tell by paging that entries about a patient are concealed', async () => {
    const hidden = Array.from({ length: 9 }, (_, n) =>
      anAuditEntry(n, { entities: [], recorded: secondsAfterNoon(n) }),
    );
    await append(...hidden, anAuditEntry(20), anAuditEntry(21, { patient: recordId(2) }));
    const query = `patient=${recordId(1)}&agent=dr-khan&_count=1`;
    const page = await bundle(query, OFFICER);
    expect(page.entry?.map(({ resource }) => resource.id)).toEqual([auditId(20)]);
    const other = await bundle(query.replace(recordId(1), recordId(2)), OFFICER);
    const shape = ({ link }: Bundle) => link.map(({ relation }) => relation);
    expect(shape(page)).toEqual(['self']);
    expect(shape(other)).toEqual(shape(page));
    expect(await foundIds(query.replace('_count=1', '_count=9'))).toHaveLength(9);
  });
});

it('links to where it stopped when it has looked at very many entries in vain', async () => {
  const { store } = test.context;
  let asked = 0;
  const endless = { entries: [anAuditEntry(1, { agent: null })], more: true };
  const inVain = () => {
    asked++;
    return Promise.resolve(endless);
  };
  test = { ...test, context: { ...test.context, store: { ...store, searchAudit: inVain } } };
  const page = await bundle('agent:identifier=https://issuer.example|dr-khan');
  expect(page).not.toHaveProperty('entry');
  expect(page.link.map(({ relation }) => relation)).toEqual(['self', 'next']);
  expect(asked).toBe(20);
});

it('reads one AuditEvent with its version, and records that', async () => {
  await append(anAuditEntry(1));
  const result = await read(auditId(1), AUDITOR);
  expect(result).toMatchObject({ ok: true, value: { versionId: '1', status: 'ok' } });
  expect(await lastEntry()).toMatchObject({
    entities: [`AuditEvent/${auditId(1)}/_history/1`],
    patient: recordId(1),
  });
  expect(await read('no-such-id', AUDITOR)).toMatchObject({ problem: { kind: 'not-found' } });
});

describe('a request without a valid token', () => {
  const failed = {
    requestId: 'request-7',
    target: '/FHIR/R4/Patient?identifier=9000000009&access_token=a.b.c',
    problem: problem('unauthenticated', 'login', 'A bearer token is needed.'),
  };

  it('is in the log with its target, without a token, and found by its outcome', async () => {
    await recordFailedAuthentication(test.context, failed);
    expect(await lastEntry()).toMatchObject({
      interaction: 'authenticate',
      outcome: '4',
      outcomeDesc: 'unauthenticated: A bearer token is needed.',
      agent: null,
      query: '/FHIR/R4/Patient?identifier=9000000009&access_token=-',
      requestId: 'request-7',
    });
    expect(await foundIds('outcome=4')).toHaveLength(1);
  });

  it('is not refused quietly when the log cannot be written', async () => {
    await test.context.store.close();
    await expect(recordFailedAuthentication(test.context, failed)).rejects.toBeInstanceOf(
      StoreUnavailable,
    );
    test = await openContext();
  });
});
