import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Json, parseJson, writeJson } from '../../../src/domain/fhir/json.ts';
import { recordBundle } from '../../../src/domain/gp/read-submission.ts';
import {
  contentDigest,
  extractTextOf,
  likelyNhsNumber,
  parseSubmission,
  type SubmissionBody,
} from '../../../src/domain/gp/submission-body.ts';
import { aBundle, aPatient, aStatement } from '../../support/bundles.ts';
import { submissionOf } from '../../support/requests.ts';
import { NAMING } from './making.ts';

const NUMBER = '9990000018';
const { digest } = NAMING;
const RESOURCES = [aPatient(NUMBER, 'A81001'), aStatement('1', { note: [{ text: 'ä ]}" \\' }] })];
const ENTRIES = JSON.stringify(aBundle(RESOURCES, {}), null, 1).replace(/^[^[]*|[^\]]*$/g, '');
const KNOWN = { digest: digest(ENTRIES), length: ENTRIES.length };

/** The text of a body whose entries are these. */
function bodyWith(entries: string, more: object = {}): string {
  const text = JSON.stringify(submissionOf({ ...aBundle([], more), entry: 'HERE' }));
  return text.replace('"HERE"', entries);
}

/** The text of a body with these entries in a Bundle before the record. */
function withAnother(entries: string): string {
  const other = `{"name":"other","resource":{"resourceType":"Bundle","entry":${entries}}},`;
  return bodyWith('[{}]').replace('"parameter":[', `"parameter":[${other}`);
}

function read(text: string, known: typeof KNOWN | null): SubmissionBody {
  const body = parseSubmission(text, known, digest);
  if (!body.ok) throw new Error(body.problem.issues[0].diagnostics);
  return body.value;
}

describe('the body of a submission', () => {
  it('is known by its entries, whatever stands around them', () => {
    for (const text of [bodyWith(ENTRIES), bodyWith(ENTRIES, { timestamp: '2026-03-02' })]) {
      expect(read(text, KNOWN)).toMatchObject({ isKnown: true, entriesText: null });
      expect(read(text, null)).toMatchObject({ isKnown: false, entriesText: ENTRIES });
    }
  });

  it('is read where one character of the entries differs, or there are more', () => {
    const others = [ENTRIES.replace('ä', 'b'), ENTRIES.replace('[', '[ '), `[${ENTRIES}]`, '[]'];
    for (const entries of others) {
      expect(read(bodyWith(entries), KNOWN)).toMatchObject({
        isKnown: false,
        entriesText: entries,
      });
    }
  });

  it('has the same entries whether or not it is written compactly', () => {
    const compact = JSON.stringify(JSON.parse(ENTRIES));
    const bodies = [
      bodyWith(compact),
      bodyWith(compact, { timestamp: '2026-03-02', x: 'ä"entry":[]' }),
      bodyWith('[]'),
      bodyWith('{}'),
      withAnother(compact),
      withAnother('[]'),
      bodyWith(compact).replace('"parameter":[', '"parameter":["x",[{"y":{}}],'),
      bodyWith(compact).replace(/\]}$/, ',[{"y":{}}],"x"]}'),
      '{"resourceType":"Parameters"}',
    ];
    for (const text of bodies) {
      const [known, spaced] = [read(text, null), read(` ${text}`, null)];
      expect(spaced).toStrictEqual({ ...known, isAsWritten: false });
      expect(known).toMatchObject({ isKnown: false });
    }
    expect(read(bodies[0] ?? '', null)).toMatchObject({ entriesText: compact, isAsWritten: true });
  });

  it('has a text as it would be written only where it is that text', () => {
    const compact = JSON.stringify(JSON.parse(ENTRIES));
    for (const entries of [compact, ENTRIES, compact.replace(':', ': '), '[{"a":1.0}]', '[ ]']) {
      const { json, entriesText, isAsWritten } = read(bodyWith(entries), null);
      const written = writeJson(recordBundle(json)?.entry ?? null);
      expect({ entries, isSame: written === entriesText }).toEqual({
        entries,
        isSame: isAsWritten || entries === '[{"a":1.0}]',
      });
    }
  });

  it('is not known by entries that stand elsewhere', () => {
    const elsewhere = [
      `{"entry":${ENTRIES}}`,
      `{"resourceType":"Parameters","parameter":[{"name":"other","resource":{"resourceType":"Bundle","entry":${ENTRIES}}}]}`,
      bodyWith('[]', { x: JSON.stringify(`"entry":${ENTRIES}`) }),
      bodyWith(`[{"resource":{"entry":${ENTRIES}}}]`),
    ];
    for (const text of [...elsewhere, withAnother(ENTRIES)]) {
      expect(read(text, KNOWN)).toEqual(read(text, null));
    }
  });

  it('is known or refused exactly as it would be if its entries were read', () => {
    const whole = bodyWith(ENTRIES);
    const place = fc.nat({ max: whole.length });
    const insert = fc.constantFrom('', '"', '}', ',', '[', ']', '\\', '"entry":[],', '{', ' ');
    fc.assert(
      fc.property(place, insert, fc.nat({ max: 2 }), (at, text, dropped) => {
        const changed = whole.slice(0, at) + text + whole.slice(at + dropped);
        const [known, plain] = [parseSubmission(changed, KNOWN, digest), parseJson(changed)];
        expect(known.ok).toBe(plain.ok);
        if (!known.ok || !plain.ok) {
          expect(known).toEqual(plain);
          return;
        }
        const { json, isKnown } = known.value;
        expect(json).toEqual(isKnown ? emptied(plain.value) : plain.value);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has one digest of its content, known or read, and however it is spaced', () => {
    const more = { identifier: { system: 'urn:x', value: '1' } };
    const plain = read(bodyWith(ENTRIES, more), null);
    const { content } = extractTextOf(plain, 'r', digest) ?? {};
    const spaced = JSON.stringify(JSON.parse(bodyWith(ENTRIES, more)), null, 3);
    const digests = [plain, read(bodyWith(ENTRIES, more), KNOWN), read(spaced, null)].map((body) =>
      contentDigest(body, content ?? '', digest),
    );
    expect(new Set(digests).size).toBe(1);
    expect(extractTextOf(read(spaced, null), 'r', digest)?.content).toBe(content);
    const other = read(bodyWith(ENTRIES, { identifier: { system: 'urn:x', value: '2' } }), null);
    expect(contentDigest(other, content ?? '', digest)).not.toBe(digests[0]);
  });
});

describe('the NHS number that a body looks to be about', () => {
  it('is that of its Patient', () => {
    expect(likelyNhsNumber(bodyWith(ENTRIES))).toBe(NUMBER);
    expect(likelyNhsNumber(JSON.stringify(JSON.parse(bodyWith(ENTRIES)), null, 4))).toBe(NUMBER);
  });

  it('is nobody’s where there is none', () => {
    expect(likelyNhsNumber(bodyWith('[]'))).toBeNull();
    expect(likelyNhsNumber('')).toBeNull();
  });
});

/** A body as it is where its entries are left out. */
function emptied(json: Json): Json {
  const text = JSON.stringify(json, (name, value) => (name === 'entry' ? [] : value));
  return JSON.parse(text);
}
