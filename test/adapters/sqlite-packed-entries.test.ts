import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packEntries } from '../../src/adapters/sqlite/pack-entries.ts';
import { unpackEntries } from '../../src/adapters/sqlite/unpack-entries.ts';
import type { Entry } from '../../src/domain/record/care-record.ts';
import { anEntry, recordId } from '../support/records.ts';

const word = fc.oneof(fc.constantFrom('', 'A81001', 'é😀', '"\\', '0'), fc.string());
const number = fc.nat();
const words = fc.array(word, { maxLength: 3 });
const text = fc.record({ fragment: word, start: number, end: number });
const day = fc.option(word);
const prescription = fc.constantFrom('acute', 'repeat', 'unstated');
const presented = fc.record({
  rules: word,
  sources: words,
  change: fc.option(fc.record({ from: number, to: number, by: text })),
});

/** What is said of an entry, in any combination. */
const said = fc.record(
  {
    type: fc.constantFrom('MedicationStatement', 'Consent', 'Patient'),
    recordedBy: word,
    lastUpdated: word,
    since: number,
    withdrawn: fc.boolean(),
    text,
    labels: words,
    codes: words,
    refs: fc.array(
      fc.oneof(
        word,
        fc.nat(5).map((n) => anEntry(n).id),
        fc.constant(recordId(1)),
      ),
    ),
    tellsOf: words,
    medication: fc.record({ prescription, status: word, start: day, end: day, issued: day }),
    plan: prescription,
    choice: fc.record({ policy: word, names: words }),
    stated: fc.record({ codes: words, prescription, basedOn: words }),
    presented,
  },
  { requiredKeys: [] },
);

describe('packed entries', () => {
  it('come back as they were, through JSON', () => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 6 }), fc.nat(6), (changes, patient) => {
        const entries = changes.map((each, n): Entry => {
          const id = n === patient ? { id: recordId(1) } : {};
          return anEntry(n, { ...(each as object), ...id });
        });
        const packed = packEntries(recordId(1), entries);
        const back = unpackEntries(recordId(1), JSON.parse(JSON.stringify(packed)));
        expect(back).toStrictEqual(JSON.parse(JSON.stringify(entries)));
      }),
    );
  });

  it('are only those whose ids and digests have the lengths that they have here', () => {
    for (const odd of [
      { id: 'r-1' },
      { id: anEntry(1).id.replace('-', '+') },
      { versionId: '1' },
    ]) {
      expect(packEntries(recordId(1), [anEntry(1, odd)])).toBeNull();
    }
    expect(packEntries(recordId(2), [anEntry(1)])).toBeNull();
    expect(packEntries(recordId(1), [anEntry(1, { digest: 'd' })])).toBeNull();
  });

  it('that are not whole are not read', () => {
    const packed = packEntries(recordId(1), [anEntry(1), anEntry(2)]);
    if (packed === null) throw new Error('these can be packed');
    for (const broken of [
      { ...packed, rows: packed.rows.slice(0, -1) },
      { ...packed, words: packed.words.slice(0, -1) },
    ]) {
      expect(() => unpackEntries(recordId(1), broken)).toThrow('INVARIANT');
    }
  });
});
