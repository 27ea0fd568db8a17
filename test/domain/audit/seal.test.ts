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
    const turned = Object.fromEntries(Object.entries(WHOLE).toReversed());
    expect(sealedText(turned as unknown as AuditEntry)).toBe(sealedText(WHOLE));
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
    expect(faults(second, { ...first, hash: 'x' })).toHaveLength(1);
    expect(faults(second, NO_SEAL)).toHaveLength(2);
  });
});
