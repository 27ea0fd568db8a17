import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cursorOf } from '../../../src/domain/audit/audit-cursor.ts';
import { AUDIT_PARAMETERS } from '../../../src/domain/audit/audit-parameters.ts';
import { type AuditSearch, readAuditSearch } from '../../../src/domain/audit/audit-search.ts';
import { SEARCHES } from '../../../src/domain/search/search-table.ts';
import { BASE_URL } from '../../support/context.ts';
import { anAgent, anAuditEntry } from '../../support/records.ts';

const NHS = 'https://fhir.nhs.uk/Id/nhs-number';
const ODS = 'https://fhir.nhs.uk/Id/ods-organization-code';

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function read(query: string, strict = false) {
  return readAuditSearch([...new URLSearchParams(query)], {
    baseUrl: BASE_URL,
    organization: 'RX1',
    strict,
    now: Date.parse('2026-03-02T12:00:00Z'),
    recordId: (nhsNumber) => `record-of-${nhsNumber}`,
    digest: hash,
  });
}

function search(query: string): AuditSearch {
  const result = read(query);
  if (!result.ok) throw new Error(result.problem.issues.map((i) => i.diagnostics).join(' '));
  return result.value;
}

function faults(query: string, strict = false): readonly string[] {
  const result = read(query, strict);
  if (result.ok) throw new Error('it was accepted');
  expect(result.problem.kind).toBe('malformed');
  return result.problem.issues.map(({ diagnostics }) => diagnostics);
}

it.each([
  ['', {}],
  ['patient=abc', { patients: ['abc'] }],
  ['patient=Patient/abc', { patients: ['abc'] }],
  ['patient:Patient=abc', { patients: ['abc'] }],
  [`patient=${BASE_URL}/Patient/abc`, { patients: ['abc'] }],
  ['patient=https://other.example/Patient/abc', { patients: [] }],
  ['patient=a,Patient/b', { patients: ['a', 'b'] }],
  ['patient=a,b&patient=b,c', { patients: ['b'] }],
  ['patient=a&patient=b', { patients: [] }],
  [`patient.identifier=${NHS}|9000000009`, { patients: ['record-of-9000000009'] }],
  [`patient:identifier=${NHS}|1,${NHS}|2`, { patients: ['record-of-1', 'record-of-2'] }],
  ['patient:identifier=9000000009', { patients: ['record-of-9000000009'] }],
  ['patient:identifier=https://other.example|9000000009', { patients: [] }],
  ['patient:identifier=|9000000009', { patients: [] }],
  [`patient=a&patient:identifier=${NHS}|1`, { patients: [] }],
  ['agent=dr-khan', { agents: ['dr-khan'] }],
  ['agent=a\\,b,c', { agents: ['a,b', 'c'] }],
  ['agent:identifier=https://issuer.example|dr-khan', { agents: ['dr-khan'] }],
  [`agent:identifier=${ODS}|RX1,${ODS}|RX2`, { organizations: ['RX1', 'RX2'] }],
  ['action=C', { actions: ['C'] }],
  ['action=C,http://hl7.org/fhir/audit-event-action|R', { actions: ['C', 'R'] }],
  ['action=https://other.example|C', { actions: [] }],
  ['outcome=4,8', { outcomes: ['4', '8'] }],
  ['outcome=4&outcome=8', { outcomes: [] }],
  ['entity-name=Consent', { entityNames: ['Consent'] }],
  ['entity-name=consent', { entityNames: ['Consent', 'consent'] }],
  ['entity-name=pRact', { entityNames: ['Practitioner', 'PractitionerRole', 'pRact'] }],
  ['entity-name:exact=Pat', { entityNames: ['Pat'] }],
  ['alert=true', { alertsTo: 'RX1' }],
  ['alert=A81001', { alertsTo: 'A81001' }],
  ['_sort=-date&_total=none&_format=json&_pretty=true', {}],
  ['_sort=-_lastUpdated', {}],
  ['_sort=date', { oldestFirst: true }],
  ['_sort=_lastUpdated', { oldestFirst: true }],
])('reads %s', (query, asked) => {
  expect(search(query).query).toEqual({ ...asked, limit: 50 });
});

it.each([
  ['2026', '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ['eq2026-03', '2026-03-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
  ['ge2026-03', '2026-03-01T00:00:00.000Z', undefined],
  ['gt2026-03', '2026-04-01T00:00:00.000Z', undefined],
  ['sa2026-03', '2026-04-01T00:00:00.000Z', undefined],
  ['le2026-03', undefined, '2026-04-01T00:00:00.000Z'],
  ['lt2026-03', undefined, '2026-03-01T00:00:00.000Z'],
  ['eb2026-03', undefined, '2026-03-01T00:00:00.000Z'],
  ['2026-03-02T12:00:00.123Z', '2026-03-02T12:00:00.123Z', '2026-03-02T12:00:00.124Z'],
  ['ge2026-03-02T12:00:00%2B01:00', '2026-03-02T11:00:00.000Z', undefined],
  ['ge2026-03-02T12:00:00+01:00', '2026-03-02T11:00:00.000Z', undefined],
  ['ge2026-01&date=lt2026-02', '2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
  ['2026&date=2026-05', '2026-05-01T00:00:00.000Z', '2026-06-01T00:00:00.000Z'],
  ['le9999', undefined, undefined],
  ['gt9999', '9999-12-31T23:59:59.999Z', undefined],
  ['ge0001-01-01T00:00:00%2B14:00', '0000-12-31T10:00:00.000Z', undefined],
  ['le9999-12-31T23:59:59-14:00', undefined, undefined],
])('takes date=%s to mean from %s, before %s', (date, from, before) => {
  const { query } = search(`date=${date}`);
  expect([query.from, query.before]).toEqual([from, before]);
});

it.each([
  ['patient=Group/1', 'patient'],
  ['patient=Patient/a/_history/1', 'patient'],
  ['patient=', 'patient'],
  ['patient=a,', 'patient'],
  ['agent=', 'agent'],
  ['date=2026-02-30', 'date'],
  ['date=xx2026', 'date'],
  ['action=X', 'action: the codes are C, R, U, D, E'],
  ['action=r', 'action'],
  ['outcome=5', 'outcome'],
  ['entity-name=a&entity-name=b', 'entity-name: it may be given once'],
  ['entity-name=a&entity-name:exact=b', 'entity-name'],
  [`agent:identifier=${ODS}|RX1,https://issuer.example|a`, 'agent:identifier'],
  ['alert=false', 'alert'],
  ['alert=A81001&alert=RX1', 'alert'],
  ['_count=0', '_count'],
  ['_count=-1', '_count'],
  ['_count=1.5', '_count'],
  ['_count=5&_count=6', '_count'],
  ['_sort=agent', '_sort'],
  ['_sort=date,agent', '_sort'],
  ['_total=accurate', '_total'],
  ['_summary:x=true', '_summary'],
  ['_cursor=a', '_cursor'],
  ['_cursor=abc', '_cursor'],
  ['_cursor=abcde', '_cursor'],
  ['_cursor=%00', '_cursor'],
  [`_id=${Array.from({ length: 101 }, (_, n) => n)}`, '_id: it may list 100 ids'],
  ['action:exact=C', 'action: this modifier'],
  ['patient.name=Khan', 'patient: this modifier'],
  ['date:exact=2026', 'date: this modifier'],
])('refuses %s and says which parameter is wrong', (query, says) => {
  const found = faults(query);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`Parameter ${says}`);
});

it.each([
  ['_summary=count', '_summary is one of true, text, data and false here.'],
  ['_summary=true&_summary=text', '_summary is one of true, text, data and false here.'],
  ['_elements=colour', '_elements names something that is no element'],
  ['_elements=recorded&_summary=text', 'do not go together'],
])('refuses %s, as more would be shown than was asked for', (query, says) => {
  expect(faults(query)).toEqual([expect.stringContaining(says)]);
});

it('names all faults at once, without the values', () => {
  const found = faults('date=Khan&action=Khan&_count=Khan&patient=Khan%20A');
  expect(found).toHaveLength(4);
  expect(found.join()).not.toContain('Khan');
});

it('takes a page of at most the limit', () => {
  expect(search('_count=7').query.limit).toBe(7);
  expect(search('_count=999999').query.limit).toBe(1000);
});

describe('a parameter that is not known', () => {
  it('is left out of account and named', () => {
    const { ignored, used, query } = search('pateint=a&agent=b&colour=c');
    expect(ignored).toEqual(['pateint', 'colour']);
    expect(used).toEqual([['agent', 'b']]);
    expect(query).toEqual({ agents: ['b'], limit: 50 });
  });

  it('is refused under strict handling', () => {
    expect(faults('pateint=a&agent=b', true)).toEqual(['Parameter pateint: it is not known.']);
    expect(read('agent=b', true).ok).toBe(true);
  });

  it('is not one of those that objects inherit', () => {
    expect(search('constructor=a&toString=b&__proto__=c').ignored).toHaveLength(3);
  });

  it('is not repeated in the message unless it looks like a name', () => {
    expect(faults('9000000009 Khan=a', true).join()).not.toContain('Khan');
  });
});

describe('what the log has no index of', () => {
  const clinician = anAuditEntry(1, { agent: anAgent({ role: 'clinician' }), interaction: 'read' });
  const holds = (query: string) => search(query).holds(clinician);

  it.each([
    ['agent-role=clinician', 'agent-role=auditor'],
    ['subtype=read', 'subtype=update'],
    ['subtype:not=update', 'subtype:not=read'],
    ['action:missing=false', 'action:missing=true'],
    ['source:missing=false', 'source:missing=true'],
    [`date=ap${clinician.recorded}`, `date=ne${clinician.recorded}`],
    [`date=1999,${clinician.recorded}`, 'date=1999,1998'],
  ])('is held against each entry: %s, and %s', (holding, failing) => {
    expect([holds(holding), holds(failing)]).toEqual([true, false]);
  });

  it('is a part of what a cursor continues', () => {
    const question = (query: string) => search(query).question;
    expect(question('subtype=read')).not.toBe(question('subtype=update'));
    expect(question('_id=a')).not.toBe(question('_id=b'));
  });

  it('is refused with a value that says nothing, or as a chain', () => {
    expect(faults('date=apX')).toHaveLength(1);
    expect(faults('subtype=|')).toHaveLength(1);
    expect(faults('agent.name=Khan')).toHaveLength(1);
  });
});

describe('alert-status', () => {
  it('asks for alerts by where they stand, in any order and each once', () => {
    expect(search('alert=true&alert-status=closed,open,closed').alertStatuses).toEqual([
      'open',
      'closed',
    ]);
    expect(search('alert=true').alertStatuses).toBeNull();
  });

  it('is refused without alert, given twice, or with a word that is no status', () => {
    expect(faults('alert-status=open')).toEqual([
      'Parameter alert-status: it goes with the parameter alert.',
    ]);
    expect(faults('alert=true&alert-status=open&alert-status=closed')).toEqual([
      'Parameter alert-status: it may be given once.',
    ]);
    expect(faults('alert=true&alert-status=open,new')).toEqual([
      'Parameter alert-status: the statuses are open, escalated, closed.',
    ]);
  });

  it('is part of what a cursor continues', () => {
    const questions = ['open', 'closed'].map((each) => {
      const result = read(`alert=true&alert-status=${each}`);
      return result.ok ? result.value.question : null;
    });
    expect(questions[0]).not.toBe(questions[1]);
  });
});

it('tells agents of one subject apart by their issuer', () => {
  const { byPerson } = search('agent:identifier=https://issuer.example|dr-khan');
  const at = (issuer: string) => anAuditEntry(1, { agent: anAgent({ issuer }) });
  expect(byPerson(at('https://issuer.example'))).toBe(true);
  expect(byPerson(at('https://other.example'))).toBe(false);
  expect(byPerson(anAuditEntry(1, { agent: null }))).toBe(false);
  expect(search('agent:identifier=dr-khan').byPerson(at('https://other.example'))).toBe(true);
});

describe('a cursor', () => {
  const place = { recorded: '2026-03-02T12:00:00.000Z', id: 'id-1' };
  const cursor = (query: string) => {
    const first = read(query);
    if (!first.ok) throw new Error('refused');
    return cursorOf(place, first.value.question, hash);
  };

  it('continues the search that it came from, whatever the size of the page', () => {
    const result = read(`agent=a&_cursor=${cursor('agent=a')}&_count=3`);
    expect(result.ok && result.value.query).toEqual({ agents: ['a'], after: place, limit: 3 });
  });

  it('is refused for another search', () => {
    for (const other of ['agent=b', '', 'agent=a&action=C', 'agent:identifier=x|a']) {
      expect(read(`${other}&_cursor=${cursor('agent=a')}`).ok).toBe(false);
    }
  });

  it('is refused once it was changed', () => {
    const good = cursor('agent=a');
    for (let at = 0; at < good.length; at++) {
      const changed = good[at] === 'A' ? 'B' : 'A';
      const bad = good.slice(0, at) + changed + good.slice(at + 1);
      expect(read(`agent=a&_cursor=${bad}`).ok).toBe(false);
    }
  });

  it('is refused when it names no moment, even with the right digest', () => {
    const first = read('agent=a');
    const question = first.ok ? first.value.question : '';
    const made = cursorOf({ recorded: 'yesterday', id: 'id-1' }, question, hash);
    expect(read(`agent=a&_cursor=${made}`).ok).toBe(false);
  });
});

it('understands every parameter that the server says it does', () => {
  const claimed = SEARCHES.AuditEvent.parameters.flatMap(({ name, spellings }) => [
    name,
    ...(spellings ?? []),
  ]);
  expect(AUDIT_PARAMETERS).toEqual(
    expect.arrayContaining([...claimed, ...SEARCHES.AuditEvent.results]),
  );
});
