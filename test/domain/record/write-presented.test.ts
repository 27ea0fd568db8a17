import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonObject, parseJson, writeJson } from '../../../src/domain/fhir/json.ts';
import { LAST_ISSUE_DATE_STU3 } from '../../../src/domain/fhir/systems.ts';
import type { Change } from '../../../src/domain/gp/apply-submission.ts';
import type { Entry, TextLocation } from '../../../src/domain/record/care-record.ts';
import { present } from '../../../src/domain/record/present.ts';
import { takenFrom } from '../../../src/domain/record/taken-from.ts';
import { aBundle, anAllergy, aPatient, aStatement } from '../../support/bundles.ts';
import { entryOf, NOW, taken } from '../gp/making.ts';

const NHS_NUMBER = '9990000018';
const medication = (name: string, more: object = {}): object => ({
  resourceType: 'Medication',
  id: 'm',
  identifier: [{ system: 'https://source.test/id', value: 'm' }],
  code: { coding: [{ system: 'http://snomed.info/sct', code: '324252006', display: name }] },
  ...more,
});
const { medicationCodeableConcept: _, ...UNNAMED } = aStatement('1') as Record<string, unknown>;
const BY_REFERENCE = { ...UNNAMED, medicationReference: { reference: 'Medication/m' } };

function submitted(resources: readonly object[], before: Change | null = null, at = NOW): Change {
  const bundle = aBundle([aPatient(NHS_NUMBER, 'A81001'), ...resources]);
  return taken(before?.record ?? null, bundle, { at });
}

/** The bytes of a text that one of these changes wrote. */
function bytesAt(changes: readonly Change[], { fragment, start, end }: TextLocation): Uint8Array {
  const found = changes.flatMap((each) => each.fragments).find((each) => each.id === fragment);
  if (found === undefined) throw new Error('the fragment was written');
  return found.bytes.subarray(start, end);
}

function resourceOf(changes: readonly Change[], { text }: Entry): JsonObject {
  const read = parseJson(new TextDecoder().decode(bytesAt(changes, text)));
  if (!read.ok) throw new Error('not JSON');
  return read.value as JsonObject;
}

/** What was written for people, as a whole. */
function shown(changes: readonly Change[], entry: Entry): string {
  const { change } = entry.presented ?? {};
  const stored = bytesAt(changes, entry.text);
  if (change === undefined) throw new Error('a presented form was written');
  if (change === null) return new TextDecoder().decode(stored);
  const pieces = [stored.subarray(0, change.from), bytesAt(changes, change.by)];
  return new TextDecoder().decode(Buffer.concat([...pieces, stored.subarray(change.to)]));
}

/** What a reader would make of the stored texts. */
function workedOut(changes: readonly Change[], entry: Entry): string {
  const entries = changes.at(-1)?.record.entries ?? [];
  const sources = takenFrom(entry, (id) => entries.find((each) => each.id === id));
  const others = sources.map((each) => [each, resourceOf(changes, each)] as const);
  return writeJson(present(entry.type, resourceOf(changes, entry), others, (path) => path));
}

describe('the presented form that is written with an entry', () => {
  it('is what would be worked out of its stored text, whatever that is', () => {
    const display = fc.constantFrom('Azathioprine', 'Cœliac “é” 😀', '"}],');
    const more = fc.record(
      {
        meta: fc.constant({ tag: [{ code: 'é' }] }),
        extension: fc.constant([{ url: LAST_ISSUE_DATE_STU3, valueDateTime: '2026-02-20' }]),
        category: fc.constant({ text: 'Repeat' }),
        note: fc.constant([{ text: 'é😀' }]),
        courseOfTherapyType: fc.constant(undefined),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(display, more, fc.boolean(), fc.nat(), (name, extra, isNamed, turn) => {
        const named = { coding: [{ system: 'http://snomed.info/sct', code: '1', display: name }] };
        const base = isNamed ? aStatement('1', { medicationCodeableConcept: named }) : BY_REFERENCE;
        const elements = Object.entries({ ...base, ...extra });
        const cut = turn % elements.length;
        const turned = Object.fromEntries([...elements.slice(cut), ...elements.slice(0, cut)]);
        const allergy = anAllergy('2', { code: named });
        const changes = [submitted([turned, medication(name), allergy])];
        for (const type of ['MedicationStatement', 'AllergyIntolerance']) {
          const entry = entryOf((changes[0] as Change).record, type);
          expect(shown(changes, entry)).toBe(workedOut(changes, entry));
        }
      }),
    );
  });

  it('follows what it takes from, though the entry itself is unchanged', () => {
    const first = submitted([BY_REFERENCE, medication('Old')]);
    const second = submitted([BY_REFERENCE, medication('New')], first, NOW + 1);
    const [before, after] = [first, second].map((each) =>
      entryOf(each.record, 'MedicationStatement'),
    );
    if (before === undefined || after === undefined) throw new Error('both have the statement');
    expect(after.versionId).toBe(before.versionId);
    expect(shown([first], before)).toContain('Old');
    expect(shown([first, second], after)).toBe(workedOut([first, second], after));
    expect(shown([first, second], after)).toContain('New');
    const third = submitted([BY_REFERENCE, medication('New')], second, NOW + 2);
    expect(entryOf(third.record, 'MedicationStatement')).toEqual(after);
    expect(third.fragments).toEqual([]);
  });

  it('is not written where a reference may lead to what it takes from under another name', () => {
    const reference = 'https://elsewhere.test/Medication/m';
    const unclear = { ...BY_REFERENCE, medicationReference: { reference } };
    const valueReference = { reference: 'Medication/m' };
    const extension = [{ url: 'https://elsewhere.test/also', valueReference }];
    const { record } = submitted([{ ...unclear, extension }, medication('Azathioprine')]);
    expect(entryOf(record, 'MedicationStatement')).not.toHaveProperty('presented');
  });
});
