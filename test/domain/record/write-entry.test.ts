import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { parseJson } from '../../../src/domain/fhir/json.ts';
import { recordIdOf } from '../../../src/domain/fhir/record-id.ts';
import {
  labelsOf,
  literalReferencesOf,
  mentionsOf,
} from '../../../src/domain/record/entry-facts.ts';
import { entryText } from '../../../src/domain/record/entry-text.ts';
import { Packer } from '../../../src/domain/record/pack.ts';
import { type Draft, withdrawEntry, writeEntry } from '../../../src/domain/record/write-entry.ts';
import { NAMING } from '../gp/making.ts';

const SERVER = { versionId: 'v1', lastUpdated: '2026-03-02T12:00:00.000Z' };

function resource(text: string): JsonObject {
  const read = parseJson(text);
  if (!read.ok) throw new Error('not JSON');
  return read.value as JsonObject;
}

function writing(now: string, version: number) {
  let count = 0;
  const packer = new Packer(() => `f${version}-${++count}`);
  return { organization: 'A81001', now, version, naming: NAMING, packer };
}

function draft(more: JsonObject = {}, labels: readonly string[] = []): Draft {
  const sent = { resourceType: 'Condition', id: 'theirs', ...more };
  return { id: 'r-1', type: 'Condition', resource: sent, facts: { labels, codes: [], refs: [] } };
}

describe('the text of an entry', () => {
  const sent = resource(
    '{"id":"theirs","resourceType":"Condition","z":1.00,"meta":{"versionId":"9","tag":[{"code":"é"}],' +
      '"lastUpdated":"2020"},"a":{"b":[null,{"c":"\\ud83d"}]},"_z":{"id":"x"}}',
  );

  it('is what was sent, under the id here, with the server’s own meta elements', () => {
    expect(entryText(sent, 'r-1').served(SERVER)).toBe(
      '{"resourceType":"Condition","id":"r-1","meta":{"tag":[{"code":"é"}],"versionId":"v1",' +
        '"lastUpdated":"2026-03-02T12:00:00.000Z"},"z":1.00,"a":{"b":[null,{"c":"\\ud83d"}]},"_z":{"id":"x"}}',
    );
  });

  it('is compared without what the server says about it', () => {
    expect(entryText(sent, 'r-1').content).toBe(
      '{"resourceType":"Condition","id":"r-1","meta":{"tag":[{"code":"é"}]},"z":1.00,' +
        '"a":{"b":[null,{"c":"\\ud83d"}]},"_z":{"id":"x"}}',
    );
    const bare = entryText({ resourceType: 'Condition' }, 'r-1').content;
    expect(bare).toBe('{"resourceType":"Condition","id":"r-1"}');
    const meta = { versionId: '3', lastUpdated: '2020' };
    expect(entryText({ resourceType: 'Condition', meta }, 'r-1').content).toBe(bare);
  });
});

describe('writing an entry', () => {
  const first = writeEntry(draft({ note: 'a' }), undefined, writing('2026-01-01T00:00:00.000Z', 1));

  it('creates it', () => {
    expect(first).toMatchObject({
      change: 'created',
      entry: { id: 'r-1', recordedBy: 'A81001', since: 1, withdrawn: false },
    });
    expect(first.entry.text.fragment).toBe('f1-1');
  });

  it('keeps the version of content that is equal, and takes over its facts', () => {
    const again = writeEntry(
      draft({ note: 'a', meta: { versionId: '5' } }, ['s|R']),
      first.entry,
      writing('2026-01-02T00:00:00.000Z', 2),
    );
    expect(again).toEqual({
      change: 'unchanged',
      text: null,
      entry: { ...first.entry, labels: ['s|R'] },
    });
  });

  it('gives content that differs a version that says nothing about the one before', () => {
    const next = writing('2026-01-02T00:00:00.000Z', 2);
    const { entry, change } = writeEntry(draft({ note: 'b' }), first.entry, next);
    expect(change).toBe('updated');
    expect(entry).toMatchObject({ id: 'r-1', since: 2, lastUpdated: next.now });
    expect(entry.versionId).not.toBe(first.entry.versionId);
    expect(entry.versionId).toMatch(/^[0-9a-f]{16}$/);
  });

  it('withdraws it with its last text kept, and creates it again when it comes back', () => {
    const gone = withdrawEntry(first.entry, writing('2026-01-02T00:00:00.000Z', 2));
    expect(gone).toMatchObject({ withdrawn: true, since: 2, text: first.entry.text });
    expect(gone.versionId).not.toBe(first.entry.versionId);
    const back = writeEntry(draft({ note: 'a' }), gone, writing('2026-01-03T00:00:00.000Z', 3));
    expect(back).toMatchObject({ change: 'created', entry: { id: 'r-1', withdrawn: false } });
    expect(back.entry.versionId).not.toBe(first.entry.versionId);
  });
});

describe('the facts of an entry', () => {
  it('are its labels, whatever their systems', () => {
    expect(
      labelsOf({ meta: { security: [{ system: 's', code: 'R' }, { code: 'V' }, {}] } }),
    ).toEqual(['s|R', '|V', '|']);
    expect(labelsOf({})).toEqual([]);
    expect(labelsOf({ meta: {} })).toEqual([]);
  });

  it('are all of its clinical codes, contained resources included, each once', () => {
    const coding = (system: string | undefined, code: string) => ({ coding: [{ system, code }] });
    const allergy = {
      code: coding('http://snomed.info/sct', '1'),
      clinicalStatus: coding('http://terminology.hl7.org/CodeSystem/x', 'active'),
      contained: [{ code: coding('http://snomed.info/sct', '2') }],
      reaction: [
        { manifestation: [coding(undefined, '3'), coding('http://snomed.info/sct', '1')] },
      ],
      category: { coding: [{ system: 'http://snomed.info/sct' }] },
    } as unknown as JsonObject;
    expect([...mentionsOf(allergy).codes]).toEqual([
      'http://snomed.info/sct|1',
      'http://snomed.info/sct|2',
      '|3',
    ]);
  });

  it('are its literal references without versions, each once', () => {
    const of = {
      a: { reference: 'X/1/_history/2' },
      b: [{ reference: 'X/1' }, { reference: '#c' }],
    };
    expect(literalReferencesOf(of)).toEqual(['X/1', '#c']);
  });
});

it('finds the record from the id of anything in it', () => {
  expect(recordIdOf('abc')).toBe('abc');
  expect(recordIdOf('abc-def')).toBe('abc');
  expect(recordIdOf('abc-def-ghi')).toBe('abc');
});
