import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { type Compared, expectAgreement } from './compare-search.ts';
import { type SearchRequest, searchRequests } from './search-arbitraries.ts';
import { CALLERS, type StagedRecord, stageRecord } from './search-stage.ts';
import { sentRecord } from './sent-records.ts';

/** `npm run test:deep` tries many more. */
const DEEP = process.env.SCR_TEST_DEEP === '1';
const SEARCHES = DEEP ? 10_000 : 512;
const RECORDS = DEEP ? 20 : 3;
const LIMIT_MS = DEEP ? 3_600_000 : 120_000;
/** How many searches are on their way at once: the audit entries of all are written together. */
const AT_ONCE = 32;
const [ANY = 0] = fc.sample(fc.noBias(fc.nat()), 1);
/** What records and searches are generated from; a failure names it. */
const SEED = Number(process.env.SCR_TEST_SEED ?? ANY);

/** What has to have found something: had nothing been found, agreement would say nothing. */
const TRIED = [
  ...['token', 'reference', 'string', 'date', 'quantity', 'uri', 'composite', 'chain'],
  ...['reverse chain', 'sort', 'several pages', 'includes', 'form', 'practice', 'clinician'],
];
const FOUND_SHARE = 0.15;

describeOnBothStores('a search of what the server holds', (start) => {
  let app: TestApp;
  const records: StagedRecord[] = [];

  beforeAll(async () => {
    app = await start();
    const sent = fc.sample(fc.noBias(sentRecord), { numRuns: RECORDS, seed: SEED });
    for (const [index, each] of sent.entries()) records.push(await stageRecord(app, each, index));
  }, LIMIT_MS);
  afterAll(() => app.close());

  it(
    'finds, sorts, pages, counts and includes what a naive reading of the definitions does',
    async () => {
      const now = app.context.clock.now();
      const counts = new Map<string, number>();
      const compare = async (request: SearchRequest) => {
        const compared = await expectAgreement(request, records, now).catch(fail);
        for (const each of triedBy(request, compared))
          counts.set(each, (counts.get(each) ?? 0) + 1);
      };
      const requests = fc.noBias(searchRequests(RECORDS, CALLERS));
      const all = fc.sample(requests, { numRuns: SEARCHES, seed: SEED });
      for (let first = 0; first < SEARCHES; first += AT_ONCE) {
        await Promise.all(all.slice(first, first + AT_ONCE).map(compare));
      }
      expect((counts.get('found') ?? 0) / SEARCHES).toBeGreaterThan(FOUND_SHARE);
      expect(TRIED.filter((each) => !counts.has(each))).toEqual([]);
    },
    LIMIT_MS,
  );
});

function fail(cause: unknown): never {
  throw new Error(`They disagree; SCR_TEST_SEED=${SEED} generates the same again.`, { cause });
}

/** What a search tried, if it found something. */
function triedBy(
  { tries, results, isPosted, caller }: SearchRequest,
  { matches, pages, included }: Compared,
): readonly string[] {
  if (matches === 0) return [];
  return [
    ...['found', tries, caller === 0 ? 'practice' : 'clinician'],
    ...(results._sort !== null && matches > 1 ? ['sort'] : []),
    ...(pages > 1 ? ['several pages'] : []),
    ...(included > 0 ? ['includes'] : []),
    ...(isPosted ? ['form'] : []),
  ];
}
