import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/domain/access/caller.ts';
import { perform } from '../../src/interactions/perform.ts';
import { readAuditEvent } from '../../src/interactions/read-audit-event.ts';
import { searchAudit } from '../../src/interactions/search-audit.ts';
import { callBy, callerOf, openContext, type TestContext } from '../support/context.ts';
import { anAuditEntry, auditId } from '../support/records.ts';

const NHS_NUMBER = '9000000009';
const AUDITOR = callerOf('auditor');

type Resource = Readonly<Record<string, unknown>> & { readonly id: string };

describe('parts of AuditEvents', () => {
  let test: TestContext;
  beforeEach(async () => {
    test = await openContext();
    const patient = test.context.names.recordId(NHS_NUMBER);
    await test.context.store.appendAudit([1, 2].map((each) => anAuditEntry(each, { patient })));
  });
  afterEach(() => test.close());

  const search = async (query: string, caller: Caller = AUDITOR) => {
    const act = { interaction: 'search-type', type: 'AuditEvent', target: '/FHIR/R4/AuditEvent' };
    const asked = searchAudit(new URLSearchParams(query), { strict: true });
    const result = await perform(test.context, callBy(caller, act), asked);
    if (!result.ok) throw new Error(result.problem.issues[0].diagnostics);
    const { entry = [], link } = JSON.parse(Buffer.concat(result.value.body).toString());
    const resources = (entry as { resource: Resource }[]).map(({ resource }) => resource);
    return { resources, link: link as { url: string }[] };
  };

  const read = async (query: string) => {
    const act = { interaction: 'read', type: 'AuditEvent', target: '/FHIR/R4/AuditEvent' };
    const asked = readAuditEvent(auditId(1), new URLSearchParams(query));
    const result = await perform(test.context, callBy(AUDITOR, act), asked);
    if (!result.ok) return result.problem.kind;
    return JSON.parse(Buffer.concat(result.value.body).toString()) as Resource;
  };

  it('are shown as they are asked for, marked as such, page by page', async () => {
    const whole = (await search('agent=dr-khan')).resources;
    expect(whole).toHaveLength(2);
    expect(whole[0]).toHaveProperty('entity');
    const { resources, link } = await search('agent=dr-khan&_elements=outcome&_count=1');
    expect(resources.map(({ id }) => id)).toEqual([auditId(2)]);
    expect(Object.keys(resources[0] ?? {}).toSorted()).toEqual([
      ...['agent', 'id', 'meta', 'outcome', 'recorded', 'resourceType', 'source', 'type'],
    ]);
    expect(resources[0]?.meta).toMatchObject({ tag: [{ code: 'SUBSETTED' }] });
    const next = await search(link[1]?.url.split('?')[1] ?? '');
    expect(next.resources.map(({ id, entity }) => [id, entity])).toEqual([[auditId(1), undefined]]);
    expect((await search('agent=dr-khan&_summary=false')).resources).toEqual(whole);
  });

  it('are the narrative for a patient who asks for that alone', async () => {
    const caller = callerOf('patient', { nhsNumber: NHS_NUMBER });
    const { resources } = await search('agent=dr-khan&_summary=text', caller);
    expect(resources).toHaveLength(2);
    for (const resource of resources) {
      expect(resource).toHaveProperty('text.div');
      expect(resource).not.toHaveProperty('outcome');
    }
  });

  it('are shown of a single one as well, which refuses what it cannot obey', async () => {
    expect(await read('')).toHaveProperty('entity');
    expect(await read('_elements=outcome')).toMatchObject({
      id: auditId(1),
      meta: { tag: [{ code: 'SUBSETTED' }] },
    });
    expect(await read('_summary=true')).not.toHaveProperty('entity');
    expect(await read('_summary=count')).toBe('malformed');
    expect(await read('_elements=colour')).toBe('malformed');
  });
});
