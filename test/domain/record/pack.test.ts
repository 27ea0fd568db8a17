import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAGMENT_BYTES_SOFT_MAX } from '../../../src/domain/limits.ts';
import type { TextLocation } from '../../../src/domain/record/care-record.ts';
import { Packer } from '../../../src/domain/record/pack.ts';

const TYPES = ['Patient', 'Consent', 'Condition'] as const;

function aPacker(): Packer {
  let count = 0;
  return new Packer(() => `f${++count}`);
}

function sliced(packer: Packer, { fragment, start, end }: TextLocation): string | undefined {
  const bytes = packer.fragments().find((each) => each.id === fragment)?.bytes;
  return bytes && new TextDecoder().decode(bytes.subarray(start, end));
}

describe('Packer', () => {
  it('fills fragments to the limit and not beyond, but for a text that is larger by itself', () => {
    const packer = aPacker();
    const half = 'x'.repeat(FRAGMENT_BYTES_SOFT_MAX / 2);
    const places = [half, half, 'y', half.repeat(3), 'z'].map((text) =>
      packer.add('Patient', text),
    );
    expect(places.map((place) => place.fragment)).toEqual(['f1', 'f1', 'f2', 'f3', 'f4']);
    expect(packer.fragments().map((each) => each.bytes.length)).toEqual([65_536, 1, 98_304, 1]);
  });

  it('counts bytes, not characters', () => {
    const packer = aPacker();
    expect(packer.add('Patient', 'é😀')).toEqual({ fragment: 'f1', start: 0, end: 6 });
    expect(packer.add('Patient', 'a')).toEqual({ fragment: 'f1', start: 6, end: 7 });
  });

  it('keeps types apart', () => {
    const packer = aPacker();
    const places = ['Patient', 'Consent', 'Patient'].map((type) =>
      packer.add(type as 'Patient' | 'Consent', type),
    );
    expect(places.map((place) => place.fragment)).toEqual(['f1', 'f2', 'f1']);
  });

  it('has no fragments when nothing was added, and the same ones however often it is asked', () => {
    expect(aPacker().fragments()).toEqual([]);
    const packer = aPacker();
    packer.add('Patient', 'a');
    expect(packer.fragments()).toHaveLength(1);
    expect(packer.fragments()).toHaveLength(1);
  });

  it('says exactly where every text stands', () => {
    const text = fc.tuple(
      fc.constantFrom(...TYPES),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(1, 1, 20_000),
    );
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        const packer = aPacker();
        const added = texts.map(([type, piece, times]) => {
          const whole = piece.repeat(times);
          return { whole, place: packer.add(type, whole) };
        });
        for (const { whole, place } of added) expect(sliced(packer, place) === whole).toBe(true);
        const total = packer.fragments().reduce((sum, each) => sum + each.bytes.length, 0);
        expect(total).toBe(added.reduce((sum, { place }) => sum + place.end - place.start, 0));
      }),
      { numRuns: 40 },
    );
  });
});
