import { expect, it } from 'vitest';
import type { Entry } from '../../src/domain/record/care-record.ts';
import {
  aCommit,
  aFragment,
  anAuditEntry,
  anEntry,
  aReceipt,
  aRecord,
  recordId,
} from '../support/records.ts';
import { LONG_MS, type Opened } from './contract.ts';

const STRANGE = [
  '😀 👩🏽‍⚕️',
  'e\u0301 is not \u00e9',
  'שלום مرحبا \u202Eabc\u202C',
  'line\u2028para\u2029',
  `quotes " ' \` \\ / < > &`,
  '$where $ne a.b .c d. $',
  ' leading and trailing ',
  'tab\tnewline\r\nnul-ish \u0001\u001f\u007f',
  '\uFEFFbom',
  '1.0',
] as const;

/** Nothing is lost or changed between writing and reading. */
export function fidelityCases(opened: Opened): void {
  it('returns text of every kind as it was written', async () => {
    const { store } = opened();
    for (const [n, text] of STRANGE.entries()) {
      const id = recordId(n + 1);
      const entry = anEntry(n, { labels: [text], codes: [text, text], recordedBy: text });
      const record = aRecord({ id, practice: text, formerPractices: [text], entries: [entry] });
      const receipt = aReceipt(text, { content: text });
      const audit = [anAuditEntry(n, { outcomeDesc: text, query: text, entityNames: [text] })];
      const fragments = [aFragment(text, text)];
      expect(await store.commit(aCommit(record, { fragments, receipt, audit }))).toBe('committed');
      expect(await store.currentRecord(id)).toEqual(record);
      expect(await store.recordVersion(id, 1)).toEqual(record);
      expect(await store.receipt(id, text)).toEqual(receipt);
      expect((await store.searchAudit({ entityNames: [text], limit: 9 })).entries).toEqual(audit);
      const bytes = (await store.fragments(id, [text])).get(text);
      expect(Buffer.from(bytes ?? []).equals(Buffer.from(text))).toBe(true);
    }
  });

  it('keeps sources under keys of every kind', async () => {
    const { store } = opened();
    const source = { version: 1, timestamp: 't', acceptedAt: 'a' };
    const keys = [
      'A81001',
      'a81001',
      'a.b',
      '.',
      '$set',
      '$',
      'constructor',
      'é',
      'e\u0301',
      '😀',
      '',
    ];
    const sources = Object.fromEntries(keys.map((key, n) => [key, { ...source, version: n }]));
    await store.commit(aCommit(aRecord({ sources })));
    expect((await store.currentRecord(recordId(1)))?.sources).toEqual(sources);
  });

  it('tells identifiers apart that differ in case, accent or trailing blank alone', async () => {
    const { store } = opened();
    const ids = ['abc', 'ABC', 'abc ', 'ábc', 'a\u0301bc'];
    for (const id of ids) {
      const parts = { fragments: [aFragment(id, id)], receipt: aReceipt(id) };
      expect(await store.commit(aCommit(aRecord({ id }), parts))).toBe('committed');
    }
    for (const id of ids) {
      expect((await store.currentRecord(id))?.id).toBe(id);
      expect(await store.receipt(id, id)).toEqual(aReceipt(id));
      await expect(store.fragments(id, [id === 'abc' ? 'ABC' : 'abc'])).rejects.toThrow();
    }
    expect(await store.currentRecord('Abc')).toBeNull();
  });

  it('keeps the bytes of a fragment, decimals as written and bytes that are no text', async () => {
    const { store } = opened();
    const decimals = aFragment('decimals', '{"a":1.0,"b":1.00,"c":1e2,"d":0.10,"e":-0.0,"f":1E-7}');
    const raw = { id: 'raw', bytes: Uint8Array.from({ length: 512 }, (_, n) => n % 256) };
    const empty = { id: 'empty', bytes: new Uint8Array(0) };
    const fragments = [decimals, raw, empty];
    await store.commit(aCommit(aRecord(), { fragments }));
    const read = await store.fragments(recordId(1), ['decimals', 'raw', 'empty']);
    for (const { id, bytes } of fragments) {
      expect(Buffer.from(read.get(id) ?? [1]).equals(bytes)).toBe(true);
    }
  });

  it('keeps each optional part of an entry present or absent, and null apart from absent', async () => {
    const { store } = opened();
    const medication = {
      prescription: 'repeat',
      status: 'active',
      start: null,
      end: '2026-01-01',
      issued: null,
    } as const;
    const choice = {
      policy: 'private-entry',
      permits: false,
      organization: 'A81001',
      active: true,
      madeAt: 1772452800123,
      from: null,
      until: -1,
      names: ['x', 'y'],
    } as const;
    const entries = [anEntry(1), anEntry(2, { medication }), anEntry(3, { choice })];
    const record = aRecord({ practice: null, registeredAt: null, entries });
    await store.commit(aCommit(record));
    expect(await store.currentRecord(recordId(1))).toStrictEqual(record);
  });

  it(
    'takes a record at the size limit: 5,000 entries and 8 MiB of text',
    async () => {
      const { store, reopen } = opened();
      const entries = Array.from({ length: 5_000 }, (_, n) => aLargeEntry(n));
      const record = aRecord({ entries });
      const small = Array.from({ length: 64 }, (_, n) => filled(`small-${n}`, 64 * 1024, n));
      const fragments = [...small, filled('large', 4 * 1024 * 1024, 200)];
      expect(await store.commit(aCommit(record, { fragments }))).toBe('committed');
      const again = await reopen();
      expect(await again.currentRecord(record.id)).toEqual(record);
      const read = await again.fragments(
        record.id,
        fragments.map(({ id }) => id),
      );
      for (const { id, bytes } of fragments) {
        expect(Buffer.from(read.get(id) ?? []).equals(bytes)).toBe(true);
      }
    },
    LONG_MS,
  );
}

function aLargeEntry(n: number): Entry {
  const codes = Array.from({ length: 4 }, (_, k) => `http://snomed.info/sct|${n}${k}0000000000`);
  const refs = [`${recordId(1)}-${n}`, `${recordId(1)}-${n + 1}`];
  return anEntry(n, { type: 'MedicationRequest', codes, refs });
}

function filled(id: string, length: number, byte: number) {
  return { id, bytes: new Uint8Array(length).fill(byte) };
}
