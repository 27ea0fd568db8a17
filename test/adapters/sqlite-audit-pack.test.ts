import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkTo, packAsJson, packEntry } from '../../src/adapters/sqlite/audit-pack.ts';
import type { FindValue, PackedEntry } from '../../src/adapters/sqlite/audit-packed.ts';
import { termsOf } from '../../src/adapters/sqlite/audit-terms.ts';
import { foundBy, unpackEntry } from '../../src/adapters/sqlite/audit-unpack.ts';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { storeOn } from '../../src/adapters/sqlite/store.ts';
import type { AuditEntry } from '../../src/domain/audit/entry.ts';
import { aClaim, anAgent, anAuditEntry, auditId, recordId } from '../support/records.ts';

const PATIENT = recordId(7);
const READ = anAuditEntry(1, {
  interaction: 'search-type',
  patient: PATIENT,
  entities: Array.from({ length: 10 }, (_, n) => entity(PATIENT, n)),
  entityNames: ['MedicationStatement'],
  query: `/FHIR/R4/MedicationStatement?patient=${PATIENT}`,
  requestId: auditId(9),
  agent: anAgent({ tokenId: auditId(10) }),
});

function entity(patient: string, n: number): string {
  return `MedicationStatement/${patient}-${recordId(n)}/_history/0123456789abcdef`;
}

/** The same, with its fields in the order of their names. */
function reordered(entry: AuditEntry): object {
  return Object.fromEntries(Object.entries(entry).sort());
}

/** Packs and unpacks; and the form that was chosen. */
function thereAndBack(entry: AuditEntry): { readonly text: string; readonly form: number } {
  const packed = packEntry(entry);
  const back = unpackEntry(packed, findIn(packed));
  return { text: JSON.stringify(back), form: packed.bytes[0] ?? -1 };
}

function findIn({ values }: PackedEntry): FindValue {
  const found = new Map(values.map(({ link, value }) => [link, JSON.parse(value) as unknown]));
  return (link) => found.get(link);
}

/** The terms that an entry is found by, as its bytes say; null where they do not. */
function foundPacked(entry: AuditEntry): readonly string[] | null {
  const packed = packEntry(entry);
  const found = foundBy(packed.bytes, findIn(packed));
  return found && termsOf(found);
}

describe('A packed audit entry', () => {
  it('takes a fifth of its JSON, and comes back as it was', () => {
    const text = JSON.stringify(READ);
    expect(packEntry(READ).bytes.length).toBeLessThan(text.length / 4);
    expect(thereAndBack(READ)).toEqual({ text, form: 1 });
  });

  it.each<[string, Partial<AuditEntry>]>([
    ['without agent and patient', { agent: null, patient: null, query: '/x?patient=1' }],
    ['about resources of others', { entities: [entity(recordId(8), 1), `Patient/${PATIENT}`] }],
    ['about the patient alone', { entities: [`Patient/${PATIENT}/_history/0123456789abcdef`] }],
    ['about versions in upper case', { entities: [`${entity(PATIENT, 1).slice(0, -1)}F`] }],
    ['about ids that are more than ASCII', { entities: [entity(PATIENT, 1), entity('é', 2)] }],
    ['about ids of another length', { entities: [`x/${PATIENT}-0a/_history/0123456789abcdef`] }],
    ['with an alert', { alert: { organization: 'A81001', kind: 'self-claim' } }],
    ['with a claim', { claim: aClaim() }],
    ['of a refusal', { outcome: '4', outcomeDesc: 'forbidden: naïve \u2028 😀' }],
    ['without text', { requestId: '', outcomeDesc: '', query: '' }],
    ['with digits in upper case', { requestId: 'ABCDEF0123456789' }],
    ['with an odd number of digits', { requestId: '0123456789abc' }],
    ['with many digits', { requestId: 'ab'.repeat(300) }],
    ['with much text', { outcomeDesc: 'x'.repeat(70_000) }],
    ['about many resources', { entities: Array.from({ length: 70_000 }, (_, n) => `x/${n}`) }],
  ])('is in parts %s', (_name, changes) => {
    const entry = { ...READ, ...changes };
    expect(thereAndBack(entry)).toEqual({ text: JSON.stringify(entry), form: 1 });
  });

  it.each<[string, object]>([
    ['a field that is not known', { ...READ, later: true }],
    ['its fields in another order', reordered(READ)],
    ['a moment written differently', { ...READ, recorded: '2026-03-02T12:00:00Z' }],
    ['a target with a zero in it', { ...READ, query: 'a\u0000b' }],
    ['a text of many megabytes', { ...READ, outcomeDesc: 'x'.repeat(2 ** 23) }],
  ])('stays JSON with %s', (_name, entry) => {
    expect(thereAndBack(entry as AuditEntry)).toEqual({ text: JSON.stringify(entry), form: 0 });
  });

  it('comes back byte for byte, whatever it holds', () => {
    const id = fc.stringMatching(/^[0-9a-f]{24}$/);
    const text = fc.oneof(fc.string({ unit: 'binary' }), id, fc.uuid());
    const maybe = fc.option(text);
    const agent = fc.record({
      issuer: text,
      subject: text,
      name: maybe,
      organization: text,
      organizationName: maybe,
      role: text,
      purpose: maybe,
      client: maybe,
      tokenId: maybe,
    });
    const parts = fc.record({
      interaction: text,
      outcomeDesc: maybe,
      agent: fc.option(agent),
      patient: maybe,
      entities: fc.array(
        fc.oneof(
          text,
          id.map((some) => entity(some, 1)),
        ),
      ),
      entityNames: fc.array(text),
      query: maybe,
      requestId: text,
    });
    fc.assert(
      fc.property(parts, (changes) => {
        const entry = { ...READ, ...changes };
        expect(thereAndBack(entry).text).toBe(JSON.stringify(entry));
        expect(foundPacked(entry) ?? termsOf(entry)).toEqual(termsOf(entry));
      }),
    );
  });

  it('is not read when its form or what it links to is not known', () => {
    const packed = packEntry(READ);
    const later = { ...packed, bytes: Buffer.of(2) };
    expect(() => unpackEntry(packed, () => undefined)).toThrow('INVARIANT');
    expect(() => unpackEntry(later, findIn(packed))).toThrow('INVARIANT');
    expect(unpackEntry(packAsJson(READ), () => undefined)).toEqual(READ);
  });

  it('is packed whole after one that could not be', () => {
    const huge = { ...aClaim(), note: 'x'.repeat(2 ** 24) };
    expect(() => packEntry({ ...READ, claim: huge })).toThrow(RangeError);
    expect(() => packEntry({ ...READ, recorded: 'never' })).toThrow(TypeError);
    expect(thereAndBack(READ)).toEqual({ text: JSON.stringify(READ), form: 1 });
  });

  it('is found by the same terms, unless it has more than its parts', () => {
    expect(foundPacked(READ)).toEqual(termsOf(READ));
    const other = { ...READ, agent: null, patient: null, outcome: '4', action: 'C' } as const;
    expect(foundPacked(other)).toEqual(termsOf(other));
    expect(foundPacked({ ...READ, alert: { organization: 'A81001', kind: 'self-claim' } })).toBe(
      null,
    );
    expect(foundPacked({ ...READ, query: 'a\u0000b' })).toBe(null);
  });
});

describe('What audit entries have in common', () => {
  let folder: string;
  let database: DatabaseSync;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scr-pack-'));
    database = await openDatabase(join(folder, 'scr.db'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const count = (): unknown => database.prepare('SELECT count(*) AS n FROM audit_value').get()?.n;

  it('is kept once', async () => {
    const store = storeOn(database);
    await store.appendAudit([anAuditEntry(1), anAuditEntry(2)]);
    await store.appendAudit([anAuditEntry(3)]);
    expect((await store.searchAudit({ limit: 9 })).entries).toHaveLength(3);
    expect(count()).toBe(2);
    await store.appendAudit([anAuditEntry(4, { agent: anAgent({ subject: 'other' }) })]);
    expect((await store.searchAudit({ limit: 9 })).entries).toHaveLength(4);
    expect(count()).toBe(3);
    await store.close();
  });

  it('is kept with the entry when another value has its link', async () => {
    const { values } = packEntry(READ);
    const insert = database.prepare('INSERT INTO audit_value (link, value) VALUES (?, ?)');
    for (const { value } of values) insert.run(linkTo(value), '["other"]');
    const store = storeOn(database);
    await store.appendAudit([READ]);
    expect(await store.auditEntry(READ.id)).toEqual(READ);
    expect(count()).toBe(values.length);
    await store.close();
  });

  it('is found by a later entry although an earlier one that brought it was undone', async () => {
    const store = storeOn(database);
    const claim = aClaim({ expiresAt: 'never' });
    // With a claim an append goes to the tables at once: the first one fails there.
    await expect(store.appendAudit([{ ...READ, claim }])).rejects.toThrow(TypeError);
    expect(count()).toBe(0);
    await store.appendAudit([READ]);
    expect(await store.auditEntry(READ.id)).toEqual(READ);
    await store.close();
  });
});
