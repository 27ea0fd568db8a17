import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { sha256 } from '../../src/adapters/system/sha256.ts';
import type { Seal } from '../../src/domain/audit/seal.ts';
import { verifyLog } from '../../src/interactions/verify-log.ts';
import { anAgent, anAuditEntry } from '../support/records.ts';

const NOW = Date.parse('2026-03-02T12:10:00.000Z');

const ALERT = { organization: 'A81001', kind: 'self-claim' } as const;

let folder: string;
let newest: Seal;
const path = () => join(folder, 'scr.db');

/** Three seals, on two entries each. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scr-tampering-'));
  const store = await openSqliteStore(path());
  for (let n = 0; n < 6; n += 2) {
    const agent = anAgent({ subject: `person-${n}` });
    await store.appendAudit([anAuditEntry(n, { agent }), anAuditEntry(n + 1, { alert: ALERT })]);
    newest = (await store.sealAudit(NOW + n)) as Seal;
  }
  await store.close();
});
afterEach(() => rm(folder, { recursive: true }));

function tamper(sql: string): void {
  const database = new DatabaseSync(path());
  database.exec(sql);
  database.close();
}

async function verified(kept: readonly Seal[] = [], lookUp = true) {
  const store = await openSqliteStore(path());
  try {
    return await verifyLog(store, { kept, lookUp, sha256 });
  } finally {
    await store.close();
  }
}

describe('verifying the log', () => {
  it('finds that all of it holds where nothing was changed', async () => {
    expect(await verified([newest])).toEqual({
      seals: 3,
      entries: 6,
      newest,
      faults: [],
      faultsInAll: 0,
    });
  });

  it.each([
    ['an entry removed', 'DELETE FROM audit_entry WHERE seq = 3', /Seal 2 .* 1 are there/],
    ['an entry’s time changed', 'UPDATE audit_entry SET recorded = 1 WHERE seq = 4', /Seal 2/],
    ['an entry’s id changed', "UPDATE audit_entry SET id = 'x' WHERE seq = 1", /Seal 1/],
    [
      'an entry in the place of another',
      'UPDATE audit_entry SET entry = (SELECT entry FROM audit_entry WHERE seq = 1) WHERE seq = 5',
      /Seal 3 .* does not say/,
    ],
    [
      'an entry that cannot be read',
      "UPDATE audit_entry SET entry = x'7b' WHERE seq = 5",
      /Seal 3 .* cannot be read/,
    ],
    [
      'what entries have in common',
      "UPDATE audit_value SET value = replace(value, 'person-2', 'person-9')",
      /Seal 2 .* does not say/,
    ],
    [
      'an entry put in between',
      'UPDATE audit_entry SET seq = 100 WHERE seq = 6;' +
        "INSERT INTO audit_entry SELECT 6, 'forged', recorded, entry FROM audit_entry WHERE seq = 1",
      /Seal 3/,
    ],
    ['a seal removed', 'DELETE FROM audit_seal WHERE number = 2', /Seal 3 .* behind seal 1/],
    ['a seal moved', 'UPDATE audit_seal SET up_to = 3 WHERE number = 2', /Seal 2/],
    [
      'a seal made to fit',
      "UPDATE audit_seal SET content = printf('%064d', 0) WHERE number = 1",
      /Seal 1 .* its hash/,
    ],
    [
      'an entry that its patient does not find',
      'DELETE FROM audit_term WHERE seq = 2',
      /Seal 1 .* 1 entries .* not found by their patient/,
    ],
    [
      'an entry that a privacy officer does not find',
      'DELETE FROM audit_term WHERE seq = 2',
      /Seal 1 .* 1 entries .* not found by their organisation/,
    ],
    [
      'an alert that a privacy officer does not find',
      'DELETE FROM audit_term WHERE seq = 6',
      /Seal 3 .* 1 entries .* not found by their alert/,
    ],
  ])('tells of %s', async (_, sql, words) => {
    tamper(sql);
    const { faults, faultsInAll } = await verified();
    expect(faults.join('\n')).toMatch(words);
    expect(faultsInAll).toBe(faults.length);
  });

  it('tells of the end of the log being cut off, to whoever kept its newest seal', async () => {
    tamper('DELETE FROM audit_entry WHERE seq > 4; DELETE FROM audit_seal WHERE number = 3');
    expect((await verified()).faults).toEqual([]);
    expect((await verified([newest])).faults).toEqual(['Seal 3, which was kept, is not there.']);
  });

  it('tells of all being sealed anew, to whoever kept a seal', async () => {
    tamper('DELETE FROM audit_entry WHERE seq = 2; DELETE FROM audit_seal');
    const store = await openSqliteStore(path());
    await store.sealAudit(NOW);
    await store.close();
    expect((await verified()).faults).toEqual([]);
    const kept = { ...newest, number: 1 };
    expect((await verified([kept])).faults.join()).toMatch(/Seal 1 .* not the one that was kept/);
  });
});
