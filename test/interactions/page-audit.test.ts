import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/domain/audit/entry.ts';
import { perform } from '../../src/interactions/perform.ts';
import { searchAudit } from '../../src/interactions/search-audit.ts';
import { callBy, callerOf, openContext, type TestContext } from '../support/context.ts';
import { anAuditEntry, auditId, secondsAfterNoon } from '../support/records.ts';

const AUDITOR = callerOf('auditor');

let test: TestContext;
beforeEach(async () => {
  test = await openContext();
});
afterEach(() => test.close());

async function append(...entries: AuditEntry[]): Promise<void> {
  await test.context.store.appendAudit(entries);
}

/** What was found, and the query of the next page; or why nothing was. */
async function page(query: string): Promise<Page | string> {
  const act = { interaction: 'search-type', type: 'AuditEvent', target: '/FHIR/R4/AuditEvent' };
  const asked = searchAudit(new URLSearchParams(query), { strict: true });
  const result = await perform(test.context, callBy(AUDITOR, act), asked);
  if (!result.ok) return result.problem.kind;
  const { entry = [], link } = JSON.parse(Buffer.concat(result.value.body).toString()) as Bundle;
  const next = link.find(({ relation }) => relation === 'next')?.url.split('?')[1];
  return { ids: entry.map(({ resource }) => resource.id), next };
}

interface Page {
  readonly ids: readonly string[];
  readonly next: string | undefined;
}

interface Bundle {
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly { readonly resource: { readonly id: string } }[];
}

it('follows next links to every entry once, newest first, while the log grows', async () => {
  const entries = Array.from({ length: 7 }, (_, n) =>
    anAuditEntry(n, { recorded: secondsAfterNoon(Math.floor(n / 2)) }),
  );
  await append(...entries);
  const ids = await idsPageByPage('agent=dr-khan', (page) =>
    append(anAuditEntry(100 + page, { recorded: secondsAfterNoon(100) })),
  );
  expect(ids).toEqual([6, 5, 4, 3, 2, 1, 0].map(auditId));
});

it('begins with the oldest where that is asked for, and ends with what came meanwhile', async () => {
  await append(...Array.from({ length: 5 }, (_, n) => anAuditEntry(n)));
  const ids = await idsPageByPage('agent=dr-khan&_sort=date', async (page) => {
    if (page === 0) await append(anAuditEntry(100, { recorded: secondsAfterNoon(100) }));
  });
  expect(ids).toEqual([0, 1, 2, 3, 4, 100].map(auditId));
});

it('is in the order asked for when entries are named by their ids', async () => {
  await append(anAuditEntry(1), anAuditEntry(2));
  const both = [auditId(1), auditId(2)];
  expect(await page(`_id=${both}&_sort=date`)).toMatchObject({ ids: both });
  expect(await page(`_id=${both}`)).toMatchObject({ ids: both.toReversed() });
});

it.each([
  ['another filter', 'agent=other'],
  ['another order', 'agent=dr-khan&_sort=date'],
])('refuses a cursor under %s', async (_name, other) => {
  await append(anAuditEntry(1), anAuditEntry(2));
  const first = await page('agent=dr-khan&_count=1');
  const cursor = new URLSearchParams((first as Page).next).get('_cursor') ?? '';
  expect(await page(`agent=dr-khan&_cursor=${cursor}`)).toMatchObject({ ids: [auditId(1)] });
  expect(await page(`${other}&_cursor=${cursor}`)).toBe('malformed');
});

/** The ids on all pages of three entries, with something done after each. */
async function idsPageByPage(
  query: string,
  between: (page: number) => Promise<void>,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let asked: string | undefined = `${query}&_count=3`;
  for (let n = 0; n < 4 && asked !== undefined; n += 1) {
    const found = (await page(asked)) as Page;
    ids.push(...found.ids);
    asked = found.next;
    await between(n);
  }
  expect(asked).toBeUndefined();
  return ids;
}
