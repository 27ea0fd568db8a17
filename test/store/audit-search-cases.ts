import { beforeEach, expect, it } from 'vitest';
import type { AuditEntry, AuditQuery } from '../../src/domain/audit/entry.ts';
import { anAgent, anAuditEntry, recordId, secondsAfterNoon } from '../support/records.ts';
import type { Opened } from './contract.ts';

/** 96 entries in which every field takes each of its values together with every other. */
const LOG: readonly AuditEntry[] = Array.from({ length: 96 }, (_, n) => {
  const subject = ['dr-khan', 'DR-KHAN', 'nurse-b'][n % 3] ?? '';
  const organization = n % 5 === 0 ? 'RX2' : 'RX1';
  return anAuditEntry(n, {
    // Four entries share each moment, so that the id has to break the tie.
    recorded: secondsAfterNoon(Math.floor(n / 4)),
    agent: n % 16 === 7 ? null : anAgent({ subject, organization }),
    patient: n % 8 === 0 ? null : recordId((n % 4) + 1),
    action: n % 7 === 0 ? 'C' : 'R',
    outcome: n % 6 === 0 ? '4' : '0',
    entityNames: [['Patient'], ['Consent', 'Patient'], []][n % 3] ?? [],
    alert: n % 9 === 0 ? { organization: `A8100${n % 2}`, kind: 'self-claim' } : null,
  });
});

const QUERIES: Readonly<Record<string, Omit<AuditQuery, 'limit' | 'after'>>> = {
  nothing: {},
  'one patient': { patients: [recordId(2)] },
  'any of two patients': { patients: [recordId(1), recordId(3), recordId(1)] },
  'one agent, case and all': { agents: ['dr-khan'] },
  'any of two agents': { agents: ['DR-KHAN', 'nurse-b'] },
  'from a moment on': { from: secondsAfterNoon(5) },
  'before a moment': { before: secondsAfterNoon(5) },
  'a stretch of time': { from: secondsAfterNoon(3), before: secondsAfterNoon(9) },
  'one action': { actions: ['C'] },
  'any of two actions': { actions: ['C', 'R'] },
  'one outcome': { outcomes: ['4'] },
  'any of two outcomes': { outcomes: ['4', '8'] },
  'one entity name': { entityNames: ['Consent'] },
  'any of two entity names': { entityNames: ['Consent', 'Patient'] },
  'one organisation': { organizations: ['RX2'] },
  'any of two organisations': { organizations: ['RX2', 'RX1'] },
  'alerts to an organisation': { alertsTo: 'A81001' },
  'a patient in a stretch of time': {
    patients: [recordId(2)],
    from: secondsAfterNoon(2),
    before: secondsAfterNoon(20),
  },
  'patient and agent': { patients: [recordId(2), recordId(3)], agents: ['nurse-b'] },
  'agent, action and outcome': { agents: ['dr-khan'], actions: ['R'], outcomes: ['4'] },
  'organisation and entity name': { organizations: ['RX1'], entityNames: ['Consent'] },
  'alert and time': { alertsTo: 'A81000', from: secondsAfterNoon(4) },
  everything: {
    patients: [recordId(2), recordId(3)],
    agents: ['DR-KHAN', 'nurse-b'],
    from: secondsAfterNoon(1),
    before: secondsAfterNoon(24),
    actions: ['R'],
    outcomes: ['0'],
    entityNames: ['Patient', 'Consent'],
    organizations: ['RX1'],
  },
};

const EMPTY: Readonly<Record<string, Omit<AuditQuery, 'limit'>>> = {
  'a patient of whom there is nothing': { patients: [recordId(99)] },
  'an agent in another case': { agents: ['Dr-Khan'] },
  'a part of a name': { entityNames: ['Pat'] },
  'an organisation in another case': { organizations: ['rx1'] },
  'an organisation without alerts': { alertsTo: 'A81009' },
  'an empty stretch of time': { from: secondsAfterNoon(5), before: secondsAfterNoon(5) },
  'any of no patients': { patients: [] },
  'any of no entity names': { entityNames: [] },
};

/** Search of the audit log by every field, alone and combined, with paging. */
export function auditSearchCases(opened: Opened): void {
  beforeEach(async () => {
    // Not in order: an entry written late must still be found in its place.
    const shuffled = LOG.toSorted(
      (a, b) =>
        (Number.parseInt(a.id.slice(-4), 16) % 5) - (Number.parseInt(b.id.slice(-4), 16) % 5),
    );
    await opened().store.appendAudit(shuffled);
  });

  it.each(Object.entries(QUERIES))('finds by %s, newest first', async (_name, query) => {
    const expected = matches(query);
    expect(expected.length).toBeGreaterThan(1);
    const all = await opened().store.searchAudit({ ...query, limit: 1000 });
    expect(all).toEqual({ entries: expected, more: false });
    const full = await opened().store.searchAudit({ ...query, limit: expected.length });
    expect(full).toEqual({ entries: expected, more: false });
    const short = await opened().store.searchAudit({ ...query, limit: expected.length - 1 });
    expect(short).toEqual({ entries: expected.slice(0, -1), more: true });
  });

  it.each(Object.entries(QUERIES))(
    'pages by %s without a gap or a repeat',
    async (_name, query) => {
      const expected = matches(query);
      const limit = Math.max(1, Math.ceil(expected.length / 5));
      const paged: AuditEntry[] = [];
      let after: AuditQuery['after'];
      for (let page = 0; page < 6; page += 1) {
        const asked = { ...query, limit, ...(after === undefined ? {} : { after }) };
        const { entries, more } = await opened().store.searchAudit(asked);
        paged.push(...entries);
        expect(more).toBe(paged.length < expected.length);
        const last = entries.at(-1);
        if (!more || last === undefined) break;
        after = { recorded: last.recorded, id: last.id };
      }
      expect(paged).toEqual(expected);
    },
  );

  it.each(Object.entries(EMPTY))('finds nothing for %s', async (_name, query) => {
    const page = await opened().store.searchAudit({ ...query, limit: 10 });
    expect(page).toEqual({ entries: [], more: false });
  });

  it.each(Object.entries(QUERIES))('pages by %s from the oldest on', async (_name, query) => {
    const expected = matches(query).toReversed();
    const limit = Math.ceil(expected.length / 3);
    const first = await opened().store.searchAudit({ ...query, oldestFirst: true, limit });
    expect(first).toEqual({ entries: expected.slice(0, limit), more: limit < expected.length });
    const last = first.entries.at(-1);
    const after = { recorded: last?.recorded ?? '', id: last?.id ?? '' };
    const rest = { ...query, oldestFirst: true, after, limit: 1000 } as const;
    const { entries } = await opened().store.searchAudit(rest);
    expect(entries).toEqual(expected.slice(limit));
  });

  it('goes on from a position that no entry holds', async () => {
    const after = { recorded: secondsAfterNoon(3), id: '' };
    const { entries } = await opened().store.searchAudit({ after, limit: 1000 });
    expect(entries).toEqual(matches({ before: secondsAfterNoon(3) }));
  });

  it('is not moved by entries appended while it pages', async () => {
    const { store } = opened();
    const [first] = (await store.searchAudit({ limit: 1 })).entries;
    await store.appendAudit([anAuditEntry(500, { recorded: secondsAfterNoon(500) })]);
    const after = { recorded: first?.recorded ?? '', id: first?.id ?? '' };
    const { entries } = await store.searchAudit({ after, limit: 1000 });
    expect(entries).toEqual(matches({}).slice(1));
  });
}

/** The same search, said plainly. */
function matches(query: Omit<AuditQuery, 'limit' | 'after'>): AuditEntry[] {
  const has = (list: readonly string[] | undefined, value: string | null | undefined): boolean =>
    list === undefined || (value != null && list.includes(value));
  return LOG.filter(
    (entry) =>
      has(query.patients, entry.patient) &&
      has(query.agents, entry.agent?.subject) &&
      has(query.organizations, entry.agent?.organization) &&
      has(query.actions, entry.action) &&
      has(query.outcomes, entry.outcome) &&
      (query.entityNames === undefined ||
        entry.entityNames.some((n) => has(query.entityNames, n))) &&
      (query.alertsTo === undefined || entry.alert?.organization === query.alertsTo) &&
      (query.from === undefined || entry.recorded >= query.from) &&
      (query.before === undefined || entry.recorded < query.before),
  ).toSorted(newestFirst);
}

function newestFirst(a: AuditEntry, b: AuditEntry): number {
  return `${a.recorded} ${a.id}` < `${b.recorded} ${b.id}` ? 1 : -1;
}
