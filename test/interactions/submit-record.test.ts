import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Context } from '../../src/interactions/context.ts';
import { perform } from '../../src/interactions/perform.ts';
import { RecordTurns } from '../../src/interactions/record-turns.ts';
import { submitRecord } from '../../src/interactions/submit-record.ts';
import type { Store } from '../../src/ports/store.ts';
import { aBundle, aConsent, anAllergy, aPatient } from '../support/bundles.ts';
import { callBy, callerOf, openContext, type TestContext } from '../support/context.ts';
import { submissionOf } from '../support/requests.ts';

const NUMBER = '9990000018';
const PRACTICE = callerOf('gp-system', { organization: 'A81001' });
const PATIENT = aPatient(NUMBER, 'A81001');
const DAY = 86_400_000;

let test: TestContext;
beforeEach(async () => {
  test = await openContext();
});
afterEach(() => test.close());

function dissent(dateTime: string): object {
  return aConsent('p1', 'scr-dissent', 'deny', 'A81001', { id: 'c1', dateTime });
}

/** What a submission by the registered practice comes to: `ok`, or the words of its refusal. */
async function submit(...resources: readonly object[]): Promise<string> {
  return submitTo(test.context, ...resources);
}

async function submitTo(context: Context, ...resources: readonly object[]): Promise<string> {
  const act = { interaction: 'submit-record', type: 'System', action: 'C' } as const;
  const body = JSON.stringify(submissionOf(aBundle([PATIENT, ...resources])));
  const result = await perform(context, callBy(PRACTICE, act), submitRecord(body));
  return result.ok ? 'ok' : `${result.problem.kind}: ${result.problem.issues[0].diagnostics}`;
}

/** The same context, whose store tells of the record being read, and of what came of commits. */
function watched(told: string[], beforeCommit: () => Promise<void> = async () => {}): Context {
  const { store } = test.context;
  const watching: Store = {
    ...store,
    currentRecord: (...args) => {
      told.push('read');
      return store.currentRecord(...args);
    },
    commit: async (commit) => {
      await beforeCommit();
      const outcome = await store.commit(commit);
      told.push(outcome);
      return outcome;
    },
  };
  return { ...test.context, store: watching };
}

async function optedOutSince(): Promise<string | null> {
  const record = await test.context.store.currentRecord(test.context.names.recordId(NUMBER));
  return record?.dissentSeenAt ?? null;
}

it('takes a dissent that comes with a submission, for a record that is there already', async () => {
  expect(await submit(anAllergy('1'))).toBe('ok');
  test.advance(DAY);
  expect(await submit(dissent('2026-03-03'))).toBe('ok');
  expect(await optedOutSince()).not.toBeNull();
});

it('takes a dissent with a patient’s first submission', async () => {
  expect(await submit(dissent('2026-03-01'))).toBe('ok');
  expect(await optedOutSince()).not.toBeNull();
});

it('stores no clinical entry together with a dissent, nor the dissent, and says so', async () => {
  expect(await submit(anAllergy('1'))).toBe('ok');
  expect(await submit(anAllergy('1'), dissent('2026-03-01'))).toMatch(
    /^forbidden: (?!The patient has opted out).*nothing was stored/i,
  );
  expect(await optedOutSince()).toBeNull();
});

it('takes nothing for a patient who has opted out, until a submission opts in', async () => {
  expect(await submit(dissent('2026-03-01'))).toBe('ok');
  for (const resources of [[], [anAllergy('1')], [dissent('2026-03-02')]]) {
    expect(await submit(...resources)).toMatch(/^forbidden: The patient has opted out/);
  }
  const optIn = aConsent('p1', 'scr-core', 'permit', 'A81001', {
    id: 'c2',
    dateTime: '2026-03-02T11:00:00Z',
  });
  expect(await submit(optIn, anAllergy('1'))).toBe('ok');
});

it('reads the record once for a submission, changed or the same again', async () => {
  const told: string[] = [];
  const context = watched(told);
  expect(await submitTo(context, anAllergy('1'))).toBe('ok');
  expect(await submitTo(context, anAllergy('1'), anAllergy('2'))).toBe('ok');
  expect(await submitTo(context, anAllergy('1'), anAllergy('2'))).toBe('ok');
  expect(told).toEqual(['read', 'committed', 'read', 'committed', 'read', 'committed']);
});

it('reads the record anew when another writer of this process was before it', async () => {
  const told: string[] = [];
  const context = watched(told);
  const answers = [submitTo(context, anAllergy('1')), submitTo(context, anAllergy('2'))];
  expect(await Promise.all(answers)).toEqual(['ok', 'ok']);
  expect(told).toEqual(['read', 'read', 'committed', 'read', 'committed']);
});

it('takes nothing when the patient opts out between its reading of the record and its commit', async () => {
  expect(await submit(anAllergy('1'))).toBe('ok');
  const told: string[] = [];
  const elsewhere: Context = { ...test.context, turns: new RecordTurns() };
  const optOut = async (): Promise<void> => {
    if (told.includes('conflict')) return;
    expect(await submitTo(elsewhere, dissent('2026-03-01'))).toBe('ok');
  };
  expect(await submitTo(watched(told, optOut), anAllergy('1'), anAllergy('2'))).toMatch(
    /^forbidden: The patient has opted out/,
  );
  expect(told).toEqual(['read', 'conflict', 'read']);
});
