import { describe, expect, it } from 'vitest';
import { frameAt, framePart, framesOf } from '../../src/adapters/sqlite/audit-frame.ts';
import { packEntry } from '../../src/adapters/sqlite/audit-pack.ts';
import type { PackedEntry } from '../../src/adapters/sqlite/audit-packed.ts';
import { framesFor, partFor } from '../support/audit-frames.ts';
import { aClaim, anAgent, anAuditEntry } from '../support/records.ts';

/** The entries of each frame at the beginning of some bytes. */
function readAll(bytes: Buffer): readonly (readonly PackedEntry[])[] {
  const frames: (readonly PackedEntry[])[] = [];
  for (let next = frameAt(bytes, 0); next !== null; next = frameAt(bytes, next.end)) {
    frames.push(next.entries);
  }
  return frames;
}

/** An entry that links to this value under this link. */
function linkedTo(link: number, value: string): PackedEntry {
  const packed = packEntry(anAuditEntry(1, { agent: null }));
  const bytes = Buffer.from(packed.bytes);
  bytes.writeUIntBE(link, 1, 6);
  return { ...packed, bytes, values: [{ link, value }] };
}

describe('A frame of the audit log', () => {
  it.each([
    ['with an agent', anAuditEntry(1, { agent: anAgent({ name: 'Zoë "Z" Ó\t\0' }) })],
    ['without an agent', anAuditEntry(2, { agent: null })],
    ['with a claim', anAuditEntry(3, { claim: aClaim() })],
    ['in no known form', anAuditEntry(4, { query: 'a\0b' })],
  ])('gives back an entry %s, the second time as well', (_name, entry) => {
    const packed = packEntry(entry);
    const twice = Buffer.concat([framesFor([entry]), framesFor([entry])]);
    expect(readAll(twice)).toEqual([[packed], [packed]]);
  });

  it('holds what is common to its entries once', () => {
    const [first, second] = [[anAuditEntry(1)], [anAuditEntry(2)]];
    const apart = framesFor(first).length + framesFor(second).length;
    const [{ value } = { value: '' }] = packEntry(anAuditEntry(1)).values;
    expect(framesFor(first, second).length).toBeLessThan(apart - value.length);
  });

  it('is followed by another one for what would make it too long, and all is in order', () => {
    const entries = Array.from({ length: 200 }, (_, n) =>
      anAuditEntry(n, { query: 'x'.repeat(2_000) }),
    );
    const frames = readAll(framesOf(entries.map((entry) => partFor([entry]))));
    expect(frames.length).toBeGreaterThan(1);
    expect(frames.flat()).toEqual(entries.map(packEntry));
  });

  it('is followed by another one for a value whose link another value has', () => {
    const [one, other] = [linkedTo(7, '["one"]'), linkedTo(7, '["other"]')];
    const parts = [one, other, one].map((entry) => framePart([entry]));
    const frames = readAll(framesOf(parts.filter((part) => part !== null)));
    expect(frames).toEqual([[one], [other], [one]]);
    expect(framePart([one, other])).toBe(null);
  });

  it('takes no entry that is too long, or of a moment that it cannot say', () => {
    const long = anAuditEntry(1, { query: 'x'.repeat(128 * 1024) });
    expect(framePart([packEntry(long)])).toBe(null);
    expect(framePart([packEntry(anAuditEntry(1, { recorded: '1969-12-31T23:59:59.999Z' }))])).toBe(
      null,
    );
  });

  it('is not taken where a fault of the disk changed it, nor is what follows it', () => {
    const [first, second, third] = [1, 2, 3].map((n) => framesFor([anAuditEntry(n)])) as [
      Buffer,
      Buffer,
      Buffer,
    ];
    const at = second.indexOf('dr-khan');
    second.write('dr-khal', at);
    expect(at).toBeGreaterThan(0);
    const bytes = Buffer.concat([first, second, third]);
    expect(readAll(bytes)).toEqual([[packEntry(anAuditEntry(1))]]);
    expect(frameAt(bytes, 0)?.end).toBe(first.length);
  });
});
