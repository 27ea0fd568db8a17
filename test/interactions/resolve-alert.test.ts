import { afterEach, beforeEach, expect, it } from 'vitest';
import { resolutionName } from '../../src/domain/audit/resolution.ts';
import type { Context } from '../../src/interactions/context.ts';
import { perform } from '../../src/interactions/perform.ts';
import { resolveAlert } from '../../src/interactions/resolve-alert.ts';
import { callBy, callerOf, openContext, type TestContext } from '../support/context.ts';
import { parametersOf } from '../support/parameters.ts';
import { anAgent, anAuditEntry, auditId } from '../support/records.ts';

const OFFICER = callerOf('privacy-officer');
const ALERT = anAuditEntry(1, { alert: { organization: 'RX1', kind: 'self-claim' } });

let test: TestContext;
beforeEach(async () => {
  test = await openContext();
  await test.context.store.appendAudit([ALERT]);
});
afterEach(() => test.close());

async function close(context: Context, action = 'close', caller = OFFICER) {
  const body = parametersOf({ action: { valueCode: action }, reason: { valueString: 'Seen.' } });
  const call = callBy(caller, { interaction: 'resolve-alert', type: 'AuditEvent', action: 'E' });
  const interaction = resolveAlert(ALERT.id, JSON.parse(JSON.stringify(body)));
  const result = await perform(context, call, interaction);
  return result.ok ? result.value.status : result.problem.kind;
}

/** What an officer in another process appends at the very same moment. */
const OTHERS = anAuditEntry(2, {
  agent: anAgent({ role: 'privacy-officer' }),
  interaction: 'resolve-alert',
  entityNames: ['AuditEvent', resolutionName(ALERT.id)],
  resolution: { alert: ALERT.id, action: 'close', reason: 'Me too.' },
});

it('closes an alert, and is in the log under its name', async () => {
  expect(await close(test.context)).toBe('created');
  const entityNames = [resolutionName(ALERT.id)];
  const { entries } = await test.context.store.searchAudit({ entityNames, limit: 5 });
  expect(entries.map(({ resolution, outcome }) => [resolution?.action, outcome])).toEqual([
    ['close', '0'],
  ]);
});

it('tells nobody that they closed it when another process did at the same moment', async () => {
  const { store } = test.context;
  const racing: Context = {
    ...test.context,
    store: {
      ...store,
      auditEntry: (id) => store.auditEntry(id),
      searchAudit: (query) => store.searchAudit(query),
      async appendAudit(entries) {
        const first = entries.some(({ resolution }) => resolution !== undefined);
        await store.appendAudit(first ? [OTHERS, ...entries] : entries);
      },
    },
  };
  expect(await close(racing)).toBe('conflict');
  expect(await close(test.context)).toBe('conflict');
});

it('reaches with a token limited to one patient only alerts about that patient', async () => {
  const limited = { ...OFFICER, launchPatient: 'f'.repeat(24) };
  expect(await close(test.context, 'close', limited)).toBe('not-found');
  const same = { ...OFFICER, launchPatient: ALERT.patient };
  expect(await close(test.context, 'close', same)).toBe('created');
});

it('finds all that was done with an alert, however much it is', async () => {
  const many = Array.from({ length: 1_001 }, (_, n) => ({ ...OTHERS, id: auditId(100 + n) }));
  const escalated = many.map((entry) => ({
    ...entry,
    resolution: { alert: ALERT.id, action: 'escalate', reason: 'Again.' } as const,
  }));
  await test.context.store.appendAudit([{ ...OTHERS, id: auditId(3) }, ...escalated]);
  expect(await close(test.context)).toBe('conflict');
});
