import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAGMENT_BYTES_SOFT_MAX, SHARED_FRAGMENT_BYTES_MAX } from '../../../src/domain/limits.ts';
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
  it('puts a few texts into one fragment, whatever their types', () => {
    const packer = aPacker();
    const full = 'x'.repeat(SHARED_FRAGMENT_BYTES_MAX - 2);
    const places = (['Patient', 'Consent', 'Condition'] as const).map((type, n) =>
      packer.add(type, [full, 'y', 'z'][n] ?? ''),
    );
    expect(places.map((place) => place.fragment)).toEqual(['f1', 'f1', 'f1']);
    expect(packer.add('Patient', 'one more').fragment).toBe('f2');
    expect(packer.fragments().map((each) => each.bytes.length)).toEqual([16_384, 8]);
  });

  it('fills fragments to the limit and not beyond, but for a text that is larger by itself', () => {
    const packer = aPacker();
    const half = 'x'.repeat(FRAGMENT_BYTES_SOFT_MAX / 2);
    const more = 'y'.repeat(SHARED_FRAGMENT_BYTES_MAX + 1);
    const places = [half, half, more, half.repeat(3), more].map((text) =>
      packer.add('Patient', text),
    );
    expect(places.map((place) => place.fragment)).toEqual(['f1', 'f1', 'f2', 'f3', 'f4']);
    expect(packer.fragments().map((each) => each.bytes.length)).toEqual([
      65_536, 16_385, 98_304, 16_385,
    ]);
  });

  it('counts bytes, not characters', () => {
    const packer = aPacker();
    expect(packer.add('Patient', 'é😀')).toEqual({ fragment: 'f1', start: 0, end: 6 });
    expect(packer.add('Patient', 'a')).toEqual({ fragment: 'f1', start: 6, end: 7 });
  });

  it('keeps the types of many texts apart', () => {
    const packer = aPacker();
    const long = 'x'.repeat(SHARED_FRAGMENT_BYTES_MAX + 1);
    const places = ['Patient', 'Consent', 'Patient'].map((type) =>
      packer.add(type as 'Patient' | 'Consent', long),
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
