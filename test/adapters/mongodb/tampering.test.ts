import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/adapters/system/sha256.ts';
import type { Seal } from '../../../src/domain/audit/seal.ts';
import { type LogReport, verifyLog } from '../../../src/interactions/verify-log.ts';
import { UNSEALED_MS_MAX } from '../../../src/ports/store.ts';
import { type MongoFixture, openMongoFixture, serverUrl } from '../../support/mongodb.ts';
import { anAuditEntry, auditId, recordId } from '../../support/records.ts';

const NOON = Date.parse('2026-03-02T12:00:00.000Z');
const LATER = NOON + 2 * UNSEALED_MS_MAX;

// Skipped only where no MongoDB-protocol server can be had; the global setup says so loudly.
describe.skipIf(serverUrl === null)('verifying the log on MongoDB', () => {
  let fixture: MongoFixture;
  let newest: Seal;

  /** Three seals, on two entries each. */
  beforeEach(async () => {
    fixture = await openMongoFixture();
    for (let n = 0; n < 6; n += 2) {
      await fixture.store.appendAudit([anAuditEntry(n), anAuditEntry(n + 1)]);
      newest = (await fixture.store.sealAudit(LATER + n)) as Seal;
    }
  });
  afterEach(() => fixture.dispose());

  const verified = (kept: readonly Seal[] = []): Promise<LogReport> =>
    verifyLog(fixture.store, { kept, lookUp: true, sha256 });
  const audit = () => fixture.raw.collections.audit;

  it('finds that all of it holds where nothing was changed', async () => {
    expect(await verified([newest])).toMatchObject({ seals: 3, entries: 6, newest, faults: [] });
  });

  it('leaves the newest entries to a later seal, as older ones may still come', async () => {
    const recorded = new Date(LATER + UNSEALED_MS_MAX).toISOString();
    await fixture.store.appendAudit([anAuditEntry(7, { recorded })]);
    expect(await fixture.store.sealAudit(LATER + UNSEALED_MS_MAX)).toBeNull();
    const sealed = await fixture.store.sealAudit(LATER + 3 * UNSEALED_MS_MAX);
    expect(sealed).toMatchObject({ number: 4, entries: 1 });
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['an entry removed', () => audit().deleteOne({ entry: auditId(2) }), /Seal 2 .* 1 are there/],
    ['an entry changed', () => changeText(2, (text) => text.replace('"0"', '"4"')), /Seal 2/],
    [
      'an entry’s time changed',
      () => audit().updateOne({ entry: auditId(4) }, { $set: { recorded: '2020-01-01' } }),
      /Seal 3 .* 1 are there/,
    ],
    ['an entry that cannot be read', () => changeText(5, () => '{'), /Seal 3 .* cannot be read/],
    [
      'an entry put in between',
      async () => {
        const found = await audit().findOne({ entry: auditId(1) });
        const text = JSON.stringify(anAuditEntry(1, { patient: recordId(2) }));
        if (found !== null) await audit().insertOne({ ...found, _id: 'forged', text });
      },
      /Seal 1 .* 3 are there/,
    ],
    [
      'a seal removed',
      () => fixture.raw.collections.seals.deleteOne({ _id: '000000000002' }),
      /Seal 3 .* behind seal 1/,
    ],
    [
      'an entry that its patient does not find',
      () => audit().updateOne({ entry: auditId(1) }, { $set: { patient: recordId(9) } }),
      /Seal 1 .* 1 entries .* not found by their patient/,
    ],
  ])('tells of %s', async (_, tamper, words) => {
    await tamper();
    expect((await verified()).faults.join('\n')).toMatch(words);
  });

  it('tells of the end of the log being cut off, to whoever kept its newest seal', async () => {
    await audit().deleteMany({ entry: { $in: [4, 5].map(auditId) } });
    await fixture.raw.collections.seals.deleteOne({ _id: '000000000003' });
    expect((await verified()).faults).toEqual([]);
    expect((await verified([newest])).faults).toEqual(['Seal 3, which was kept, is not there.']);
  });

  async function changeText(n: number, change: (text: string) => string): Promise<void> {
    const found = await audit().findOne({ entry: auditId(n) });
    await audit().updateOne({ entry: auditId(n) }, { $set: { text: change(found?.text ?? '') } });
  }
});
