import { describe, expect, it } from 'vitest';
import { personOf } from '../../src/domain/access/caller.ts';
import type { AuditEntry } from '../../src/domain/audit/entry.ts';
import type { Requester } from '../../src/domain/consent/rule.ts';
import type { CareRecord } from '../../src/domain/record/care-record.ts';
import type { Context } from '../../src/interactions/context.ts';
import { listEverything } from '../../src/interactions/list-everything.ts';
import { perform } from '../../src/interactions/perform.ts';
import { RecordTurns } from '../../src/interactions/record-turns.ts';
import type { Store } from '../../src/ports/store.ts';
import { CASES, type Case, momentOf, shortOf } from '../domain/consent/case-files.ts';
import { CASE_RULES, namesOf, recordOf, requesterOf } from '../domain/consent/case-record.ts';
import { BASE_URL, callBy, numberedId } from '../support/context.ts';
import { emptyMemory, memoryStore } from '../support/memory-store.ts';
import { NAMES } from '../support/play-worlds.ts';
import { aCommit, aFragment, anAuditEntry } from '../support/records.ts';

/** What the decision cases say of the audit entry, on the way that every request takes. */
describe('the audit entry of a request for the whole record', () => {
  // A role, or scopes, that do not allow the request are refused before the record is looked at.
  const asked = CASES.filter(({ caller }) => !/^(privacy|auditor|extractor)|scope=/.test(caller));

  it.each(asked)('says what was disclosed, and by which rules: $title', async (each) => {
    const entry = await auditOf(each);
    expect(told(each, entry)).toEqual(expected(each));
  });

  it('is looked at in nearly every case', () => {
    expect(asked.length / CASES.length).toBeGreaterThan(0.85);
  });
});

/** What is recorded when the caller of a case asks for the whole record. */
async function auditOf(each: Case): Promise<AuditEntry> {
  const requester = requesterOf(each.caller);
  const record = withTexts(recordOf(shortOf(each)));
  const store = await storeOf(record, requester, momentOf(each));
  let fresh = 0;
  const context: Context = {
    store,
    clock: { now: () => momentOf(each) },
    ids: { fresh: () => numberedId(++fresh) },
    names: NAMES,
    rules: CASE_RULES,
    reading: 'as-of-this-test',
    presenting: 'as-of-this-test',
    turns: new RecordTurns(),
    baseUrl: BASE_URL,
  };
  const call = callBy(requester.caller, { interaction: 'everything', action: 'E' });
  await perform(context, call, listEverything(record.id, new URLSearchParams()));
  const found = await store.auditEntry(numberedId(fresh));
  if (found === null) throw new Error('nothing was recorded');
  return found;
}

async function storeOf(record: CareRecord, requester: Requester, now: number): Promise<Store> {
  const { caller, claims } = requester;
  const mine = {
    patient: record.id,
    person: personOf(caller),
    organization: caller.organization,
    expiresAt: new Date(now + 1000).toISOString(),
  };
  const store = memoryStore(emptyMemory(new Uint8Array(32)));
  const audit = claims.map((claim, n) => anAuditEntry(n, { claim: { ...claim, ...mine } }));
  const fragments = [aFragment('texts', TEXT)];
  await store.commit(aCommit({ ...record, version: 1 }, { fragments, audit }));
  return store;
}

const TEXT = '{"resourceType":"Basic"}';

/** The record with a text for every entry: what they say is not what is looked at. */
function withTexts(record: CareRecord): CareRecord {
  const text = { fragment: 'texts', start: 0, end: TEXT.length };
  return { ...record, entries: record.entries.map((entry) => ({ ...entry, text })) };
}

function told(each: Case, entry: AuditEntry): object {
  const ids = entry.entities.map((reference) => reference.split('/')[1] ?? '');
  return {
    patient: entry.patient === null ? null : 'patient',
    outcome: entry.outcome,
    entities: namesOf(shortOf(each), ids),
    versioned: entry.entities.every((reference) => reference.includes('/_history/')),
    rules: Object.fromEntries(entry.rules.map(({ rule, withheld }) => [rule, withheld])),
    alert: entry.alert?.kind ?? null,
  };
}

function expected(each: Case): object {
  const common = { patient: 'patient', versioned: true, entities: [], alert: null };
  const entries = recordOf(shortOf(each)).entries.length;
  if (each.absent) return { ...common, outcome: '4', rules: { [each.absent]: entries } };
  if (each.refused) return { ...common, outcome: '4', rules: { [each.refused]: 0 } };
  const names = `${each.visible ?? ''} ${each.consents ?? ''}`.split(' ');
  return {
    ...common,
    outcome: '0',
    entities: names.filter((name) => name !== '').sort(),
    rules: each.rules ?? {},
    alert: each.alert ?? null,
  };
}
