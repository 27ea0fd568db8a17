import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/adapters/system/sha256.ts';
import { sealFaults } from '../../../src/domain/audit/check-seal.ts';
import type { AuditEntry } from '../../../src/domain/audit/entry.ts';
import { NO_SEAL, type Seal, sealedText, sealOn } from '../../../src/domain/audit/seal.ts';
import { aClaim, anAgent, anAuditEntry } from '../../support/records.ts';

/** An entry in which nothing is left out. */
const WHOLE = anAuditEntry(1, {
  outcomeDesc: 'words',
  agent: anAgent({ client: 'client', tokenId: 'token' }),
  query: '/FHIR/R4/Patient',
  rules: [{ rule: 'dissent', withheld: 3 }],
  alert: { organization: 'A81001', kind: 'self-claim' },
  claim: aClaim({ note: 'note' }),
  resolution: { alert: 'an-alert', action: 'close', reason: 'reason' },
});

/** The entry with one value in it changed, once for each value that it has. */
function* changes(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) {
    yield typeof value === 'number' ? value + 1 : `${value} `;
    return;
  }
  for (const [name, part] of Object.entries(value)) {
    for (const other of changes(part)) {
      if (Array.isArray(value)) yield value.with(Number(name), other);
      else yield { ...value, [name]: other };
    }
  }
}

describe('what is sealed of an entry', () => {
  it('is all that it says: no value of it can be another', () => {
    const changed = [...changes(WHOLE)] as AuditEntry[];
    expect(changed.length).toBeGreaterThan(30);
    const texts = [WHOLE, ...changed].map(sealedText);
    expect(new Set(texts).size).toBe(changed.length + 1);
  });

  it('tells nothing from an empty value, and one list from another', () => {
    const texts = [
      WHOLE,
      { ...WHOLE, query: '' },
      { ...WHOLE, query: null },
      { ...WHOLE, entities: ['a,b'] },
      { ...WHOLE, entities: ['a', 'b'] },
      { ...WHOLE, entities: [], entityNames: ['a', 'b'] },
    ].map(sealedText);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('does not depend on the order in which an entry names its parts', () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      const entries = Object.entries(value).map(([name, part]) => [name, turned(part)]);
      return Object.fromEntries(entries.toReversed());
    };
    expect(sealedText(turned(WHOLE) as AuditEntry)).toBe(sealedText(WHOLE));
  });

  it('is the same text in every version of this software, as seals of before must hold', () => {
    expect(sealedText(WHOLE)).toBe(
      '["019cb000-0000-7000-8000-000000000001","2026-03-02T12:00:00.000Z","read","R","0","words",["https://issuer.example","dr-khan","Dr A Khan","RX1","Leeds Urgent Care","clinician","TREAT","client","token"],"000000000000000000000001",["Patient/000000000000000000000001/_history/1"],["Patient"],"/FHIR/R4/Patient","request-1",[["dissent",3]],["A81001","self-claim"],["000000000000000000000001","https://issuer.example|dr-khan","RX1","care-episode","note","2026-03-02T12:00:00.000Z","2026-03-02T13:00:00.000Z"],["an-alert","close","reason"]]',
    );
    const bare = anAuditEntry(2, { agent: null, patient: null });
    expect(sealedText(bare)).toBe(
      '["019cb000-0000-7000-8000-000000000002","2026-03-02T12:00:00.000Z","read","R","0",null,null,null,["Patient/000000000000000000000001/_history/1"],["Patient"],null,"request-2",[],null,null,null]',
    );
    const place = { at: '2026-03-02T12:00:00.000Z', upTo: '2' };
    const { content, hash } = sealOn([WHOLE, bare], place, NO_SEAL, sha256);
    expect([content, hash]).toEqual([
      'c92013eff8df6d4180f93cf9fe5693cf248e2a4a94fbe6888bc774b0995ccdc8',
      'c95511b748548d688686fa8da5a8a160fcbd5de77fd0d9c7e2c54f2cae084c1f',
    ]);
  });
});

describe('a seal', () => {
  const entries = [WHOLE, anAuditEntry(2)];
  const place = { at: '2026-03-02T12:00:00.000Z', upTo: '2' };
  const first = sealOn([anAuditEntry(0)], { ...place, upTo: '1' }, NO_SEAL, sha256);
  const second = sealOn(entries, place, first, sha256);
  const faults = (seal: Seal, before: Pick<Seal, 'number' | 'hash'> = first, covered = entries) =>
    sealFaults(seal, before, covered, sha256);

  it('holds over what it was made of', () => {
    expect(sealFaults(first, NO_SEAL, [anAuditEntry(0)], sha256)).toEqual([]);
    expect(faults(second)).toEqual([]);
  });

  it.each(Object.keys(second))('does not hold with another value: %s', (name) => {
    const value = second[name as keyof Seal];
    const changed = { ...second, [name]: typeof value === 'number' ? value + 1 : `${value}0` };
    expect(faults(changed)).not.toEqual([]);
  });

  it('does not hold over other entries, fewer, more, or in another order', () => {
    expect(faults(second, first, [WHOLE, anAuditEntry(3)])).toEqual([
      'an entry that it covers does not say what it said',
    ]);
    expect(faults(second, first, entries.toReversed())).toHaveLength(1);
    expect(faults(second, first, [WHOLE])).toEqual(['it covers 2 entries, and 1 are there']);
    expect(faults(second, first, [...entries, anAuditEntry(3)])).toHaveLength(1);
    expect(sealFaults(second, first, null, sha256)).toEqual([
      'an entry that it covers cannot be read any more',
    ]);
  });

  it('does not hold behind another seal, or without the one before it', () => {
    const hash = 'its hash is not that of what it says and of the seal before it';
    expect(faults(second, { ...first, hash: 'x' })).toEqual([hash]);
    const missing = 'it stands behind seal 0: others between them are missing';
    expect(faults(second, NO_SEAL)).toEqual([missing, hash]);
  });
});
